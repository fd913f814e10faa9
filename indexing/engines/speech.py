"""Speech to text: sound goes in a window at a time, segments with timed words come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

RATE = 16_000  # samples a second
SHORTEST = 0.1  # seconds; less holds no word


class Word(NamedTuple):
    """A word with its seconds and the mean probability of its tokens (0..1)."""

    text: str
    start: float
    end: float
    confidence: float


class Segment(NamedTuple):
    """What was said from `start` to `end` (seconds), in a language (BCP 47).

    `confidence` is the mean confidence of its words, or without words exp(mean log probability of its
    tokens); `no_speech` is the model's probability that nobody speaks. `suppressed` says why the text is not
    to be believed; it is empty where it is.
    """

    text: str
    start: float
    end: float
    language: str
    confidence: float
    words: Sequence[Word] = ()
    no_speech: float = 0.0
    suppressed: str = ""


class Transcriber(Protocol):
    """Turns a stretch of sound into text. Models differ; what they are given and give back does not."""

    def transcribe(
        self, samples: np.ndarray, language: str = "", hints: Sequence[str] = ()
    ) -> Iterator[Segment]:
        """Segments in order, seconds from the first sample, suppressed ones among them; none without voice.

        `samples` is mono float32 of shape (n,) in -1..1 at 16 kHz, of any length; what is not a number counts
        as silence. `language` is that of the sound before, kept where this sound leaves it in doubt. `hints`
        are names and words that may be said, the most useful first. The same input gives the same text.
        """
        ...


def tidy(samples: np.ndarray) -> np.ndarray:
    """Contiguous mono float32 in -1..1, silence for what is not a number."""
    sound = np.nan_to_num(np.asarray(samples, np.float32).ravel(), nan=0.0, posinf=0.0, neginf=0.0)
    return np.ascontiguousarray(np.clip(sound, -1.0, 1.0))


def speech_spans(sound: np.ndarray, silence: float = 0.1) -> list[tuple[int, int]]:
    """Where somebody speaks, as half-open spans of samples, parted by that many seconds of silence.

    Found by the Silero model in faster-whisper's package.
    """
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if len(sound) < SHORTEST * RATE:
        return []
    options = VadOptions(
        min_silence_duration_ms=int(silence * 1000), speech_pad_ms=0, min_speech_duration_ms=100
    )
    return [(span["start"], span["end"]) for span in get_speech_timestamps(sound, options)]
