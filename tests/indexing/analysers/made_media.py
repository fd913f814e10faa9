"""Media held in memory, as an analyser sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from indexing.analysers.contract import Context, Finding, Frame, MediaKind, Place

SHOTS = ((0.0, 4.0, 1.0), (4.0, 6.0, 5.5), (6.0, 10.0, 8.0))


class MadeMedia:
    """A picture, or a film whose frame at a second is that second's grey."""

    def __init__(
        self, kind: MediaKind, pixels: np.ndarray | None = None, duration: float | None = None
    ) -> None:
        self.kind = kind
        self.duration = duration
        self.pixels = np.full((40, 60, 3), 128, np.uint8) if pixels is None else pixels
        self.asked: list[float] = []

    def picture(self, long_side: int) -> np.ndarray:
        return self.pixels

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        self.asked = list(seconds)
        for second in seconds:
            yield Frame(second, np.full((40, 60, 3), int(second * 10), np.uint8))


def shots_context(path: Path = Path("weights")) -> Context:
    """A context with three shots, told out of order."""
    found = [Finding("shot", place=Place(a, b), details={"keyframe": k}) for a, b, k in reversed(SHOTS)]
    return Context(lambda name: path, lambda kind: found if kind == "shot" else ())


def bare_context(path: Path = Path("weights")) -> Context:
    """A context without facts."""
    return Context(lambda name: path)
