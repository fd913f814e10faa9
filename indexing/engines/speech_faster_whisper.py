"""Whisper on CTranslate2 through faster-whisper, the light path to text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexing.engines.speech import RATE, Segment, Word, speech_spans, tidy
from indexing.engines.speech_languages import Guess, Stretch, heard, stretches
from indexing.engines.speech_suppression import doubt, echoes

BEAM = 5  # hypotheses kept while decoding, as in the Whisper paper
PROBE = 5.0  # seconds from which a language is guessed first
CERTAIN = 0.9  # probability from which that guess is taken: below it readings in English were called Latin
HINTS = 200  # characters of hints in a prompt: about 60 tokens


class FasterWhisper:
    """Whisper, int8 on the CPU. Silence is left out by the Silero model in faster-whisper's package."""

    name = "faster-whisper"

    def __init__(self, folder: Path, threads: int = 1) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(
            str(folder), device="auto", compute_type="int8", cpu_threads=threads, local_files_only=True
        )

    def transcribe(
        self, samples: np.ndarray, language: str = "", hints: Sequence[str] = ()
    ) -> Iterator[Segment]:
        """See Transcriber."""
        sound = tidy(samples)
        for stretch in stretches(sound, speech_spans(sound), self._detect, language):
            yield from self._stretch(sound[stretch.start : stretch.end], stretch, hints)

    def _stretch(self, sound: np.ndarray, stretch: Stretch, hints: Sequence[str]) -> Iterator[Segment]:
        previous, offset = "", stretch.start / RATE
        language, segments = heard(stretch, lambda spoken: self._decode(sound, spoken, hints), _weight)
        for segment in segments:
            text = segment.text.strip()
            if text:
                reason = doubt(segment, previous) or echoes(text, hints)
                yield _segment(segment, offset, language, reason)
            previous = text

    def _decode(self, sound: np.ndarray, language: str, hints: Sequence[str]) -> list[Any]:
        segments, _ = self._model.transcribe(
            sound,
            language=language,
            beam_size=BEAM,
            temperature=0.0,
            vad_filter=True,
            vad_parameters={"min_silence_duration_ms": 500, "speech_pad_ms": 200},
            word_timestamps=True,
            condition_on_previous_text=False,
            hallucination_silence_threshold=2.0,
            hotwords=prompt(hints) or None,
        )
        return list(segments)

    def _detect(self, sound: np.ndarray) -> Guess:
        return detect(self._model, sound)


def detect(model: Any, sound: np.ndarray) -> Guess:
    """Probabilities by language of some seconds of speech.

    `model` is a faster_whisper.WhisperModel. Its first seconds are looked at alone, without the padding to 30
    seconds that Whisper was trained with: a tenth of the cost, and right where it is CERTAIN. Where it is
    not, all of the sound is looked at as Whisper expects it.
    """
    from faster_whisper.audio import pad_or_trim

    if not model.model.is_multilingual:
        return {"en": 1.0}
    quick = _probabilities(model, model.feature_extractor(sound[: int(PROBE * RATE)], padding=0))
    if max(quick.values()) >= CERTAIN:
        return quick
    frames = model.feature_extractor.nb_max_frames
    return _probabilities(model, pad_or_trim(model.feature_extractor(sound), frames))


def _probabilities(model: Any, features: np.ndarray) -> Guess:
    encoded = model.encode(features[:, : model.feature_extractor.nb_max_frames])
    return {token[2:-2]: share for token, share in model.model.detect_language(encoded)[0]}


def prompt(hints: Sequence[str]) -> str:
    """As many of the hints, the first ones, as a prompt of HINTS characters holds."""
    chosen = ""
    for hint in hints:
        longer = f"{chosen}, {hint}" if chosen else hint
        if len(longer) <= HINTS:
            chosen = longer
    return chosen


def _weight(segment: Any) -> tuple[float, int]:
    """Its mean log probability and number of tokens, none where it is made up: loops are very probable."""
    return float(segment.avg_logprob), 0 if doubt(segment, "") else len(segment.tokens)


def _segment(segment: Any, offset: float, language: str, suppressed: str) -> Segment:
    words = [
        Word(word.word.strip(), offset + word.start, offset + word.end, min(1.0, float(word.probability)))
        for word in segment.words or ()
        if word.word.strip()
    ]
    likely = np.mean([word.confidence for word in words]) if words else np.exp(segment.avg_logprob)
    return Segment(
        text=segment.text.strip(),
        start=offset + float(segment.start),
        end=offset + float(segment.end),
        language=language,
        confidence=min(1.0, float(likely)),
        words=words,
        no_speech=float(segment.no_speech_prob),
        suppressed=suppressed,
    )
