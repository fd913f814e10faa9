"""Bandwidth: above some frequency there is nothing, though the rate has room for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexing.engines.audio_condition.fault import Fault

WINDOW = 0.05  # seconds of a spectrum
BAND = 100.0  # Hz
ROOM = 0.8  # of half the rate: a limit above it is the rate's own
CLIFF = 20.0  # dB by which the level falls
WITHIN = 0.08  # of the frequency (at least two bands) within which it falls
EMPTY = 12.0  # dB by which what lies above may rise over its median: it is noise and no sound
NOTHING = -100.0  # dBFS of a band, below which it may do as it likes
EDGE = 6.0  # dB by which the level has fallen at the limit
QUIETEST = -130.0  # dBFS of a band
LEAST = -75.0  # dBFS of the loudest band, below which nothing is told
LOWEST = 1000.0  # Hz
TELEPHONE = 2800.0, 4000.0  # Hz: ITU-T G.712 passes 300 to 3400 Hz
SECONDS = 2.0  # of sound without which nothing is told


class Bandwidth:
    """The mean spectrum of the recording in bands of BAND; `number` is the limit in Hz."""

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._length = max(2, round(rate * WINDOW))
        self._window = np.hanning(self._length).astype(np.float32)
        frequencies = np.fft.rfftfreq(self._length, 1 / rate)
        self._edges = np.searchsorted(frequencies, np.arange(0, rate / 2 - BAND + 1, BAND))
        self._power = np.zeros(len(self._edges))
        self._count = 0

    def feed(self, block: np.ndarray) -> None:
        if not len(self._edges):
            return
        count = block.shape[1] // self._length
        for channel in block:
            frames = channel[: count * self._length].reshape(count, self._length)
            power = (np.abs(np.fft.rfft(frames * self._window)) ** 2).sum(axis=0, dtype=np.float64)
            self._power += np.add.reduceat(power, self._edges)
        self._count += count * len(block)

    def finish(self) -> Sequence[Fault]:
        if self._count * WINDOW < SECONDS:
            return []
        mean = self._power * 2 / (self._count * self._length * float((self._window**2).sum()))
        levels = 10 * np.log10(np.maximum(mean, 10 ** (QUIETEST / 10)))
        limit = band_limit(levels)
        if limit is None or limit > ROOM * self._rate / 2:
            return []
        telephone = TELEPHONE[0] <= limit <= TELEPHONE[1]
        term = "telephone bandwidth" if telephone else f"nothing above {limit / 1000:.0f} kHz"
        return [Fault(term, limit, "Hz", confidence=0.9, details={"rate_hz": self._rate})]


def band_limit(levels: np.ndarray) -> float | None:
    """The frequency in Hz above which there is nothing, or None.

    `levels` are the dBFS of bands of BAND from 0 on. There is a cliff, and above it nothing rises again.
    """
    if len(levels) * BAND <= 2 * LOWEST or levels.max() < LEAST:
        return None
    for band in range(int(LOWEST / BAND), len(levels) - 2):
        width = max(2, round(WITHIN * band))
        above = levels[band + width :]
        if len(above) < 2 or levels[band] < levels.max() - 60:
            return None
        is_cliff = levels[max(0, band - width) : band + 1].min() - np.median(above) >= CLIFF
        is_empty = above.max() <= max(np.median(above) + EMPTY, NOTHING)
        if is_cliff and is_empty and levels[band] - levels[band + width] >= CLIFF:
            return _edge(levels, band, width)
    return None


def _edge(levels: np.ndarray, band: int, width: int) -> float:
    """Where the fall begins that is steep at `band`, in Hz."""
    first = max(0, band - 2 * width)
    fallen = levels[first : band + width] < np.median(levels[first : first + width]) - EDGE
    return float(first + int(fallen.argmax())) * BAND
