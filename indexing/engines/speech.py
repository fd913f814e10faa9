"""Speech to text: sound goes in a window at a time, segments with timed words come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

RATE = 16_000  # samples a second
SHORTEST = 0.1  # seconds; less holds no word
WINDOW = 300.0  # seconds transcribed at a time: about 20 MB of sound
TAIL = 30.0  # seconds at a window's end in which a silence to cut at is looked for
DOUBTFUL = 0.5  # probability below which a language is taken from the window before


class Word(NamedTuple):
    """A word with its seconds and the mean probability of its tokens (0..1)."""

    text: str
    start: float
    end: float
    confidence: float


class Segment(NamedTuple):
    """What was said from `start` to `end` (seconds), in a language (BCP 47).

    `confidence` is the mean confidence of its words, or without words exp(mean log probability of its
    tokens); `no_speech` is the model's probability that nobody speaks.
    """

    text: str
    start: float
    end: float
    language: str
    confidence: float
    words: Sequence[Word] = ()
    no_speech: float = 0.0


class Transcriber(Protocol):
    """Turns a stretch of sound into text. Models differ; what they are given and give back does not."""

    def transcribe(self, samples: np.ndarray, language: str = "") -> Iterator[Segment]:
        """Segments in order, seconds from the first sample; none where nobody speaks.

        `samples` is mono float32 of shape (n,) in -1..1 at 16 kHz, of any length; what is not a number counts
        as silence. `language` is used where the sound leaves it in doubt.
        """
        ...


class FasterWhisper:
    """Whisper on CTranslate2, int8 on the CPU. Silence is left out by the Silero model in its package."""

    name = "faster-whisper"

    def __init__(self, folder: Path, threads: int = 1) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(
            str(folder), device="auto", compute_type="int8", cpu_threads=threads, local_files_only=True
        )

    def transcribe(self, samples: np.ndarray, language: str = "") -> Iterator[Segment]:
        sound = tidy(samples)
        if not speech_spans(sound):
            return
        segments, info = self._decode(sound, None)
        if language and info.language_probability < DOUBTFUL and info.language != language:
            segments, info = self._decode(sound, language)
        previous = ""
        for segment in segments:
            if is_credible(segment) and segment.text.strip() != previous:
                yield _segment(segment, info.language)
            previous = segment.text.strip()

    def _decode(self, sound: np.ndarray, language: str | None) -> tuple[Iterable[Any], Any]:
        segments, info = self._model.transcribe(
            sound,
            language=language,
            beam_size=5,
            temperature=(0.0, 0.2, 0.4),
            vad_filter=True,
            vad_parameters={"min_silence_duration_ms": 500, "speech_pad_ms": 200},
            word_timestamps=True,
            condition_on_previous_text=False,
            hallucination_silence_threshold=2.0,
        )
        return segments, info


def is_credible(segment: Any) -> bool:
    """False for what Whisper makes up: text over silence, in loops, or of improbable words.

    The first two limits are those of the Whisper paper (Radford et al. 2022, section 4.5).
    """
    silent = segment.no_speech_prob > 0.6 and segment.avg_logprob < -1.0
    looping = segment.compression_ratio > 2.4
    guessed = segment.avg_logprob < -1.5
    return bool(segment.text.strip()) and not (silent or looping or guessed)


def tidy(samples: np.ndarray) -> np.ndarray:
    """Contiguous mono float32 in -1..1, silence for what is not a number."""
    sound = np.nan_to_num(np.asarray(samples, np.float32).ravel(), nan=0.0, posinf=0.0, neginf=0.0)
    return np.ascontiguousarray(np.clip(sound, -1.0, 1.0))


def speech_spans(sound: np.ndarray, silence: float = 0.1) -> list[tuple[int, int]]:
    """Where somebody speaks, as half-open spans of samples, parted by that many seconds of silence."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if len(sound) < SHORTEST * RATE:
        return []
    options = VadOptions(
        min_silence_duration_ms=int(silence * 1000), speech_pad_ms=0, min_speech_duration_ms=100
    )
    return [(span["start"], span["end"]) for span in get_speech_timestamps(sound, options)]


def windows(chunks: Iterable[np.ndarray]) -> Iterator[tuple[float, np.ndarray]]:
    """Windows of about WINDOW seconds cut at silences, each with the second of its first sample.

    Holds one window and one chunk, however long the sound is.
    """
    held, passed, full = np.empty(0, np.float32), 0, int(WINDOW * RATE)
    for chunk in chunks:
        held = np.concatenate([held, tidy(chunk)])
        while len(held) > full:
            cut = quiet_place(held[:full])
            yield passed / RATE, held[:cut]
            held, passed = held[cut:], passed + cut
    if len(held):
        yield passed / RATE, held


def quiet_place(sound: np.ndarray) -> int:
    """The sample in the last TAIL seconds that is farthest inside a pause, or, without one, the quietest."""
    first = max(0, len(sound) - int(TAIL * RATE))
    tail = sound[first:]
    edges = [0, *(edge for span in speech_spans(tail) for edge in span), len(tail)]
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda gap: gap[1] - gap[0])
    if end - start >= SHORTEST * RATE:
        return first + (start + end) // 2
    step = RATE // 10
    energy = (tail[: len(tail) // step * step].reshape(-1, step) ** 2).sum(1)
    return first + int(energy.argmin()) * step + step // 2


def _segment(segment: Any, language: str) -> Segment:
    words = [
        Word(word.word.strip(), float(word.start), float(word.end), min(1.0, float(word.probability)))
        for word in segment.words or ()
        if word.word.strip()
    ]
    likely = float(np.mean([word.confidence for word in words])) if words else np.exp(segment.avg_logprob)
    return Segment(
        text=segment.text.strip(),
        start=float(segment.start),
        end=float(segment.end),
        language=language,
        confidence=min(1.0, float(likely)),
        words=words,
        no_speech=float(segment.no_speech_prob),
    )
