"""What a diarizer is given and gives back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

RATE = 16_000  # samples a second


class Turn(NamedTuple):
    """A speaker speaks from `start` to `end` (seconds); turns of different speakers may overlap.

    Speakers are numbered from 1 in the order in which they are first heard. The confidence is in 0..1, or
    None where the engine tells none.
    """

    start: float
    end: float
    speaker: int
    confidence: float | None = None


class Diarization(NamedTuple):
    """Turns in order of time, and each speaker's voice as a unit vector of 256 numbers by his number.

    A speaker of whom there is too little to know his voice by has none.
    """

    turns: Sequence[Turn]
    voices: dict[int, np.ndarray]


class Diarizer(Protocol):
    """Tells who spoke when. Engines differ; what they are given and give back does not."""

    name: str

    def diarize(self, chunks: Iterable[np.ndarray]) -> Diarization:
        """The turns in consecutive chunks of mono float32 in -1..1 at 16 kHz, of any number and length.

        What is not a number counts as silence. No turns where nobody speaks.
        """
        ...


def numbered(turns: Iterable[Turn], voices: dict[int, np.ndarray]) -> Diarization:
    """The same with speakers numbered from 1 as they appear; voices without a turn are left out."""
    ordered = sorted(turns, key=lambda turn: turn[:3])
    numbers: dict[int, int] = {}
    for turn in ordered:
        numbers.setdefault(turn.speaker, len(numbers) + 1)
    return Diarization(
        [turn._replace(speaker=numbers[turn.speaker]) for turn in ordered],
        {new: voices[old] for old, new in numbers.items() if old in voices},
    )
