"""How the channels of a recording relate: silent, the same, of opposite polarity, or off centre."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from indexing.engines.audio_condition.fault import Fault, decibels, rounded

SILENT = -80.0  # dBFS: a channel below it carries nothing
BELOW = 60.0  # dB that a silent channel lies below the loudest
SAME = 0.999  # correlation
OPPOSITE = -0.9
MOST_PAIRS = 32  # that are named
OFFSET = 0.005  # of full scale


class Channels:
    """Sums over all samples: powers, products of pairs and means."""

    def __init__(self, rate: int, channels: int) -> None:
        self._products = np.zeros((channels, channels))
        self._sums = np.zeros(channels)
        self._count = 0

    def feed(self, block: np.ndarray) -> None:
        exact = block.astype(np.float64)
        self._products += exact @ exact.T
        self._sums += exact.sum(axis=1)
        self._count += block.shape[1]

    def finish(self) -> Sequence[Fault]:
        return list(self._faults()) if self._count else []

    def _faults(self) -> Iterator[Fault]:
        means = self._sums / self._count
        covariance = self._products / self._count - np.outer(means, means)
        levels = decibels(np.diag(covariance))
        silent = levels < max(SILENT, levels.max() - BELOW)
        if levels.max() < SILENT:
            yield Fault("no signal", rounded(levels.max()), "dBFS", confidence=1.0)
        else:
            yield from (_silent(number, level) for number, level in enumerate(levels) if silent[number])
            yield from _pairs(covariance, np.flatnonzero(~silent))
        for number in np.flatnonzero(np.abs(means) >= OFFSET).tolist():
            share = round(100 * float(means[number]), 2)
            yield Fault("DC offset", share, "% of full scale", confidence=1.0, details=_named(number))


def _silent(number: int, level: float) -> Fault:
    return Fault("silent channel", rounded(level), "dBFS", confidence=1.0, details=_named(number))


def _pairs(covariance: np.ndarray, sounding: np.ndarray) -> Iterator[Fault]:
    """One fault for all pairs that are the same, one for all that are opposite; the surest pair counts."""
    scale = np.sqrt(np.diag(covariance))
    pairs = [
        (float(covariance[one, other] / (scale[one] * scale[other])), [one + 1, other + 1])
        for one, other in combinations(sounding.tolist(), 2)
    ]
    for term, sign, least in (("duplicated channels", 1, SAME), ("inverted polarity", -1, OPPOSITE)):
        found = [(value, pair) for value, pair in pairs if sign * value >= sign * least]
        if found:
            surest = min(1.0, max(abs(value) for value, _ in found))
            details = {"pairs": [pair for _, pair in found][:MOST_PAIRS]}
            yield Fault(term, round(sign * surest, 4), "correlation", confidence=surest, details=details)


def _named(number: int) -> dict[str, list[int]]:
    return {"channels": [number + 1]}
