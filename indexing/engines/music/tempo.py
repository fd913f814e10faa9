"""Tempo, beats and bars from the rise of the spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SLOWEST, FASTEST = 40.0, 220.0
CANDIDATES = np.arange(SLOWEST, FASTEST, 0.25)
"""Beats a minute."""
USUAL, SPREAD = 120.0, 0.9
"""The tempo that is likeliest where nothing else speaks, and the deviation in octaves around it."""
MULTIPLES = 4
"""Beats after which the music is expected to resemble itself again: one, two, three and four."""
WINDOW = 24.0
"""Seconds in which the tempo is taken for steady."""
SHORTEST = 4.0
"""Seconds below which nothing is said."""
CLEAR = 0.10
"""The mean autocorrelation at the multiples of a beat from which there is a pulse at all."""
METRES = (4, 3)


class Tempo(NamedTuple):
    """`bpm` beats a minute, and `clarity`, the mean autocorrelation at the multiples of the beat (0..1)."""

    bpm: float
    clarity: float

    @property
    def alternatives(self) -> list[float]:
        """The same pulse counted twice as fast and half as fast."""
        return [round(self.bpm * 2, 1), round(self.bpm / 2, 1)]


class Pulse(NamedTuple):
    """Seconds of the beats, and of those that begin a bar of `metre` beats."""

    beats: Sequence[float]
    bars: Sequence[float]
    metre: int


def tempo_of(flux: np.ndarray, rate: float) -> Tempo | None:
    """The tempo of a flux (m,) of `rate` frames a second; None without a pulse or below SHORTEST seconds.

    Autocorrelation in windows, averaged; the score of a tempo is the mean at the first MULTIPLES of its beat,
    weighted by a log-normal preference as in Ellis, "Beat tracking by dynamic programming" (JNMR 36, 2007).
    """
    if len(flux) < SHORTEST * rate or not flux.any():
        return None
    alike = _autocorrelation(flux, rate)
    lags = rate * 60 / CANDIDATES[:, None] * np.arange(1, MULTIPLES + 1)
    heard = np.where(lags < len(alike) - 1, np.interp(lags, np.arange(len(alike)), alike), 0).mean(axis=1)
    preferred = heard * np.exp(-0.5 * (np.log2(CANDIDATES / USUAL) / SPREAD) ** 2)
    best = int(np.argmax(preferred))
    clarity = float(np.clip(heard[best], 0, 1))
    return Tempo(float(CANDIDATES[best]), clarity) if clarity >= CLEAR else None


def pulse_of(flux: np.ndarray, rate: float, hop: int, tempo: Tempo) -> Pulse:
    """Beats at that tempo by librosa's dynamic programming, and the bars whose first beats are strongest.

    `hop` is the samples of a frame. A metre of three is taken only where it accents more clearly than four.
    """
    from librosa.beat import beat_track

    _, frames = beat_track(onset_envelope=flux, sr=rate * hop, hop_length=hop, bpm=tempo.bpm, trim=False)
    if not len(frames):
        return Pulse((), (), METRES[0])
    accents = np.array([flux[max(0, frame - 2) : frame + 4].sum() for frame in frames])
    metre, first = max(
        ((metre, first) for metre in METRES for first in range(metre)),
        key=lambda each: _accent(accents, *each),
    )
    seconds = np.round(frames / rate, 3)
    return Pulse(seconds.tolist(), seconds[first::metre].tolist(), metre)


def _accent(accents: np.ndarray, metre: int, first: int) -> float:
    """By how much the beats that would begin a bar exceed the others, weighed by their numbers."""
    chosen = np.zeros(len(accents), bool)
    chosen[first::metre] = True
    if chosen.all() or not chosen.any():
        return 0.0
    gain = np.median(accents[chosen]) - np.median(accents[~chosen])
    return float(gain * np.sqrt(chosen.sum() * (~chosen).sum() / len(accents)))


def _autocorrelation(flux: np.ndarray, rate: float) -> np.ndarray:
    """Mean over windows of the unbiased autocorrelation of what rises above its surroundings; 1 at lag 0."""
    length = min(len(flux), round(WINDOW * rate))
    starts = range(0, max(1, len(flux) - length // 2), max(1, length // 2))
    found = [_alike(flux[start : start + length], length, round(rate)) for start in starts]
    mean: np.ndarray = np.mean(found, axis=0)
    return mean


def _alike(flux: np.ndarray, length: int, second: int) -> np.ndarray:
    around = np.convolve(flux, np.ones(second) / second, "same")
    rising = np.pad(np.maximum(0, flux - around), (0, length - len(flux)))
    spectrum = np.fft.rfft(rising - rising.mean(), 2 * length)
    product = np.fft.irfft(np.abs(spectrum) ** 2)[:length]
    lost = 1 - np.arange(length) / length * 0.999
    alike: np.ndarray = product / max(product[0], 1e-12) / lost
    return alike[: max(2, length * 4 // 5)]
