"""EBU R 128 on signals whose loudness is laid down by the EBU, and beside pyloudnorm's own meter."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from indexing.engines.music.loudness import RATE, Loudness, Meter
from tests.indexing.engines.music.made import sine


def heard(sound: np.ndarray, pieces: int = 7) -> Loudness:
    meter = Meter(len(sound))
    for piece in np.array_split(sound, pieces, axis=1):
        meter.add(piece)
    return meter.loudness()


def stereo(*parts: tuple[float, float]) -> np.ndarray:
    """A sine of 1000 Hz on both channels: decibels below full scale, and seconds."""
    return np.stack([np.concatenate([sine(1000, level, seconds, RATE) for level, seconds in parts])] * 2)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_the_signals_of_ebu_tech_3341_read_as_they_should(parts: list, lufs: float) -> None:
    assert heard(stereo(*parts)).integrated == pytest.approx(lufs, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "range_"),
    [([(-20, 20), (-30, 20)], 10), ([(-20, 20), (-15, 20)], 5), ([(-40, 20), (-20, 20)], 20)],
)
def test_the_ranges_of_ebu_tech_3342_read_as_they_should(parts: list, range_: float) -> None:
    assert heard(stereo(*parts)).span == pytest.approx(range_, abs=1)


def test_pieces_of_any_length_give_what_pyloudnorm_gives_for_the_whole() -> None:
    chance = np.random.default_rng(0)
    sound = (chance.normal(0, 0.1, (2, 8 * RATE)) * np.linspace(0.02, 1, 8 * RATE)).astype(np.float32)
    whole = pyloudnorm.Meter(RATE, "DeMan").integrated_loudness(sound.T.astype(np.float64))
    assert heard(sound, 1).integrated == pytest.approx(whole, abs=0.05)
    assert heard(sound, 53).integrated == pytest.approx(whole, abs=0.05)


def test_a_peak_between_samples_is_found() -> None:
    quarter = sine(12_000, -6, 1, RATE)
    shifted = np.sin(2 * np.pi * 12_000 * np.arange(RATE) / RATE + np.pi / 4).astype(np.float32)
    assert np.abs(shifted).max() == pytest.approx(2**-0.5, abs=1e-3)
    assert heard(shifted[None]).true_peak == pytest.approx(0, abs=0.3)
    assert heard(quarter[None]).true_peak == pytest.approx(-6, abs=0.3)


def test_a_cut_into_pieces_is_no_peak() -> None:
    low = sine(100, -6, 3, RATE)[None]
    assert heard(low, 29).true_peak == pytest.approx(-6, abs=0.1)


def test_silence_and_moments_have_no_loudness() -> None:
    assert heard(np.zeros((2, RATE), np.float32)) == Loudness(None, None, None)
    assert heard(stereo((-23, 0.2))).integrated is None
    assert heard(stereo((-23, 1))).span is None


def test_eight_channels_and_broken_samples_are_measured() -> None:
    eight = np.repeat(stereo((-23, 5))[:1], 8, axis=0)
    assert heard(eight).integrated == pytest.approx(-26 + 10 * np.log10(8), abs=0.1)
    broken = stereo((-23, 5))
    broken[0, 1000] = np.nan
    assert heard(broken).integrated == pytest.approx(-23, abs=0.1)


def test_the_low_frequency_channel_of_surround_does_not_count() -> None:
    surround = np.zeros((6, 5 * RATE), np.float32)
    surround[3] = sine(1000, -10, 5, RATE)
    assert heard(surround).integrated is None


def test_a_part_is_measured_apart() -> None:
    meter = Meter(2)
    meter.add(stereo((-40, 10), (-20, 10)))
    assert meter.loudness(0, 9).integrated == pytest.approx(-40, abs=0.1)
    assert meter.loudness(11, 20).integrated == pytest.approx(-20, abs=0.1)
    assert meter.seconds == pytest.approx(20)
