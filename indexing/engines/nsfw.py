"""How likely a picture shows sexual content, by Yahoo's open_nsfw on ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from indexing.engines import cache, onnx

WIDE, SIDE = 256, 224
MEAN = np.array([104, 117, 123], np.float32)
"""Blue, green, red of ImageNet, as the network's own tool subtracts them (open_nsfw, classify_nsfw.py)."""


class OpenNsfw:
    """One picture a call; NHWC, blue first, the mean taken away."""

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads)
        self._input = self._session.get_inputs()[0].name

    def score(self, rgb: np.ndarray) -> float:
        """0 (safe) to 1 of an RGB picture (height, width, 3) of uint8. Not calibrated."""
        (scores,) = self._session.run(None, {self._input: prepare(rgb)[None]})
        return float(scores[0, 1])


def prepare(rgb: np.ndarray) -> np.ndarray:
    """The whole picture at 256x256, its middle 224x224: float32 (224, 224, 3).

    The network was trained on pictures that had been JPEGs once more at this size; its scores expect that.
    """
    square = np.asarray(Image.fromarray(rgb).resize((WIDE, WIDE), Image.Resampling.BILINEAR))
    edge = (WIDE - SIDE) // 2
    middle = np.ascontiguousarray(square[edge : edge + SIDE, edge : edge + SIDE, ::-1])
    _, jpeg = cv2.imencode(".jpg", middle, [cv2.IMWRITE_JPEG_QUALITY, 75])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.float32) - MEAN


def open_nsfw(weights: Path, threads: int = 1) -> OpenNsfw:
    """The network, loaded once for the process."""
    return cache.loaded(("nsfw", str(weights), threads), lambda: OpenNsfw(weights, threads))
