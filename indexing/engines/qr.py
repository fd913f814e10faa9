"""QR codes in pictures. What they say is text and nothing else: it is never followed or run."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

LONGEST = 4_296
"""Characters: the most that a QR code can hold (ISO/IEC 18004, version 40-L, alphanumeric)."""


class Code(NamedTuple):
    """A code that was read; `corners` (4, 2) are x, y in pixels, clockwise."""

    text: str
    corners: np.ndarray


def codes(rgb: np.ndarray) -> list[Code]:
    """The QR codes of an upright RGB picture (height, width, 3) of uint8 that can be read, as UTF-8 or, where
    they are not, Latin 1 (ISO/IEC 18004's default)."""
    detector = cv2.QRCodeDetector()
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    found, places = detector.detectMulti(grey)
    if not found:
        return []
    read = [(_text(detector, grey, corners), corners) for corners in places]
    return [Code(text, np.asarray(corners, np.float64)) for text, corners in read if text]


def _text(detector: cv2.QRCodeDetector, grey: np.ndarray, corners: np.ndarray) -> str:
    said, _ = detector.decodeBytes(grey, corners[None])
    try:
        return bytes(said).decode("utf-8")[:LONGEST]
    except UnicodeDecodeError:
        return bytes(said).decode("latin-1")[:LONGEST]
