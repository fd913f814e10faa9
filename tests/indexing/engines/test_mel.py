"""The mel front end gives what its definition says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from indexing.engines.mel import MelFront, _hertz_to_slaney, _slaney_to_hertz

SLANEY = MelFront(16000, 512, 256, 512, 96, 0.0, 8000.0, "slaney", 2)
HTK = MelFront(16000, 400, 160, 512, 64, 125.0, 7500.0, "htk", 1)


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(16000 * seconds)) / 16000).astype(np.float32)


def test_slaneys_scale_has_its_published_points_and_goes_back() -> None:
    """15 mels at 1 kHz, and 27 more for each factor of 6.4."""
    assert [_hertz_to_slaney(hertz) for hertz in (0, 200, 1000, 6400)] == pytest.approx([0, 3, 15, 42])
    np.testing.assert_allclose(_slaney_to_hertz(np.array([0, 3, 15, 42])), [0, 200, 1000, 6400])


def test_slaneys_triangles_are_of_equal_area() -> None:
    fine = replace(SLANEY, points=8192)
    np.testing.assert_allclose(fine.filters.sum(axis=0) * 16000 / 8192, 1, atol=0.01)


def test_a_spectrogram_is_the_energy_of_windowed_frames_in_bands() -> None:
    noise = np.random.default_rng(1).normal(0, 0.3, 2000).astype(np.float32)
    frame = noise[256:768] * np.sin(np.pi * np.arange(512) / 512) ** 2
    expected = np.abs(np.fft.rfft(frame)) ** 2 @ SLANEY.filters
    np.testing.assert_allclose(SLANEY.spectrogram(noise)[1], expected, rtol=1e-4)


def test_htk_triangles_are_of_equal_height_and_leave_out_the_first_bin() -> None:
    filters = HTK.filters
    assert filters.shape == (257, 64)
    assert not filters[0].any()
    assert filters.max() <= 1
    np.testing.assert_allclose(filters[40:200].sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("front", [SLANEY, HTK], ids=["slaney", "htk"])
def test_a_higher_tone_lies_in_a_higher_band(front: MelFront) -> None:
    bands = [int(front.spectrogram(tone(hertz)).mean(axis=0).argmax()) for hertz in (300, 1000, 4000)]
    assert bands == sorted(set(bands))


@pytest.mark.parametrize("samples", [0, 1, 399, 400, 401, 560, 16000])
def test_only_whole_windows_are_frames(samples: int) -> None:
    found = HTK.spectrogram(np.zeros(samples, np.float32))
    assert found.shape == (HTK.frames(samples), 64)
    assert len(found) == (0 if samples < 400 else 1 + (samples - 400) // 160)


def test_long_sounds_are_transformed_in_parts_without_a_seam() -> None:
    noise = np.random.default_rng(2).normal(0, 0.3, 4100 * 160 + 400).astype(np.float32)
    whole = HTK.spectrogram(noise)
    np.testing.assert_allclose(whole[4090:], HTK.spectrogram(noise[4090 * 160 :]), rtol=1e-5)
