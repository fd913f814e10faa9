"""Loudness by EBU R 128: measured on sound of any length that passes in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from pyloudnorm.iirfilter import IIRfilter
from scipy.signal import lfilter, resample_poly

RATE = 48_000
STEPS_A_SECOND = 10
STEP = RATE // STEPS_A_SECOND
OFFSET = -0.691  # dB: ITU-R BS.1770-5, equation 2
SILENCE = -70.0  # LUFS: the absolute gate
MOMENTARY, SHORT_TERM = 4, 30
"""Steps in a block of 400 ms (BS.1770, integrated loudness) and of 3 s (EBU Tech 3342, loudness range)."""
GATE, RANGE_GATE = -10.0, -20.0  # LU below the mean of what the absolute gate passed
LOW, HIGH = 10, 95
"""Percentiles between which the loudness range lies (EBU Tech 3342)."""
OVERSAMPLING = 4  # of the true peak: BS.1770-5, annex 2
MARGIN = 64  # samples on either side of a piece that the interpolating filter sees; its own are 10
HIGHEST_GAIN = 2.25
"""The most by which the interpolating filter can raise samples: the sum of its magnitudes is 2.242."""
SURROUND = 1.41
WEIGHTS: dict[int, Sequence[float]] = {5: (1, 1, 1, SURROUND, SURROUND), 6: (1, 1, 1, 0, SURROUND, SURROUND)}
"""Of 5.0 and 5.1 in the usual order; any other number of channels counts each as one."""


@dataclass(frozen=True)
class Loudness:
    """`integrated` in LUFS, None for silence and for less than 0.4 s; `span` is the loudness range in LU,
    None below 3 s; `true_peak` in dBTP, None for digital silence."""

    integrated: float | None
    span: float | None
    true_peak: float | None


@dataclass
class Meter:
    """Takes pieces of sound and keeps ten numbers for each second of them: 3.5 MB for twelve hours."""

    channels: int
    powers: list[np.ndarray] = field(default_factory=list)
    peak: float = 0.0
    _states: list[np.ndarray] = field(default_factory=list)
    _rest: np.ndarray | None = None
    _before: np.ndarray | None = None
    _samples: int = 0

    def add(self, piece: np.ndarray) -> None:
        """The next samples, float32 (channels, n) at 48 kHz."""
        self._samples += piece.shape[1]
        self._peak_of(piece)
        weighted = self._weighted(np.nan_to_num(piece.astype(np.float64)))
        joined = weighted if self._rest is None else np.concatenate([self._rest, weighted], axis=1)
        whole = joined.shape[1] // STEP * STEP
        self._rest = joined[:, whole:]
        squares = (joined[:, :whole] ** 2).reshape(self.channels, -1, STEP).mean(axis=2)
        weights = WEIGHTS.get(self.channels, (1.0,) * self.channels)
        self.powers.append(np.asarray(weights) @ squares)

    @property
    def seconds(self) -> float:
        """How much sound was measured."""
        return self._samples / RATE

    def loudness(self, start: float = 0.0, end: float = float("inf")) -> Loudness:
        """What was measured between two seconds; the true peak is that of everything."""
        powers = np.concatenate([np.empty(0), *self.powers])
        part = powers[
            round(start * STEPS_A_SECOND) : None if end == float("inf") else round(end * STEPS_A_SECOND)
        ]
        peak = 20 * float(np.log10(self.peak)) if self.peak > 0 else None
        return Loudness(integrated(part), loudness_range(part), peak)

    def _weighted(self, piece: np.ndarray) -> np.ndarray:
        """Through the K-weighting filters of BS.1770: pyloudnorm's closest form, exact at 48 kHz."""
        stages = _stages()
        self._states = self._states or [np.zeros((self.channels, 2)) for _ in stages]
        for number, (above, below) in enumerate(stages):
            piece, self._states[number] = lfilter(above, below, piece, axis=1, zi=self._states[number])
        return piece

    def _peak_of(self, piece: np.ndarray) -> None:
        """Between samples too. Only where it could exceed what is known is the wave interpolated."""
        before = np.zeros((self.channels, 2 * MARGIN), np.float32) if self._before is None else self._before
        joined = np.nan_to_num(np.concatenate([before, piece], axis=1))
        self._before = joined[:, -2 * MARGIN :]
        for first in range(0, joined.shape[1] - 2 * MARGIN, RATE):
            part = joined[:, first : first + RATE + 2 * MARGIN]
            if HIGHEST_GAIN * np.abs(part).max(initial=0.0) > self.peak:
                wave = resample_poly(part, OVERSAMPLING, 1, axis=1)[:, OVERSAMPLING * MARGIN :]
                inner = np.abs(wave[:, : -OVERSAMPLING * MARGIN]).max(initial=0.0)
                self.peak = max(self.peak, float(inner), float(np.abs(part).max()))


def integrated(powers: np.ndarray) -> float | None:
    """LUFS of mean squares of 100 ms each: blocks of 400 ms through both gates. None where none pass."""
    blocks = _blocks(powers, MOMENTARY)
    loud = blocks[_lufs(blocks) >= SILENCE]
    if not len(loud):
        return None
    kept = loud[_lufs(loud) > _lufs(loud.mean()) + GATE]
    return float(_lufs(kept.mean()))


def loudness_range(powers: np.ndarray) -> float | None:
    """LU between quiet and loud blocks of three seconds. None where none is loud enough, or there is less."""
    blocks = _blocks(powers, SHORT_TERM)
    loud = blocks[_lufs(blocks) >= SILENCE]
    if not len(loud):
        return None
    kept = _lufs(loud[_lufs(loud) >= _lufs(loud.mean()) + RANGE_GATE])
    low, high = np.percentile(kept, [LOW, HIGH])
    return float(high - low)


def _stages() -> list[tuple[np.ndarray, np.ndarray]]:
    shelf = IIRfilter(3.99984385397, 0.7071752369554193, 1681.9744509555319, RATE, "high_shelf_DeMan")
    pass_ = IIRfilter(0.0, 0.5003270373253953, 38.13547087613982, RATE, "high_pass_DeMan")
    return [stage.generate_coefficients() for stage in (shelf, pass_)]


def _blocks(powers: np.ndarray, length: int) -> np.ndarray:
    """Means of that many steps, one for each step at which a block begins."""
    if len(powers) < length:
        return np.empty(0)
    means: np.ndarray = np.lib.stride_tricks.sliding_window_view(powers, length).mean(axis=1)
    return means


def _lufs(power: np.ndarray | float) -> np.ndarray:
    with np.errstate(divide="ignore"):
        loudness: np.ndarray = OFFSET + 10 * np.log10(np.maximum(power, 0.0))
    return loudness
