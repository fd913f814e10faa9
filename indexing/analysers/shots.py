"""Shots of a film, each with the frames that stand for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.representatives import Representative, representatives
from indexing.engines.cache import loaded
from indexing.engines.shots import HEIGHT, WIDTH, PySceneDetect, Shot, ShotDetector, TransNetV2


class Shots:
    """One "shot" for each shot.

    details["frames"] are those that stand for it: the second of each, and the span [start, end) that it
    stands for; details["keyframe"] is the second of the clearest.
    """

    name = "shots"
    version = "2"
    kinds: Sequence[str] = ("shot",)
    applies_to: Sequence[MediaKind] = ("video",)
    depends: Sequence[str] = ()
    queue: Queue = "cpu"
    spaces: Mapping[str, int] = {}

    def __init__(self, engine: Literal["transnetv2", "pyscenedetect"] = "transnetv2") -> None:
        self.model = TransNetV2.name if engine == "transnetv2" else PySceneDetect.name
        self.weights: Sequence[str] = ("transnetv2",) if engine == "transnetv2" else ()

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        shots = self._detector(context).detect(media.stream(WIDTH, HEIGHT), media.duration)
        for shot, frames in zip(shots, representatives(media, shots), strict=True):
            yield Finding(
                kind="shot",
                place=Place(shot.start, shot.end),
                confidence=shot.confidence,
                details=_details(shot, frames),
            )

    def _detector(self, context: Context) -> ShotDetector:
        if not self.weights:
            return PySceneDetect()
        path, threads = context.weights("transnetv2"), context.threads
        return loaded(("transnetv2", path, threads), lambda: TransNetV2(path, threads))


def _details(shot: Shot, frames: Sequence[Representative]) -> dict[str, Any]:
    """The middle of the shot counts as its key frame where the budget left it none."""
    clearest = max(frames, key=lambda frame: frame.clearness, default=None)
    middle = round((shot.start + shot.end) / 2, 3)
    spans = [{"second": frame.second, "start": frame.start, "end": frame.end} for frame in frames]
    return {"keyframe": clearest.second if clearest else middle, "frames": spans}
