"""What a detector of damage is: it is fed a recording piece by piece and says at the end what it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

QUIETEST = 1e-10  # full scale squared: 100 dB below full scale, where levels end


@dataclass(frozen=True)
class Fault:
    """One damage. `term` names it, `number` measures it in `unit`, `start` and `end` are seconds (None: all
    of the recording), `confidence` is 0..1 by the detector's own rule."""

    term: str
    number: float | None = None
    unit: str = ""
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class Detector(Protocol):
    """One kind of damage in one recording."""

    def feed(self, block: np.ndarray) -> None:
        """The next samples: finite float32 (channels, n), full scale 1."""
        ...

    def finish(self) -> Sequence[Fault]:
        """What was found, in order of time."""
        ...


def decibels(power: np.ndarray | float) -> np.ndarray:
    """Powers (full scale squared) in dB below full scale, a square wave of full scale being 0."""
    level: np.ndarray = 10 * np.log10(np.maximum(power, QUIETEST))
    return level


def rounded(value: float) -> float:
    """A measure as it is told: to a tenth."""
    return round(float(value), 1)


def joined(spans: Iterable[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Spans in seconds, in order, those at most `gap` apart being one."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if found and start - found[-1][1] <= gap:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
