"""Dropouts: the sound is gone from one moment to the next and comes back as suddenly.

Sounds that end by themselves decay over tens of milliseconds. Here the sound stops and returns within four.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from indexing.engines.audio_condition.fault import Fault, joined

FRAME = 0.001  # seconds
DEEP = 10 ** (-55 / 20)  # of the loudest moment within half a second: a gap lies below it
LOUD = 10 ** (-26 / 20)  # of the same: what lies right before and right after is louder
FLOOR = 2 / 32768  # of full scale: below it is nothing in 16 bits
FLANK = 4  # frames before and after a gap, in which the sound must be loud
SHORTEST, LONGEST = 3, 1000  # frames of a gap
AROUND = 500  # frames on either side that say what is loud
KEPT = LONGEST + 2 * AROUND  # frames heard again with the next piece
GAP = 0.25  # seconds between dropouts of one span


class Dropouts:
    """Gaps of 3 ms to 1 s in any channel. `number` is the milliseconds that are missing in a span."""

    def __init__(self, rate: int, channels: int) -> None:
        self._hop = max(1, round(rate * FRAME))
        self._seconds = self._hop / rate
        self._rest = np.zeros((channels, 0), np.float32)
        self._levels = np.zeros((channels, 0), np.float32)
        self._first = 0  # the frame that `_levels` begins with
        self._gaps: list[tuple[float, float]] = []

    def feed(self, block: np.ndarray) -> None:
        block = np.concatenate([self._rest, block], axis=1)
        frames = block.shape[1] // self._hop
        whole, self._rest = block[:, : frames * self._hop], block[:, frames * self._hop :]
        highest = np.abs(whole).reshape(len(whole), frames, self._hop).max(axis=2)
        self._levels = np.concatenate([self._levels, highest], axis=1)
        if self._levels.shape[1] > 2 * KEPT:
            self._look(final=False)

    def finish(self) -> Sequence[Fault]:
        self._look(final=True)
        return [self._fault(start, end) for start, end in joined(self._gaps, GAP)]

    def _look(self, final: bool) -> None:
        """Find the gaps that begin before the frames that are heard again, which `final` leaves none of."""
        length = self._levels.shape[1]
        until = length if final else length - KEPT + AROUND
        begin = AROUND if self._first else 0
        for channel in self._levels:
            for start, end in _gaps(channel):
                if begin <= start < until:
                    self._gaps.append(
                        ((self._first + start) * self._seconds, (self._first + end) * self._seconds)
                    )
        drop = max(0, length - KEPT)
        self._levels, self._first = self._levels[:, drop:], self._first + drop

    def _fault(self, start: float, end: float) -> Fault:
        inside = joined([gap for gap in self._gaps if start <= gap[0] <= end], 0.0)
        missing = sum(last - first for first, last in inside)
        details = {"count": len(inside)}
        return Fault("dropout", round(1000 * missing), "ms", start, end, 0.9, details)


def _gaps(levels: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and last frame (exclusive) of each gap in the highest samples of frames."""
    loudest = _highest_around(levels)
    gone = levels <= np.maximum(DEEP * loudest, FLOOR)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]))).reshape(-1, 2)
    lengths = edges[:, 1] - edges[:, 0]
    for start, end in edges[(lengths >= SHORTEST) & (lengths <= LONGEST)].tolist():
        before, after = levels[max(0, start - FLANK) : start], levels[end : end + FLANK]
        enough = max(LOUD * loudest[start], LOUD * loudest[end - 1], 20 * FLOOR)
        if before.max(initial=0) >= enough and after.max(initial=0) >= enough:
            yield start, end


def _highest_around(levels: np.ndarray) -> np.ndarray:
    from scipy.ndimage import maximum_filter1d

    highest: np.ndarray = maximum_filter1d(levels, 2 * AROUND + 1, mode="nearest")
    return highest
