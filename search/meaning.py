"""What a query means, as a vector in the space that the library's pictures are in."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from indexing import weights
from indexing.engines.spaces import current_space
from indexing.engines.text_image import TextImageSpace

logger = logging.getLogger(__name__)

FLOOR_CENTRED = 0.08
"""Measured with drawn queries on 110 labelled photographs and two captions of each: 97 % of the pictures that
a caption describes lie above it and 88 % of the others below; recall at 10 is what it is without a floor."""

FLOOR_JOINT = 0.2
"""For pairs of a picture and a text model, whose cosines lie higher; not measured here."""

CACHED_QUERIES = 512


@dataclass(frozen=True, eq=False)
class Meaning:
    """A query's unit vector (dimensions,) of float32 in the named space.

    `centres_images`: the library's mean vector is taken from pictures before they are compared. Pictures
    whose cosine is below `floor` do not answer the query.
    """

    space: str
    vector: np.ndarray
    centres_images: bool = False
    floor: float = FLOOR_JOINT


class MeaningOff(LookupError):  # noqa: N818
    """There is no model that understands queries. The message is for a person."""


def understand(text: str) -> Meaning:
    """The meaning of a query. The model is loaded at the first call. Raises MeaningOff without weights."""
    space = _space()
    vector = _encoded(space.name, " ".join(text.split()))
    floor = FLOOR_CENTRED if space.centres_images else FLOOR_JOINT
    return Meaning(space.name, vector, space.centres_images, floor)


def _space() -> TextImageSpace:
    try:
        return current_space(weights.path)
    except LookupError as missing:
        logger.info("Search by meaning is off: %s", missing)
        raise MeaningOff("Search by meaning is off: its model is not installed.") from missing


@lru_cache(maxsize=CACHED_QUERIES)
def _encoded(space_name: str, text: str) -> np.ndarray:
    """Kept by the space's name: another model that takes over asks for vectors of its own."""
    vector = _space().encode_text(text)
    vector.flags.writeable = False
    return vector
