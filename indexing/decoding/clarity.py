"""How well a picture shows something: sharp, lit, and not a plain colour."""

from __future__ import annotations

import cv2
import numpy as np

FAINT = 40
"""Luma (0..255) below which hardly anything is seen on a screen."""
FLAT = 24
"""Levels between the darkest and the brightest parts of a picture that shows nothing."""


def clarity(pixels: np.ndarray) -> float:
    """Sharpness of an RGB uint8 picture, 0 or more, weighed by how much of it is neither black nor white.

    Variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000)
    times the share of pixels of luma 24 to 232.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    lit = float(((luma >= 24) & (luma <= 232)).mean())
    return float(cv2.Laplacian(luma, cv2.CV_64F).var()) * lit


def is_blank(pixels: np.ndarray) -> bool:
    """Whether an RGB uint8 picture is near black, or one plain colour, but for one pixel in two hundred.

    White letters on black are not blank.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    below = np.bincount(luma.ravel(), minlength=256).cumsum() / luma.size
    dark, bright = np.searchsorted(below, (0.005, 0.995)).tolist()
    return bool(bright < FAINT or bright - dark < FLAT)
