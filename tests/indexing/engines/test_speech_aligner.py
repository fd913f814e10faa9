"""Forced alignment with wav2vec2 weights made on the spot: the path is real, the network knows nothing."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import numpy as np
import pytest

from indexing.engines import torchaudio_shim, torchvision_shim
from indexing.engines.speech import RATE

LETTERS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghijklmnopqrstuvwxyz'"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torchvision_shim.declare_operators()
    torchaudio_shim.install()
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2ForCTC

    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("wav2vec2-en")
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    Wav2Vec2ForCTC(
        Wav2Vec2Config(
            **small, conv_dim=(8,) * 7, vocab_size=len(LETTERS), num_conv_pos_embeddings=4,
            num_conv_pos_embedding_groups=2, pad_token_id=0,
        )
    ).save_pretrained(path)  # fmt: skip
    (path / "vocab.json").write_text(json.dumps({letter: n for n, letter in enumerate(LETTERS)}))
    sound = {"feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": RATE, "feature_size": 1}
    (path / "preprocessor_config.json").write_text(json.dumps(sound))
    return path


def test_every_word_is_placed_in_order_without_the_network(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(f"the network was asked for: {arguments}")

    from indexing.engines.speech_aligner import Aligner

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    sound = np.random.default_rng(3).normal(0, 0.1, 4 * RATE).astype(np.float32)
    words = Aligner(folder, "en").words("It was 1927. Late, I think", 1.0, 3.5, sound)
    assert [word.text for word in words] == ["It", "was", "1927.", "Late,", "I", "think"]
    edges = [edge for word in words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[0] >= 1.0
    assert edges[-1] <= 3.5
    assert all(0 <= word.confidence <= 1 for word in words)


def test_text_that_cannot_be_placed_gives_no_words(folder: Path) -> None:
    from indexing.engines.speech_aligner import Aligner

    aligner = Aligner(folder, "en")
    assert aligner.words("...", 5.0, 6.0, np.zeros(RATE, np.float32)) == []


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    from indexing.engines.speech_aligner import Aligner

    with pytest.raises(ValueError, match="could not be found"):
        Aligner(tmp_path, "en")
