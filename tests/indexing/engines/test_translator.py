"""Translators are opened by what lies in their folder, and translate in batches, in order."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexing import weights
from indexing.engines import translator
from indexing.engines.translator import TranslatorError, open_translator

PIECES = ("▁bom", "▁dia", "▁noite", "▁boa", "▁adeus")
DEPTH = 64
SENTENCES = ("bom dia", "", "noite", "adeus boa noite", "bom bom dia")


def save_echo(folder: Path, languages: tuple[str, ...] = ()) -> None:
    """A Transformer of one layer for CTranslate2 whose last state is that of the token before.

    Embeddings are orthogonal and every sublayer adds next to nothing, so that it says for each token the
    one that follows it in the vocabulary: after the start ▁bom, then ▁dia, ... and at last </s>.
    """
    from ctranslate2.specs import transformer_spec

    vocabulary = ["</s>", "<unk>", "<pad>", *(f"__{each}__" for each in languages), *PIECES]
    spec: Any = transformer_spec.TransformerSpec.from_config((1, 1), 2)
    _fill(spec, len(vocabulary))
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_eos = not languages
    spec.config.decoder_start_token = "<pad>" if not languages else "</s>"
    spec.validate()
    spec.save(str(folder))


def _fill(spec: Any, size: int) -> None:
    """Embeddings that are the unit vectors; a projection that shifts them by one; all else adds little."""
    units = np.eye(size, DEPTH, dtype=np.float32)
    spec.decoder.projection.weight = np.roll(units, 1, axis=0)
    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = units
        side.position_encodings.encodings = np.zeros((64, DEPTH), np.float32)
        side.scale_embeddings = False
        side.layer_norm.gamma, side.layer_norm.beta = np.ones(DEPTH, np.float32), np.zeros(DEPTH, np.float32)
        for layer in side.layer:
            for part in filter(None, (layer.self_attention, getattr(layer, "attention", None))):
                _silence(part.linear, part.layer_norm)
            _silence((layer.ffn.linear_0, layer.ffn.linear_1), layer.ffn.layer_norm)


def _silence(linears: Any, norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(DEPTH, np.float32), np.zeros(DEPTH, np.float32)
    for linear, rows in zip(linears, (3, 1) if len(linears) == 2 else (1, 2, 1), strict=True):
        linear.weight = np.full((rows * DEPTH, DEPTH), 1e-4, np.float32)
        linear.bias = np.zeros(rows * DEPTH, np.float32)


def save_pieces(folder: Path, *names: str) -> None:
    """SentencePiece models that know the words of PIECES."""
    import sentencepiece

    words = [piece.removeprefix("▁") for piece in PIECES]
    text = folder / "text"
    text.write_text("\n".join(" ".join(np.random.default_rng(n).permutation(words)) for n in range(60)))
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(folder / "made"), vocab_size=40, hard_vocab_limit=False,
        model_type="word", minloglevel=2,
    )  # fmt: skip
    for name in names:
        (folder / name).write_bytes((folder / "made.model").read_bytes())


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opus")
    save_echo(folder)
    save_pieces(folder, "source.spm", "target.spm")
    return folder


@pytest.fixture(scope="module")
def m2m(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("m2m")
    save_echo(folder, ("en", "pt"))
    save_pieces(folder, "sentencepiece.bpe.model")
    return folder


def test_an_opus_model_translates_every_sentence_in_order(opus: Path) -> None:
    found = open_translator(opus).translate(SENTENCES, "en", "pt")
    assert [bool(each) for each in found] == [bool(each) for each in SENTENCES]
    assert found[0] == "bom dia noite boa adeus"


def test_more_sentences_than_a_batch_are_all_translated(opus: Path) -> None:
    found = open_translator(opus).translate(["bom dia"] * (2 * translator.BATCH + 1), "en", "pt")
    assert found == [found[0]] * (2 * translator.BATCH + 1)


def test_m2m100_is_told_the_language_and_does_not_say_it(m2m: Path) -> None:
    found = open_translator(m2m).translate(["bom dia", ""], "en", "pt")
    assert found == ["bom dia noite boa adeus", ""]
    with pytest.raises(TranslatorError, match="'xx'"):
        open_translator(m2m).translate(["bom dia"], "en", "xx")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TranslatorError, match="no translation model"):
        open_translator(tmp_path)


def test_a_broken_model_and_missing_pieces_are_refused(tmp_path: Path, opus: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    (tmp_path / "config.json").write_text(json.dumps({}))
    with pytest.raises(TranslatorError, match="cannot be read"):
        open_translator(tmp_path)
    for name in ("model.bin", "config.json", "shared_vocabulary.json"):
        (tmp_path / name).write_bytes((opus / name).read_bytes())
    with pytest.raises(TranslatorError, match=r"source\.spm"):
        open_translator(tmp_path)


def test_a_broken_firefox_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fxtranslate", reason="fxtranslate is not installed")
    (tmp_path / "model.enpt.bin").write_bytes(b"not a model")
    with pytest.raises(TranslatorError, match="vocabulary"):
        open_translator(tmp_path)
    (tmp_path / "vocab.enpt.spm").write_bytes(b"not a vocabulary")
    with pytest.raises(TranslatorError, match="cannot be read"):
        open_translator(tmp_path)


@pytest.mark.models
def test_english_becomes_portuguese_and_comes_back() -> None:
    pytest.importorskip("fxtranslate", reason="fxtranslate is not installed")
    for name in ("firefox-en-pt", "firefox-pt-en"):
        if not weights.available(name):
            pytest.skip(weights.shelf().reason(name))
    there = open_translator(weights.path("firefox-en-pt"))
    back = open_translator(weights.path("firefox-pt-en"))
    began = time.process_time()
    portuguese = there.translate(
        ["The boats left the harbour.", " ", "My father was a fisherman."], "en", "pt"
    )
    english = back.translate(portuguese, "pt", "en")
    assert time.process_time() - began < 5
    assert ["barcos" in portuguese[0], portuguese[1], "pescador" in portuguese[2]] == [True, "", True]
    assert english[2] == "My father was a fisherman."
