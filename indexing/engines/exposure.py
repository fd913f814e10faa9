"""How sharp, how well lit and how rich in contrast a picture is, each as one number in 0..1."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

BLUR = 11
"""Pixels of the averaging filter; the value of Crété et al. and of their followers."""
MIDDLE, SPREAD = 0.5, 0.2
"""The luma that is exposed best and the width of the curve around it (Mertens et al. 2007, section 3.1)."""
BLACK, WHITE = 8, 247
"""Luma from which a pixel counts as lost in shadow or burnt out."""


class Quality(NamedTuple):
    """Each in 0..1. `sharpness`: 0 is wholly blurred. `exposure`: 1 is lit best everywhere. `contrast`: 1 is
    half black, half white. `dark` and `bright` are the shares of pixels lost in shadow and burnt out."""

    sharpness: float
    exposure: float
    contrast: float
    dark: float
    bright: float


def quality(rgb: np.ndarray) -> Quality:
    """The measures of an RGB picture (height, width, 3) of uint8. They depend on its size: compare likes.

    Exposure is well-exposedness (Mertens, Kautz and Van Reeth, "Exposure fusion", 2007), contrast is the root
    mean square contrast (Peli, "Contrast in complex images", 1990) over its largest value.
    """
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    share = luma.astype(np.float32) / 255
    lit = np.exp(-((share - MIDDLE) ** 2) / (2 * SPREAD**2))
    return Quality(
        sharpness=sharpness(share),
        exposure=float(lit.mean()),
        contrast=min(1.0, 2 * float(share.std())),
        dark=float((luma <= BLACK).mean()),
        bright=float((luma >= WHITE).mean()),
    )


def sharpness(luma: np.ndarray) -> float:
    """How much of a picture's detail an extra blur would take away, 0..1: little where it is blurred already.

    One less the blur effect of Crété, Dolmiere, Ladret and Nicolas, "The blur effect: perception and
    estimation with a new no-reference perceptual blur metric", 2007. `luma` is (height, width) in 0..1.
    """
    lost = [_lost(luma, axis) for axis in (0, 1)]
    return float(min(lost))


def _lost(luma: np.ndarray, axis: int) -> float:
    """The share of the differences between neighbours along an axis that blurring along it takes away."""
    kernel = (1, BLUR) if axis == 0 else (BLUR, 1)
    before = np.abs(np.diff(luma, axis=axis))
    after = np.abs(np.diff(cv2.blur(luma, kernel), axis=axis))
    total = float(before.sum())
    return float(np.maximum(0, before - after).sum()) / total if total else 0.0
