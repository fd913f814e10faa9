"""Noise: how loud the quietest moments are, and whether what is left there hisses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from indexing.engines.audio_condition.fault import QUIETEST, Fault, decibels, rounded

FRAME = 0.05  # seconds
LEAST = 40  # frames (2 s) without which nothing is told
QUIET, LOUD = 5, 95  # percentiles of the levels of frames
RANGE = 12.0  # dB between loud and quiet without which there are no quiet moments
LOW = 3000.0  # Hz: hiss is what lies above
BANDS = 8  # of equal width, from LOW to where the recording ends
HIGH = 0.9  # of half the rate
HISS = -66.0  # dBFS, over all bands
ABOVE = 20.0  # dB by which the highest band may lie below the lowest one
WORST = 50.0  # dB between the loud moments and the hiss, above which nobody hears it
MOST = 20000  # quiet frames whose spectra are kept, every second one beyond it


class Noise:
    """The power of frames (mean of the channels), and the spectrum of the quietest frame of each second."""

    def __init__(self, rate: int, channels: int) -> None:
        self._length = max(1, round(rate * FRAME))
        self._window = np.hanning(self._length).astype(np.float32)
        frequencies = np.fft.rfftfreq(self._length, 1 / rate)
        edges = np.linspace(LOW, max(LOW, HIGH * rate / 2), BANDS + 1)
        self._bands = [(frequencies >= low) & (frequencies < high) for low, high in pairwise(edges)]
        self._powers: list[np.ndarray] = []
        self._spectra: list[np.ndarray] = []
        self._step, self._seen = 1, 0

    def feed(self, block: np.ndarray) -> None:
        count = block.shape[1] // self._length
        frames = block[:, : count * self._length].reshape(len(block), count, self._length)
        powers = (frames**2).mean(axis=(0, 2))
        self._powers.append(powers.astype(np.float32))
        a_second = round(1 / FRAME)
        for first in range(0, count, a_second):
            self._keep(frames, powers, first, min(first + a_second, count))

    def finish(self) -> Sequence[Fault]:
        levels = decibels(np.concatenate([*self._powers, np.zeros(0)]))
        levels = levels[levels > decibels(0.0)]  # digital silence is no noise
        if len(levels) < LEAST:
            return []
        quiet, loud = np.percentile(levels, [QUIET, LOUD])
        if loud - quiet < RANGE:
            return []
        floor = Fault("noise floor", rounded(quiet), "dBFS", details={"loud_dbfs": rounded(loud)})
        return [floor, *self._hiss(float(quiet), float(loud))]

    def _keep(self, frames: np.ndarray, powers: np.ndarray, first: int, last: int) -> None:
        """Keep the spectrum of the quietest frame that is not digital silence, in bands."""
        powers = np.where(powers[first:last] > QUIETEST, powers[first:last], np.inf)
        best = int(powers.argmin())
        self._seen += 1
        if not np.isfinite(powers[best]) or self._seen % self._step:
            return
        spectrum = np.abs(np.fft.rfft(frames[:, first + best] * self._window)) ** 2
        power = spectrum.mean(axis=0) * 2 / (self._length * float((self._window**2).sum()))
        self._spectra.append(
            np.array([powers[best], *(power[band].sum() for band in self._bands)], np.float32)
        )
        if len(self._spectra) > MOST:
            self._spectra, self._step = self._spectra[::2], self._step * 2

    def _hiss(self, quiet: float, loud: float) -> Sequence[Fault]:
        """Hiss is there in all bands at once and reaches up to the highest."""
        kept = np.stack(self._spectra)
        among = kept[decibels(kept[:, 0]) <= quiet + 3]
        if len(among) < 2:
            return []
        bands = np.median(among[:, 1:], axis=0)
        level, slope = float(decibels(float(bands.sum()))), decibels(bands)
        if level < HISS or slope[0] - slope[1:].min() > ABOVE or loud - level > WORST:
            return []
        sure = min(1.0, 0.5 + (level - HISS) / 20)
        return [
            Fault(
                "hiss",
                rounded(level),
                "dBFS",
                confidence=sure,
                details={"below_loud_db": rounded(loud - level)},
            )
        ]
