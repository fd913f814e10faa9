"""The picture half of OpenAI's CLIP ViT-B/16 on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from indexing.engines import onnx
from indexing.engines.text_image import unit

SIDE = 224
DIMENSIONS = 512
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
"""Of the pictures that CLIP was trained on (Radford et al. 2021, arXiv:2103.00020, and its code)."""


class ImageTower:
    """Pictures to unit vectors. One picture a call: the dynamic int8 scales depend on the batch."""

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads, int8=True)

    def encode(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """Unit vectors (n, 512) of RGB pictures (height, width, 3) of uint8."""
        return unit(np.concatenate([self._encode_one(picture) for picture in pictures]))

    def _encode_one(self, rgb: np.ndarray) -> np.ndarray:
        planes = prepare(rgb).transpose(2, 0, 1)[None]
        vector: np.ndarray = self._session.run(["image_embeds"], {"pixel_values": planes})[0]
        return vector


def prepare(rgb: np.ndarray) -> np.ndarray:
    """The middle square of a picture at 224 pixels, normalised: (224, 224, 3) of float32."""
    picture = Image.fromarray(rgb)
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    square = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    return (np.asarray(square, np.float32) / 255 - MEAN) / DEVIATION
