"""Speech to text with whisperX: pyannote's voice activity, batches of Whisper, words by alignment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexing.engines import torchaudio_shim, torchvision_shim
from indexing.engines.speech import RATE, Segment, Word, speech_spans, tidy

BATCH = 4
BEFORE, AFTER = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"  # marks that belong to a word  # noqa: RUF001


class WhisperX:
    """whisperX with local weights. Word times come from Whisper's own attention, as in faster-whisper:
    whisperX's aligner needs a wav2vec2 model for each language."""

    name = "whisperx"

    def __init__(self, folder: Path, threads: int = 1) -> None:
        whisperx, device = _whisperx()
        self._pipeline = whisperx.load_model(
            str(folder),
            device,
            compute_type="int8",
            vad_method="pyannote",
            local_files_only=True,
            threads=threads,
        )

    def transcribe(self, samples: np.ndarray, language: str = "") -> Iterator[Segment]:
        """See Transcriber. The language is whisperX's own guess from the first 30 seconds; a model that knows
        only English is not asked."""
        sound = tidy(samples)
        if not speech_spans(sound):
            return
        known = None if self._pipeline.model.model.is_multilingual else "en"
        found = self._pipeline.transcribe(sound, batch_size=BATCH, language=known)
        for part in found["segments"]:
            if part["text"].strip() and part["avg_logprob"] >= -1.5:
                yield self._segment(part, sound, found["language"])

    def _segment(self, part: dict[str, Any], sound: np.ndarray, language: str) -> Segment:
        words = self._words(part, sound, language)
        likely = np.mean([word.confidence for word in words]) if words else np.exp(part["avg_logprob"])
        return Segment(
            part["text"].strip(), part["start"], part["end"], language, min(1.0, float(likely)), words
        )

    def _words(self, part: dict[str, Any], sound: np.ndarray, language: str) -> list[Word]:
        """The words of a part, placed by the attention of the decoder (faster-whisper's alignment)."""
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


def _word(word: dict[str, Any], start: float, end: float) -> Word:
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
