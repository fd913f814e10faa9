"""Captioning networks are loaded from a folder and nowhere else: tiny ones, made and taught on the spot."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexing.engines.captioner import TransformersCaptioner
from indexing.engines.torchvision_shim import declare_operators

declare_operators()
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "dark", "bright", "night", "day"]
DEC = len(WORDS)
"""BLIP's sign that a caption begins, after the words of the tokenizer."""
DARK, BRIGHT = (np.full((40, 60, 3), grey, np.uint8) for grey in (10, 240))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(f"the network was asked for: {arguments}")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def blip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BLIP of 16 dimensions that was taught two captions, in files like the published ones."""
    import torch
    from transformers import (
        BertTokenizerFast,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
    )

    folder = tmp_path_factory.mktemp("blip")
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    shape = {"hidden_size": 16, "intermediate_size": 16, "projection_dim": 8, "num_hidden_layers": 1}
    signs = {"bos_token_id": DEC, "pad_token_id": 0, "eos_token_id": 2, "sep_token_id": 3}
    words = {"vocab_size": DEC + 1, "encoder_hidden_size": 16, "max_position_embeddings": 40}
    torch.manual_seed(0)
    network = BlipForConditionalGeneration(
        BlipConfig(
            text_config={**shape, **signs, **words, "num_attention_heads": 2, "label_smoothing": 0.0},
            vision_config={**shape, "num_attention_heads": 2, "image_size": 32, "patch_size": 16},
        )
    )
    processor = BlipProcessor(
        BlipImageProcessor(size={"height": 32, "width": 32}), BertTokenizerFast(str(folder / "vocab.txt"))
    )
    teach(network, processor(images=[DARK, BRIGHT], return_tensors="pt").pixel_values)
    network.save_pretrained(folder, safe_serialization=False)
    processor.save_pretrained(folder)
    return folder


def teach(network: Any, pixels: Any) -> None:
    """A dark night, a bright day."""
    import torch

    captions = torch.tensor([[DEC, 5, 6, 8, 3], [DEC, 5, 7, 9, 3]])
    steps = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(60):
        steps.zero_grad()
        network(pixel_values=pixels, input_ids=captions, labels=captions).loss.backward()
        steps.step()


def test_each_picture_gets_its_own_sentence(blip: Path) -> None:
    told = TransformersCaptioner(blip, threads=1).describe([DARK, BRIGHT, BRIGHT, DARK, DARK])
    assert [sentence.text for sentence in told] == [
        "A dark night.",
        "A bright day.",
        "A bright day.",
        "A dark night.",
        "A dark night.",
    ]
    assert all(0.5 < sentence.confidence <= 1.0 for sentence in told)
    assert TransformersCaptioner(blip).describe([]) == []


def test_a_folder_without_a_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises((OSError, ValueError)):
        TransformersCaptioner(tmp_path)


def test_code_beside_the_weights_is_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    (tmp_path / "modeling.py").write_text(f"open({str(trap)!r}, 'w').close()\n")
    where = {
        "AutoModelForImageTextToText": "modeling.Net",
        "AutoConfig": "modeling.Config",
        "AutoProcessor": "modeling.P",
    }
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "trap", "auto_map": where}))
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"auto_map": where}))
    with pytest.raises((OSError, ValueError)):
        TransformersCaptioner(tmp_path)
    assert not trap.exists()


def test_florence_is_asked_for_a_caption(tmp_path: Path) -> None:
    make_florence(tmp_path)
    (sentence,) = TransformersCaptioner(tmp_path, threads=1).describe([BRIGHT])
    assert 0.0 < sentence.confidence <= 1.0


def make_florence(folder: Path) -> None:
    """A Florence-2 of 16 dimensions and the alphabet of bytes, untaught."""
    import torch
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import (
        BartTokenizerFast,
        CLIPImageProcessor,
        Florence2Config,
        Florence2ForConditionalGeneration,
        Florence2Processor,
    )

    signs = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<image>"]
    letters = {sign: number for number, sign in enumerate([*signs, *sorted(ByteLevel.alphabet())])}
    (folder / "vocab.json").write_text(json.dumps(letters))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = BartTokenizerFast(
        str(folder / "vocab.json"),
        str(folder / "merges.txt"),
        extra_special_tokens={"image_token": "<image>"},
    )
    size = {"height": 64, "width": 64}
    pictures = CLIPImageProcessor(size=size, crop_size=size, do_center_crop=False)
    pictures.image_seq_length = 65
    torch.manual_seed(0)
    sides = {
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 16,
        "decoder_ffn_dim": 16,
    }
    network = Florence2ForConditionalGeneration(
        Florence2Config(
            text_config={
                **sides,
                "model_type": "bart",
                "vocab_size": len(letters),
                "d_model": 16,
                "max_position_embeddings": 200,
            },
            vision_config={
                "depths": (1, 1),
                "patch_size": (7, 3),
                "patch_stride": (4, 2),
                "patch_padding": (3, 1),
                "patch_prenorm": (False, True),
                "embed_dim": (8, 16),
                "num_heads": (2, 2),
                "num_groups": (2, 2),
                "window_size": 4,
                "projection_dim": 16,
            },
            image_token_id=letters["<image>"],
        )
    )
    network.save_pretrained(folder)
    Florence2Processor(pictures, tokenizer).save_pretrained(folder)
