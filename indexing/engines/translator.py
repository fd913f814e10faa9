"""Text from one language into another: Firefox's models on fxtranslate, OPUS-MT and M2M100 on CTranslate2."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

BATCH = 32  # sentences translated at a time
BEAM = 2
LONGEST = 256  # tokens of a sentence, and of its translation
END = "</s>"


class TranslatorError(Exception):
    """A translator cannot be opened or asked for that pair of languages; the message is for a person."""


class Translator(Protocol):
    """Translates. Models differ; what they are given and give back does not."""

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each sentence, in order; empty for what has no words.

        `source` and `target` are primary language subtags ("en", "pt"). Raises TranslatorError where the
        model does not know them.
        """
        ...


def open_translator(folder: Path, threads: int = 1) -> Translator:
    """The translator of a folder, told by its files. Raises TranslatorError where it holds none.

    Firefox: `model.*.bin` and `vocab.*.spm` (or `srcvocab.*.spm` and `trgvocab.*.spm`). CTranslate2:
    `model.bin` and `config.json` with `source.spm` and `target.spm` (OPUS-MT) or `sentencepiece.bpe.model`
    (M2M100).
    """
    if (folder / "model.bin").exists():
        many = (folder / "sentencepiece.bpe.model").exists()
        return M2M100(folder, threads) if many else OpusMT(folder, threads)
    if list(folder.glob("model.*.bin")):
        return Firefox(folder)
    raise TranslatorError(f"There is no translation model in {folder.name}: neither CTranslate2 nor Firefox.")


class Firefox:
    """A model of Firefox Translations, which knows one direction; int8 on one core."""

    def __init__(self, folder: Path) -> None:
        try:
            import fxtranslate
        except ImportError as problem:
            raise TranslatorError(
                "Models of Firefox need the package fxtranslate: pip install fxtranslate"
            ) from problem
        source, target = (_vocabulary(folder, side) for side in ("src", "trg"))
        model = next(folder.glob("model.*.bin")).read_bytes()
        try:
            self._engine = fxtranslate.Translator(model=model, src_vocab=source, trg_vocab=target)
        except ValueError as problem:
            raise TranslatorError(f"The model in {folder.name} cannot be read: {problem}.") from problem

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        return [self._engine.translate_long(each).strip() if each.strip() else "" for each in sentences]


def _vocabulary(folder: Path, side: str) -> bytes:
    found = [*folder.glob(f"{side}vocab.*.spm"), *folder.glob("vocab.*.spm")]
    if not found:
        raise TranslatorError(f"There is no vocabulary beside the model in {folder.name}.")
    return found[0].read_bytes()


class _CTranslate2:
    """What models on CTranslate2 have in common; int8."""

    def __init__(self, folder: Path, threads: int) -> None:
        import ctranslate2

        try:
            self._model = ctranslate2.Translator(
                str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
            )
        except (RuntimeError, ValueError) as problem:
            raise TranslatorError(f"The model in {folder.name} cannot be read: {problem}.") from problem

    def _decoded(self, tokens: Sequence[list[str]], prefix: str = "") -> list[list[str]]:
        results = self._model.translate_batch(
            tokens,
            target_prefix=[[prefix]] * len(tokens) if prefix else None,
            max_batch_size=BATCH,
            max_input_length=LONGEST,
            beam_size=BEAM,
            max_decoding_length=LONGEST,
        )
        return [result.hypotheses[0][1 if prefix else 0 :] for result in results]


class OpusMT(_CTranslate2):
    """An OPUS-MT (Marian) model converted for CTranslate2, which knows one direction."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        super().__init__(folder, threads)
        self._source, self._target = (_pieces(folder / f"{side}.spm") for side in ("source", "target"))
        ends = json.loads((folder / "config.json").read_text()).get("add_source_eos", False)
        self._end: list[str] = [] if ends else [END]

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        tokens = [self._source.encode(each, out_type=str) for each in sentences]
        decoded = self._decoded([[*each, *self._end] for each in tokens if each])
        return _in_order(tokens, [self._target.decode(each) for each in decoded])


class M2M100(_CTranslate2):
    """M2M100 converted for CTranslate2: any of a hundred languages into any other."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        super().__init__(folder, threads)
        self._spm = _pieces(folder / "sentencepiece.bpe.model")
        self._known = set(json.loads((folder / "shared_vocabulary.json").read_text()))

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        before, after = (self._mark(language) for language in (source, target))
        tokens = [self._spm.encode(each, out_type=str) for each in sentences]
        decoded = self._decoded([[before, *each, END] for each in tokens if each], prefix=after)
        return _in_order(tokens, [self._spm.decode(each) for each in decoded])

    def _mark(self, language: str) -> str:
        mark = f"__{language}__"
        if mark not in self._known:
            raise TranslatorError(f"The model does not know the language {language!r}.")
        return mark


def _in_order(tokens: Sequence[list[str]], translated: Sequence[str]) -> list[str]:
    """The translations of the sentences that have tokens, and nothing for the others."""
    waiting = iter(translated)
    return [next(waiting).strip() if each else "" for each in tokens]


def _pieces(path: Path) -> Any:
    from sentencepiece import SentencePieceProcessor

    if not path.exists():
        raise TranslatorError(f"There is no {path.name} in {path.parent.name}.")
    return SentencePieceProcessor(model_file=str(path))
