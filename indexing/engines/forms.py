"""Photographs, drawings, documents and screenshots told apart by their pixels, without a model."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from indexing.engines.colours import to_lab

STILL = 2
"""The difference between neighbours (of 255) that counts as none: thumbnails are lossy."""
INK_SIDE = 24
"""Pixels; the tallest letter in a picture whose long side is 512."""
DARK = 80
"""Luma; where half of the picture is darker, its letters are light."""
PAPERS = (2**0.5, 11 / 8.5)
"""Long side over short side: ISO 216 and US Letter."""
SMALLEST = 100
"""Pixels of the short side below which nothing is claimed."""


class Form(NamedTuple):
    """What a picture is, and about how often such a claim was right (tests.bench.bench_likeness)."""

    name: str
    confidence: float


class Features(NamedTuple):
    """Shares in 0..1 unless said otherwise. `spread` is the entropy of luma in 64 steps, 0 to 6 bits; `flat`
    the pixels like both neighbours; `top` those of the four commonest colours (32 steps a channel); `paper`
    the light and neutral ones; `colourful` those of strong hue; `ink` those in marks of a letter's size;
    `marks` the number of such marks for 10,000 pixels; `proportion` long side over short side."""

    spread: float
    flat: float
    top: float
    paper: float
    colourful: float
    ink: float
    marks: float
    proportion: float


def form_of(rgb: np.ndarray) -> Form | None:
    """The form of an RGB picture (height, width, 3) of uint8, about 512 pixels on its long side.

    None where it is not clear. A painting, or a drawing with soft shading, has the pixels of a photograph
    and is taken for one.
    """
    if min(rgb.shape[:2]) < SMALLEST:
        return None
    features = measure(rgb)
    if features.spread >= 4.2 and features.flat < 0.6:
        return Form("photograph", 0.97)
    if features.spread <= 4.0 and features.flat >= 0.55 and features.top >= 0.4:
        return _graphic(features)
    return None


def _graphic(features: Features) -> Form | None:
    """Which of the three with flat colours."""
    if features.ink < 0.012:
        return Form("drawing", 0.95) if features.flat >= 0.7 else None
    if features.ink < 0.02:
        return None
    on_paper = features.paper > 0.6 and features.colourful < 0.04
    if not on_paper:
        return Form("screenshot", 0.95) if features.spread <= 3.4 else None
    of_a_sheet = min(abs(features.proportion - paper) for paper in PAPERS) < 0.03
    return Form("document", 0.95) if of_a_sheet and features.marks >= 5 else None


def measure(rgb: np.ndarray) -> Features:
    """What the rules look at."""
    height, width = rgb.shape[:2]
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    lab = to_lab(rgb.reshape(-1, 3))
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    ink, marks = _ink(luma)
    return Features(
        spread=_entropy(luma >> 2),
        flat=_flat(rgb),
        top=_commonest(rgb),
        paper=float(((lab[:, 0] > 70) & (chroma < 12)).mean()),
        colourful=float((chroma > 25).mean()),
        ink=ink,
        marks=marks,
        proportion=max(height, width) / min(height, width),
    )


def _entropy(steps: np.ndarray) -> float:
    """Shannon's entropy of small whole numbers, in bits."""
    shares = np.bincount(steps.ravel()) / steps.size
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum())


def _flat(rgb: np.ndarray) -> float:
    right = cv2.absdiff(rgb[:-1, :-1], rgb[:-1, 1:]).max(2)
    below = cv2.absdiff(rgb[:-1, :-1], rgb[1:, :-1]).max(2)
    return float(((right <= STILL) & (below <= STILL)).mean())


def _commonest(rgb: np.ndarray) -> float:
    numbers = (rgb >> 3).astype(np.int32) @ np.array([1024, 32, 1], np.int32)
    counts = np.bincount(numbers.ravel())
    return float(np.sort(counts)[-4:].sum() / numbers.size)


def _ink(luma: np.ndarray) -> tuple[float, float]:
    """The share of pixels in marks of a letter's size, dark on light or light on dark as the most of the
    picture is, and their number for 10,000 pixels."""
    return _letters(luma if np.median(luma) >= DARK else 255 - luma)


def _letters(luma: np.ndarray) -> tuple[float, float]:
    dark = cv2.adaptiveThreshold(luma, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 12)
    boxes = cv2.connectedComponentsWithStats(dark)[2][1:]
    wide, tall = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    area = boxes[:, cv2.CC_STAT_AREA]
    letters = (tall >= 3) & (tall <= INK_SIDE) & (wide <= 4 * INK_SIDE) & (area >= 4)
    return float(area[letters].sum() / luma.size), float(1e4 * letters.sum() / luma.size)
