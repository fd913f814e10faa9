"""Things seen in pictures and films, with their boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.keyframes import key_frames
from indexing.analysers.spans import Sight, merged
from indexing.engines.detector import Detection, open_detector

LONG_SIDE = 2560
"""Pixels of a photograph; from indexing.engines.tiling.TILED_FROM it is looked at in tiles as well."""
FRAME_SIDE = 640
"""Pixels of a film's frame: the detectors see 300 to 640, and frames are many."""


class Objects:
    """Every box of a picture; for a film, the shots in which a kind of thing is seen."""

    name = "objects"
    version = "2"
    kinds = ("object",)
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("shots",)
    queue: Queue = "cpu"
    spaces: dict[str, int] = {}

    def __init__(self, model: str) -> None:
        self.model = model
        self.weights = (model,)

    @classmethod
    def choose(cls, chosen: Callable[[str], str]) -> Self:
        """The analyser with the detector that the operator named, else the preferred one."""
        return cls(chosen("objects"))

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        detector = open_detector(self.model, context.weights(self.model), context.threads)
        if media.kind == "image":
            return [_finding(seen) for seen in detector.detect(media.picture(LONG_SIDE))]
        frames = enumerate(key_frames(media, context, FRAME_SIDE))
        sights = [
            Sight(number, place, seen.label, seen.confidence, seen.region)
            for number, (place, pixels) in frames
            for seen in detector.detect(pixels)
        ]
        return merged("object", sights)


def _finding(seen: Detection) -> Finding:
    place = Place(region=seen.region)
    return Finding("object", seen.label, place=place, confidence=seen.confidence, language="en")
