"""Pictures in the space that text queries are compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from indexing.analysers.contract import Context, Media, MediaKind, Queue, Vector
from indexing.analysers.keyframes import key_frames
from indexing.engines.spaces import DIMENSIONS, OPEN_CLIP, open_space

LONG_SIDE = 512
"""Pixels; the models see 224 of the shorter side."""


class Clip:
    """One vector for a picture, one for each frame that stands for a part of a film."""

    name = "clip"
    version = "2"
    kinds: tuple[str, ...] = ()
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("shots",)
    queue: Queue = "cpu"

    def __init__(self, model: str) -> None:
        self.model = model
        self.weights = (model,)
        self.spaces = {model: DIMENSIONS[model]}

    @classmethod
    def choose(cls, chosen: Callable[[str], str]) -> Clip:
        """The analyser with the model that serves text-image search."""
        model = chosen("text-image")
        return BatchedClip(model) if model == OPEN_CLIP else Clip(model)

    def analyse(self, media: Media, context: Context) -> Iterable[Vector]:
        space = open_space(self.model, context.weights(self.model), context.threads)
        if media.kind == "image":
            yield Vector(self.model, space.encode_images([media.picture(LONG_SIDE)])[0])
            return
        for place, pixels in key_frames(media, context, LONG_SIDE):
            yield Vector(self.model, space.encode_images([pixels])[0], place)


class BatchedClip(Clip):
    """The same with a model that takes several pictures in less time than one after the other."""

    def analyse_stills(self, media: Sequence[Media], context: Context) -> list[list[Vector]]:
        """The vector of each of several pictures, from one call of the model."""
        space = open_space(self.model, context.weights(self.model), context.threads)
        vectors = space.encode_images([each.picture(LONG_SIDE) for each in media])
        return [[Vector(self.model, vector)] for vector in vectors]
