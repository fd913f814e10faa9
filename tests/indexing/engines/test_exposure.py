"""Sharpness falls with blur, exposure with darkness and glare, contrast with haze."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexing.engines.exposure import quality
from tests.indexing.engines.test_perceptual_hash import scene


@pytest.fixture(scope="module")
def detailed() -> np.ndarray:
    """A picture with detail at every size."""
    noise = np.random.default_rng(0).normal(0, 25, (320, 480, 1))
    return (np.asarray(scene(3)) + noise).clip(0, 255).astype(np.uint8)


def test_more_blur_is_less_sharp(detailed: np.ndarray) -> None:
    blurred = [cv2.GaussianBlur(detailed, (0, 0), sigma) for sigma in (1, 2, 8)]
    sharp, soft, softer, softest = (quality(picture).sharpness for picture in (detailed, *blurred))
    assert sharp > soft > softer
    assert sharp > 0.7 > 0.4 > softest


def test_motion_in_one_direction_is_blur_too(detailed: np.ndarray) -> None:
    panned = cv2.blur(detailed, (25, 1))
    assert quality(panned).sharpness < 0.7 * quality(detailed).sharpness


def test_darkness_and_glare_are_badly_exposed(detailed: np.ndarray) -> None:
    dark, glaring = detailed // 20, 255 - detailed // 20
    best = quality(detailed).exposure
    assert quality(dark).exposure < 0.5 * best > quality(glaring).exposure
    assert quality(dark).dark > 0.5 > 0.01 > quality(dark).bright
    assert quality(glaring).bright > 0.5 > 0.01 > quality(glaring).dark


def test_haze_takes_contrast_away(detailed: np.ndarray) -> None:
    hazy = (detailed // 4 + 150).astype(np.uint8)
    assert quality(hazy).contrast < 0.4 * quality(detailed).contrast


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 300, 3), (64, 64, 3)])
def test_every_measure_is_a_share_even_without_any_detail(grey: int, shape: tuple[int, int, int]) -> None:
    measured = quality(np.full(shape, grey, np.uint8))
    assert all(0 <= value <= 1 for value in measured)
    assert (measured.sharpness, measured.contrast) == (0, 0)
