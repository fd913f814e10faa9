"""Scores that come in order become spans: one threshold to begin to believe, a lower one to go on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Run(NamedTuple):
    """Frames first to last (exclusive) that belong together, and their highest score."""

    first: int
    last: int
    best: float


class Hysteresis:
    """The runs of one label in scores that are fed in pieces.

    A run is a stretch of frames of at least `low`, stretches at most `gap` frames apart being one, that has
    somewhere a frame of at least `high` and is `shortest` frames long. Only the open run is kept.
    """

    def __init__(self, high: float, low: float, gap: int = 0, shortest: int = 1) -> None:
        self._high, self._low, self._gap, self._shortest = high, low, gap, shortest
        self._open: list[Run] = []
        self._fed = 0

    def feed(self, scores: np.ndarray) -> list[Run]:
        """The runs that ended with these scores, float (n,), which follow those fed before."""
        runs = self._open
        for run in _stretches(scores, self._low, self._fed):
            if runs and run.first - runs[-1].last <= self._gap:
                runs[-1] = Run(runs[-1].first, run.last, max(runs[-1].best, run.best))
            else:
                runs.append(run)
        self._fed += len(scores)
        is_open = bool(runs) and self._fed - runs[-1].last <= self._gap
        self._open = runs[-1:] if is_open else []
        return self._sure(runs[:-1] if is_open else runs)

    def finish(self) -> list[Run]:
        """The run that was still open, if it is one."""
        return self._sure(self._open)

    def _sure(self, runs: list[Run]) -> list[Run]:
        return [run for run in runs if run.best >= self._high and run.last - run.first >= self._shortest]


def _stretches(scores: np.ndarray, low: float, offset: int) -> list[Run]:
    above = np.concatenate([[False], scores >= low, [False]])
    edges = np.flatnonzero(above[1:] != above[:-1]).reshape(-1, 2)
    return [
        Run(offset + first, offset + last, float(scores[first:last].max())) for first, last in edges.tolist()
    ]
