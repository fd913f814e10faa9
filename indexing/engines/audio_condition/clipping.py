"""Clipping: the tops of the wave are cut off flat.

A wave that turns by itself slows down before its top. One that was cut runs into a plateau at full speed,
near the highest sample around, again and again; all of that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexing.engines.audio_condition.fault import Fault, joined

WINDOW = 0.5  # seconds whose highest sample says where plateaus may be
NEAR = 0.97  # of the highest sample
FLAT = 2e-4  # of the highest sample: what two samples of a plateau may differ by
STEEP = 0.004  # of the highest sample: the step into or out of a plateau
SHORTEST = 3  # samples
QUIET = 0.02  # full scale: below it nothing is looked for
FEWEST = 3  # plateaus in a window
LONGEST = 0.02  # seconds; a longer plateau is no top of a wave
GAP = 2.0  # seconds without clipping within one span


class Clipping:
    """Stretches in which any channel is clipped. `number` counts the plateaus."""

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._window = max(SHORTEST, round(rate * WINDOW))
        self._longest = max(SHORTEST, round(rate * LONGEST))
        self._position = 0
        self._found: list[tuple[int, int, float]] = []  # sample, plateaus, height

    def feed(self, block: np.ndarray) -> None:
        for first in range(0, block.shape[1], self._window):
            window = block[:, first : first + self._window]
            counts = [(self._plateaus(channel), float(np.abs(channel).max())) for channel in window]
            plateaus, height = max(counts)
            if plateaus >= FEWEST:
                self._found.append((self._position + first, plateaus, height))
        self._position += block.shape[1]

    def finish(self) -> Sequence[Fault]:
        seconds = [(first / self._rate, (first + self._window) / self._rate) for first, _, _ in self._found]
        return [self._fault(start, end) for start, end in joined(seconds, GAP)]

    def _plateaus(self, channel: np.ndarray) -> int:
        """How many tops of one channel's window are cut off."""
        highest = np.abs(channel).max(initial=0)
        if highest < QUIET or len(channel) < SHORTEST:
            return 0
        steps = np.abs(np.diff(channel))
        flat = (steps <= FLAT * highest) & (np.abs(channel[1:]) >= NEAR * highest)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]))).reshape(-1, 2)
        lengths = edges[:, 1] - edges[:, 0] + 1
        padded = np.concatenate([[0], steps, [0]])
        steep = np.maximum(padded[edges[:, 0]], padded[edges[:, 1] + 1]) >= STEEP * highest
        return int((steep & (lengths >= SHORTEST) & (lengths <= self._longest)).sum())

    def _fault(self, start: float, end: float) -> Fault:
        inside = [each for each in self._found if start <= each[0] / self._rate < end]
        plateaus = sum(count for _, count, _ in inside)
        level = 20 * np.log10(max(height for _, _, height in inside))
        return Fault(
            "clipping", plateaus, "plateaus", start, min(end, self._position / self._rate),
            1 - 0.5 ** (plateaus / FEWEST), {"level_dbfs": round(float(level), 1)},
        )  # fmt: skip
