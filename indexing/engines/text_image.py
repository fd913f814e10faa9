"""One space for pictures and words: what every such model offers, whichever is in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np


class TextImageSpace(Protocol):
    """Pictures and queries as vectors whose inner product says how well they fit.

    `name` is the identity of the space: vectors of different spaces cannot be compared. `description` says
    to a person what is in use. Where `centres_images` is true, the mean of a collection's image vectors
    should be subtracted from them before they are compared with a query.
    """

    name: str
    dimensions: int
    centres_images: bool
    description: str

    def encode_images(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """Unit vectors (n, dimensions) of float32 for n upright RGB pictures (height, width, 3) of uint8."""
        ...

    def encode_text(self, query: str) -> np.ndarray:
        """The unit vector (dimensions,) of float32 of a query in words."""
        ...


def unit(vectors: np.ndarray) -> np.ndarray:
    """The vectors (..., dimensions) at length one, as float32."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: np.ndarray = vectors / np.maximum(length, np.finfo(np.float32).tiny)
    return scaled.astype(np.float32)
