"""A perceptual hash of every picture and of the frames of a film, by which copies find each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from indexing.analysers.contract import EVERYWHERE, Context, Media, MediaKind, Place, Queue, Vector
from indexing.analysers.keyframes import key_frames
from indexing.engines.perceptual_hash import BITS, SPACE, perceptual_hash

LONG_SIDE = 320
"""Pixels; the hash sees 48 of them."""


class Likeness:
    """One vector for a picture, one for each representative frame of a film; none for a plain surface."""

    name = "likeness"
    version = "1"
    model = SPACE
    kinds: tuple[str, ...] = ()
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("shots",)
    queue: Queue = "cpu"
    weights: tuple[str, ...] = ()
    spaces = {SPACE: BITS}

    def analyse(self, media: Media, context: Context) -> Iterator[Vector]:
        for place, pixels in _pictures(media, context):
            values = perceptual_hash(pixels)
            if values is not None:
                yield Vector(SPACE, values, place)


def _pictures(media: Media, context: Context) -> Iterable[tuple[Place, np.ndarray]]:
    if media.kind == "image":
        return [(EVERYWHERE, media.picture(LONG_SIDE))]
    return key_frames(media, context, LONG_SIDE)
