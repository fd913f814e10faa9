"""Mel spectrograms in numpy, as the networks that listen were trained on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

AT_ONCE = 4096  # frames transformed at a time: about 17 MB at 512 points
BREAK = 1000.0  # Hz: below it Slaney's scale is linear, above it logarithmic
LINEAR = 200 / 3  # Hz of one mel of the linear part
STEP = np.log(6.4) / 27  # natural logarithm of the ratio of one mel of the logarithmic part

Scale = Literal["slaney", "htk"]


@dataclass(frozen=True)
class MelFront:
    """How samples become mel bands.

    `rate` is samples a second, `window` and `hop` are samples, `points` the length of the transform (the
    window is padded behind), `bands` how many triangles lie between `low` and `high` Hz. `scale` is Slaney's
    (Auditory Toolbox, 1998; librosa's default, triangles of equal area) or HTK's (triangles of equal height,
    bin 0 unused, as in TensorFlow's linear_to_mel_weight_matrix). `power` is 1 for magnitude, 2 for energy.
    """

    rate: int
    window: int
    hop: int
    points: int
    bands: int
    low: float
    high: float
    scale: Scale
    power: Literal[1, 2]

    def frames(self, samples: int) -> int:
        """How many whole windows fit into that many samples."""
        return max(0, 1 + (samples - self.window) // self.hop)

    def spectrogram(self, samples: np.ndarray) -> np.ndarray:
        """Mono float32 (n,) to float32 (frames, bands), linear. Frames are not centred: pad for that."""
        count = self.frames(len(samples))
        mel = np.empty((count, self.bands), np.float32)
        if not count:
            return mel
        framed = np.lib.stride_tricks.sliding_window_view(samples, self.window)[:: self.hop]
        for first in range(0, count, AT_ONCE):
            spectrum = np.fft.rfft(framed[first : first + AT_ONCE] * self._hann, self.points)
            strength = np.abs(spectrum).astype(np.float32)
            mel[first : first + AT_ONCE] = (strength if self.power == 1 else strength**2) @ self.filters
        return mel

    @cached_property
    def _hann(self) -> np.ndarray:
        angle = 2 * np.pi * np.arange(self.window) / self.window
        return np.asarray(0.5 - 0.5 * np.cos(angle), np.float32)

    @cached_property
    def filters(self) -> np.ndarray:
        """The triangles: float32 (points // 2 + 1, bands)."""
        return _slaney(self) if self.scale == "slaney" else _htk(self)


def _slaney(front: MelFront) -> np.ndarray:
    """Triangles over hertz whose corners lie evenly on Slaney's scale, of equal area."""
    low, high = (_hertz_to_slaney(hertz) for hertz in (front.low, front.high))
    corners = _slaney_to_hertz(np.linspace(low, high, front.bands + 2))
    triangles = _triangles(_bins(front), corners)
    return np.asarray(triangles * 2 / (corners[2:] - corners[:-2]), np.float32)


def _htk(front: MelFront) -> np.ndarray:
    """Triangles over mels whose corners lie evenly on the scale of HTK, of equal height."""
    low, high = (_hertz_to_htk(np.asarray(hertz)) for hertz in (front.low, front.high))
    triangles = _triangles(_hertz_to_htk(_bins(front)), np.linspace(low, high, front.bands + 2))
    triangles[0] = 0
    return triangles.astype(np.float32)


def _bins(front: MelFront) -> np.ndarray:
    return np.linspace(0, front.rate / 2, front.points // 2 + 1)


def _triangles(bins: np.ndarray, corners: np.ndarray) -> np.ndarray:
    left, middle, right = corners[:-2], corners[1:-1], corners[2:]
    rising = (bins[:, None] - left) / (middle - left)
    falling = (right - bins[:, None]) / (right - middle)
    triangles: np.ndarray = np.maximum(0, np.minimum(rising, falling))
    return triangles


def _hertz_to_htk(hertz: np.ndarray) -> np.ndarray:
    return np.asarray(1127 * np.log1p(hertz / 700))


def _hertz_to_slaney(hertz: float) -> float:
    if hertz < BREAK:
        return hertz / LINEAR
    return float(BREAK / LINEAR + np.log(hertz / BREAK) / STEP)


def _slaney_to_hertz(mels: np.ndarray) -> np.ndarray:
    knee = BREAK / LINEAR
    above = BREAK * np.exp((np.maximum(mels, knee) - knee) * STEP)
    hertz: np.ndarray = np.where(mels < knee, mels * LINEAR, above)
    return hertz
