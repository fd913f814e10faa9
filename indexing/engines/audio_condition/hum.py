"""Mains hum and what its pitch says about the speed of a tape.

Hum is the only tone of a recording whose true pitch is known: 50 or 60 Hz to within a hundredth (the grid of
Europe: within 0.2 Hz). Where steady hum with harmonics is found at another pitch, the recording may run at
another speed. Audio forensics reads tape speed so (electric network frequency).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexing.engines.audio_condition.fault import Fault, joined, rounded

WINDOW = 2.0  # seconds of a spectrum, half of which is heard again with the next
SPECTRA = 60  # spectra (a minute) told about at a time
FEWEST = 3
LOWEST, HIGHEST = 44.0, 68.0  # Hz between which the hum of 50 or 60 Hz is looked for
TOP = 7 * HIGHEST + 20  # Hz: spectra are kept up to here
HARMONICS = (1, 2, 3, 4, 5, 6)
STEP = 0.05  # Hz
QUIET, USUAL = 10, 35  # percentiles of the spectra: what is always there, and what is there in most pauses
NEIGHBOURS = 1.25, 8.0  # Hz from a line where its surroundings lie
STANDS_OUT = 10.0  # dB above its surroundings
ENOUGH = 2  # lines that stand out; of the mains' true pitch one
ALONE = 20.0  # dB by which that one stands out
SURE = 15.0  # dB of the two best lines together, counted from STANDS_OUT
STEADY = 5.0  # dB between the two percentiles of a line: a voice may cover hum, but nothing mutes it
MAINS = (50.0, 60.0)
TRUE = 0.012  # of a mains frequency: hum within it is the mains at true speed
FAINTEST = 1e-11  # power that no line lies below


class Hum(NamedTuple):
    """A comb of lines: its pitch in Hz, how far its two best lines stand out in dB together, the numbers of
    its lines that stand out, and their level in dBFS."""

    pitch: float
    strength: float
    lines: Sequence[int]
    level: float


class MainsHum:
    """Minutes with hum, joined; `number` is its pitch in Hz. "wrong speed suspected" where it is not true."""

    def __init__(self, rate: int, channels: int) -> None:
        self._length = max(8, round(rate * WINDOW))
        self._hop = max(4, self._length // 2)
        self._seconds = self._hop / rate
        self._window = np.hanning(self._length).astype(np.float32)
        frequencies = np.fft.rfftfreq(self._length, 1 / rate)
        self._frequencies = frequencies[frequencies <= TOP]
        self._able = rate >= 2 * TOP
        self._kept = np.zeros((channels, 0), np.float32)
        self._spectra: list[np.ndarray] = []
        self._heard = 0
        self._found: list[tuple[float, float, Hum]] = []

    def feed(self, block: np.ndarray) -> None:
        kept = np.concatenate([self._kept, block], axis=1)
        while kept.shape[1] >= self._length:
            spectrum = np.fft.rfft(kept[:, : self._length] * self._window)[:, : len(self._frequencies)]
            power = (np.abs(spectrum) ** 2).mean(axis=0) * 4 / self._window.sum() ** 2 / 2
            self._spectra.append(power.astype(np.float32))
            kept = kept[:, self._hop :]
            if len(self._spectra) == SPECTRA:
                self._judge()
        self._kept = kept

    def finish(self) -> Sequence[Fault]:
        if len(self._spectra) >= FEWEST:
            self._judge()
        found = [*self._hums(), *self._speeds()]
        return sorted(found, key=lambda fault: fault.start or 0)

    def _judge(self) -> None:
        """Look for hum in the spectra that were gathered, and forget them."""
        spectra, self._spectra = np.stack(self._spectra), []
        start, self._heard = self._heard, self._heard + len(spectra)
        hum = strongest(self._frequencies, spectra) if self._able else None
        if hum:
            self._found.append((start * self._seconds, (self._heard + 1) * self._seconds, hum))

    def _hums(self) -> list[Fault]:
        faults = []
        for name in dict.fromkeys(_name(hum.pitch) for _, _, hum in self._found):
            mine = [each for each in self._found if _name(each[2].pitch) == name]
            for start, end in joined([(first, last) for first, last, _ in mine], 1.0):
                hums = [hum for first, _, hum in mine if start <= first < end]
                faults.append(_hum(name, start, end, hums))
        return faults

    def _speeds(self) -> list[Fault]:
        """One for the whole recording, where no hum in it is true."""
        pitches = [hum.pitch for _, _, hum in self._found]
        if not pitches or any(_mains(pitch) for pitch in pitches) or np.ptp(pitches) > 2 * TRUE * 50:
            return []
        pitch = float(np.median(pitches))
        deviations = {f"{mains:.0f}": round(100 * (pitch / mains - 1), 1) for mains in MAINS}
        nearest = min(deviations.values(), key=abs)
        details = {"pitch_hz": round(pitch, 2), "percent_if_mains_hz": deviations}
        return [Fault("wrong speed suspected", nearest, "%", confidence=0.5, details=details)]


def strongest(frequencies: np.ndarray, spectra: np.ndarray) -> Hum | None:
    """The comb of steady lines that stands out most, or None.

    `spectra` are powers, float (n, bins), of equal windows that follow each other; `frequencies` are those of
    the bins in Hz, up to TOP.
    """
    always = 10 * np.log10(np.maximum(np.percentile(spectra, QUIET, axis=0), FAINTEST))
    usual = 10 * np.log10(np.maximum(np.percentile(spectra, USUAL, axis=0), FAINTEST))
    outstanding = np.where(usual - always <= STEADY, _above_surroundings(frequencies, always), 0.0)
    pitches = np.arange(LOWEST, HIGHEST, STEP)
    combs = np.stack([_near(frequencies, outstanding, pitches * number) for number in HARMONICS], axis=1)
    strengths = np.sort(combs - STANDS_OUT, axis=1)[:, -ENOUGH:].clip(0).sum(axis=1)
    best = int((combs.clip(0).sum(axis=1) * (strengths > 0)).argmax())
    lines = [number for number, height in zip(HARMONICS, combs[best], strict=True) if height >= STANDS_OUT]
    if strengths[best] < SURE or not lines:
        return None
    pitch = _refined(frequencies, always, float(pitches[best]), lines)
    if len(lines) < ENOUGH and not (_mains(pitch) and combs[best].max() >= ALONE):
        return None
    level = _near(frequencies, always, np.array([pitch * number for number in lines]))
    return Hum(pitch, float(strengths[best]), lines, float(10 * np.log10((10 ** (level / 10)).sum())))


def _above_surroundings(frequencies: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """How far each bin stands out, in dB, above the median of the bins around it."""
    width = frequencies[1] - frequencies[0]
    near, far = (max(1, round(hertz / width)) for hertz in NEIGHBOURS)
    padded = np.pad(levels, far, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * far + 1)
    keep = np.abs(np.arange(-far, far + 1)) > near
    above: np.ndarray = levels - np.median(around[:, keep], axis=1)
    return above


def _near(frequencies: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The values of the bins next to some frequencies."""
    width = frequencies[1] - frequencies[0]
    near: np.ndarray = values[np.rint(wanted / width).astype(int).clip(0, len(values) - 1)]
    return near


def _refined(frequencies: np.ndarray, levels: np.ndarray, pitch: float, lines: Sequence[int]) -> float:
    """The pitch between the bins: a parabola through each line's top; the higher lines tell it better."""
    width = frequencies[1] - frequencies[0]
    tops, weights = [], []
    for number in lines:
        middle = round(pitch * number / width)
        middle += int(levels[middle - 1 : middle + 2].argmax()) - 1
        before, top, after = levels[middle - 1 : middle + 2]
        bend = before - 2 * top + after
        shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
        tops.append((middle + shift) * width / number)
        weights.append(number)
    return float(np.average(tops, weights=weights))


def _mains(pitch: float) -> float | None:
    return next((mains for mains in MAINS if abs(pitch / mains - 1) <= TRUE), None)


def _name(pitch: float) -> str:
    mains = _mains(pitch)
    return f"mains hum {mains:.0f} Hz" if mains else f"hum {pitch:.0f} Hz"


def _hum(name: str, start: float, end: float, hums: Sequence[Hum]) -> Fault:
    pitch = float(np.median([hum.pitch for hum in hums]))
    strength = max(hum.strength for hum in hums)
    details = {
        "level_dbfs": rounded(max(hum.level for hum in hums)),
        "harmonics": sorted({line for hum in hums for line in hum.lines}),
    }
    return Fault(name, round(pitch, 2), "Hz", start, end, min(1.0, 0.5 + strength / 100), details)
