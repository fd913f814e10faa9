"""Word times by forced alignment: whisperX's aligner on local wav2vec2 weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from indexing.engines.speech import Word

PUNKT = ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab")


class Aligner:
    """Places the words of known text in sound. `folder` holds a wav2vec2 model with a CTC head over letters.

    Raises ValueError where the folder holds no such model.
    """

    def __init__(self, folder: Path, language: str, device: str = "cpu") -> None:
        import nltk
        from whisperx import load_align_model

        self._sentences = TemporaryDirectory()
        nltk.data.path.insert(0, _no_sentence_rules(Path(self._sentences.name), language))
        self._device = device
        self._model, self._labels = load_align_model(
            language, device, model_name=str(folder), model_cache_only=True
        )

    def words(self, text: str, start: float, end: float, sound: np.ndarray) -> list[Word]:
        """The words of the text said from `start` to `end` (seconds) of the sound (mono, 16 kHz).

        Confidence is the mean probability of the letters. Empty where the text cannot be placed.
        """
        from whisperx import align

        part = {"text": text, "start": start, "end": end}
        aligned = align([part], self._model, self._labels, sound, self._device)
        return _words(aligned["word_segments"], start, end)


def _words(found: Sequence[dict[str, Any]], start: float, end: float) -> list[Word]:
    """Aligned words; one of unknown letters takes the time between its neighbours."""
    if not any("start" in word for word in found):
        return []
    words, last = [], start
    for number, word in enumerate(found):
        following = next((each["start"] for each in found[number + 1 :] if "start" in each), end)
        first = min(max(word.get("start", last), last), end)
        last = min(max(first, word.get("end", following)), end)
        words.append(Word(word["word"].strip(), float(first), float(last), float(word.get("score", 0.0))))
    return words


def _no_sentence_rules(folder: Path, language: str) -> str:
    """A folder of NLTK data without rules: whisperX asks for some, and would ask the network, but the text
    comes a segment at a time and is cut into sentences by us."""
    from whisperx.utils import PUNKT_LANGUAGES

    rules = folder / "tokenizers" / "punkt_tab" / PUNKT_LANGUAGES.get(language, "english")
    rules.mkdir(parents=True)
    for name in PUNKT:
        (rules / name).touch()
    return str(folder)
