"""Music made on the spot: chords, clicks, sections."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RATE = 16_000
C_MAJOR = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
A_MINOR = ((9, 12, 16), (2, 5, 9), (4, 8, 11), (9, 12, 16))


def note(semitone: float, seconds: float, rate: int = RATE, harmonics: int = 4) -> np.ndarray:
    """A struck string, `semitone` above middle C."""
    time = np.arange(round(seconds * rate)) / rate
    pitch = 261.63 * 2 ** (semitone / 12)
    wave = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, harmonics + 1))
    return (0.15 * wave * np.exp(-3 * time)).astype(np.float32)


def tune(chords: Sequence[Sequence[int]], bpm: float, beats: int, shift: int = 0) -> np.ndarray:
    """A chord on every beat, four beats each, going round."""
    length = 60 / bpm
    made = [
        sum(note(pitch + shift, length) for pitch in chords[beat // 4 % len(chords)]) for beat in range(beats)
    ]
    return np.concatenate(made)


def clicks(bpm: float, seconds: float, every: int = 4) -> np.ndarray:
    """Short bursts of noise, the first of each bar louder."""
    chance = np.random.default_rng(1)
    made = np.zeros(round(seconds * RATE), np.float32)
    for number, second in enumerate(np.arange(0, seconds - 0.1, 60 / bpm)):
        loud = 0.9 if number % every == 0 else 0.4
        first = round(second * RATE)
        made[first : first + 400] += loud * chance.normal(0, 0.3, 400)
    return made


def sine(hertz: float, decibels: float, seconds: float, rate: int) -> np.ndarray:
    """A sine whose peak is at that many dBFS."""
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)
