"""Tempo, beats and bars of clicks and chords."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.music.features import FRAMES_A_SECOND
from indexing.engines.music.musicnn import HOP, log_mel
from indexing.engines.music.tempo import Tempo, pulse_of, tempo_of
from tests.indexing.engines.music.made import C_MAJOR, RATE, clicks, note, tune


def flux(sound: np.ndarray) -> np.ndarray:
    return np.maximum(0, np.diff(log_mel(sound), axis=0)).mean(axis=1)


@pytest.mark.parametrize("bpm", [66, 90, 120, 150])
def test_clicks_and_chords_have_their_tempo_or_its_double(bpm: float) -> None:
    for sound in (clicks(bpm, 20), tune(C_MAJOR, bpm, round(20 * bpm / 60))):
        found = tempo_of(flux(sound), FRAMES_A_SECOND)
        assert found is not None
        assert min(abs(found.bpm * times / bpm - 1) for times in (0.5, 1, 2)) < 0.04


def test_the_double_and_the_half_are_always_offered() -> None:
    assert Tempo(96.25, 0.5).alternatives == [192.5, 48.1]


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(10 * RATE, np.float32),
        np.random.default_rng(3).normal(0, 0.1, 12 * RATE).astype(np.float32),
        note(0, 12),
        clicks(120, 2),
        np.zeros(0, np.float32),
    ],
    ids=["silence", "noise", "one note", "two seconds", "nothing"],
)
def test_what_has_no_pulse_has_no_tempo(sound: np.ndarray) -> None:
    assert tempo_of(flux(sound), FRAMES_A_SECOND) is None


def test_beats_lie_on_the_clicks_and_bars_on_the_loud_ones() -> None:
    found = pulse_of(flux(clicks(120, 20)), FRAMES_A_SECOND, HOP, Tempo(120, 1))
    away = [abs(beat * 2 - round(beat * 2)) / 2 for beat in found.beats]
    assert np.median(away) < 0.05
    assert found.metre == 4
    assert np.diff(found.bars) == pytest.approx(2, abs=0.1)
    assert round(found.bars[1]) % 2 == 0


def test_a_waltz_has_bars_of_three() -> None:
    found = pulse_of(flux(clicks(120, 24, every=3)), FRAMES_A_SECOND, HOP, Tempo(120, 1))
    assert found.metre == 3
