"""Speech to text with whisperX: pyannote's voice activity, batches of Whisper, words by alignment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from indexing.engines import torchaudio_shim, torchvision_shim
from indexing.engines.cache import loaded
from indexing.engines.speech import RATE, Segment, Word, speech_spans, tidy
from indexing.engines.speech_aligner import Aligner
from indexing.engines.speech_faster_whisper import detect, prompt
from indexing.engines.speech_languages import Stretch, heard, stretches
from indexing.engines.speech_suppression import IMPROBABLE, LOOPING, compression, echoes

BATCH = 4
BEFORE, AFTER = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"  # marks that belong to a word  # noqa: RUF001


class WhisperX:
    """whisperX with local weights. Words are placed by the aligner of their language where `aligners` gives
    its folder, else by Whisper's own attention, as in faster-whisper."""

    name = "whisperx"

    def __init__(
        self,
        folder: Path,
        threads: int = 1,
        aligners: Callable[[str], Path | None] = lambda language: None,
    ) -> None:
        whisperx, self._device = _whisperx()
        self._aligners = aligners
        self._pipeline = whisperx.load_model(
            str(folder),
            self._device,
            compute_type="int8",
            vad_method="pyannote",
            local_files_only=True,
            threads=threads,
        )

    def transcribe(
        self, samples: np.ndarray, language: str = "", hints: Sequence[str] = ()
    ) -> Iterator[Segment]:
        """See Transcriber."""
        sound = tidy(samples)
        self._pipeline.options = replace(
            self._pipeline.options, temperatures=[0.0], hotwords=prompt(hints) or None, multilingual=False
        )
        for stretch in stretches(sound, speech_spans(sound), self._detect, language):
            yield from self._stretch(sound[stretch.start : stretch.end], stretch, hints)

    def _detect(self, sound: np.ndarray) -> Mapping[str, float]:
        return detect(self._pipeline.model, sound)

    def _stretch(self, sound: np.ndarray, stretch: Stretch, hints: Sequence[str]) -> Iterator[Segment]:
        previous, offset = "", stretch.start / RATE
        language, parts = heard(stretch, lambda spoken: self._parts(sound, spoken), _weight)
        for part in parts:
            text = part["text"].strip()
            if text:
                reason = _doubt(part, previous) or echoes(text, hints)
                yield self._segment(part, sound, offset, language, reason)
            previous = text

    def _parts(self, sound: np.ndarray, language: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._pipeline.transcribe(
            sound, batch_size=BATCH, language=language
        )["segments"]
        return found

    def _segment(
        self, part: Mapping[str, Any], sound: np.ndarray, offset: float, language: str, suppressed: str
    ) -> Segment:
        words = [
            word._replace(start=word.start + offset, end=word.end + offset)
            for word in self._words(part, sound, language)
        ]
        likely = np.mean([word.confidence for word in words]) if words else np.exp(part["avg_logprob"])
        return Segment(
            text=part["text"].strip(),
            start=part["start"] + offset,
            end=part["end"] + offset,
            language=language,
            confidence=min(1.0, float(likely)),
            words=words,
            suppressed=suppressed,
        )

    def _words(self, part: Mapping[str, Any], sound: np.ndarray, language: str) -> list[Word]:
        """The words of a part of the sound, by the aligner where there is one and it can place them."""
        folder = self._aligners(language)
        if folder:
            aligner = loaded(("aligner", folder), lambda: Aligner(folder, language, self._device))
            words = aligner.words(part["text"].strip(), part["start"], part["end"], sound)
            if words:
                return words
        return self._attended(part, sound, language)

    def _attended(self, part: Mapping[str, Any], sound: np.ndarray, language: str) -> list[Word]:
        """The words placed by the attention of the decoder (faster-whisper's alignment)."""
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer

        model = self._pipeline.model
        tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, "transcribe", language)
        features = model.feature_extractor(sound[int(part["start"] * RATE) : int(part["end"] * RATE)])
        frames = min(features.shape[-1] - 1, model.feature_extractor.nb_max_frames)
        piece = {
            "seek": 0, "start": 0.0, "end": frames / model.frames_per_second,
            "tokens": tokenizer.encode(" " + part["text"].strip()),
        }  # fmt: skip
        encoded = model.encode(pad_or_trim(features[:, :frames]))
        model.add_word_timestamps([[piece]], tokenizer, encoded, frames, BEFORE, AFTER, 0.0)
        return [
            _word(word, part["start"], part["end"]) for word in piece.get("words", ()) if word["word"].strip()
        ]


def _doubt(part: Mapping[str, Any], previous: str) -> str:
    """Why a part is made up, or nothing. whisperX does not say how probable silence is."""
    if compression(part["text"]) > LOOPING or part["text"].strip() == previous:
        return "repetition"
    return "improbable" if part["avg_logprob"] < IMPROBABLE else ""


def _weight(part: Mapping[str, Any]) -> tuple[float, int]:
    """Its mean log probability and length, none where it is made up. whisperX does not count tokens, so
    letters stand for them."""
    return float(part["avg_logprob"]), 0 if _doubt(part, "") else len(part["text"])


def _word(word: Mapping[str, Any], start: float, end: float) -> Word:
    first, last = (min(max(start + float(word[edge]), start), end) for edge in ("start", "end"))
    return Word(word["word"].strip(), first, max(first, last), min(1.0, float(word["probability"])))


def _whisperx() -> tuple[Any, str]:
    """The package and the device to run on, with pyannote's telemetry off before it can be read."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    torchvision_shim.declare_operators()
    torchaudio_shim.install()
    import torch
    import whisperx

    return whisperx, "cuda" if torch.cuda.is_available() else "cpu"
