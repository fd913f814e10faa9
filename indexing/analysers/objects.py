"""Things seen in pictures and films, with their boxes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Self

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.keyframes import key_frames
from indexing.engines.detector import Detection, open_detector

LONG_SIDE = 640
"""Pixels; the detectors see 300 to 416 of them."""


class Sight(NamedTuple):
    """A kind of thing in the key frame of a shot: the surest one, and how many there are."""

    shot: int
    place: Place
    best: Detection
    number: int


class Objects:
    """Every box of a picture; for a film, the shots in which a kind of thing is seen."""

    name = "objects"
    version = "1"
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
        sights: list[Sight] = []
        for number, (place, pixels) in enumerate(key_frames(media, context, LONG_SIDE)):
            sights.extend(_sights(number, place, detector.detect(pixels)))
        return [_merged(run) for run in _runs(sights)]


def _finding(seen: Detection) -> Finding:
    place = Place(region=seen.region)
    return Finding("object", seen.label, place=place, confidence=seen.confidence, language="en")


def _sights(shot: int, place: Place, detections: Sequence[Detection]) -> Iterator[Sight]:
    by_label: defaultdict[str, list[Detection]] = defaultdict(list)
    for detection in detections:
        by_label[detection.label].append(detection)
    for same in by_label.values():
        yield Sight(shot, place, max(same, key=lambda seen: seen.confidence), len(same))


def _runs(sights: Sequence[Sight]) -> list[list[Sight]]:
    """Sights of one label in shots that follow each other."""
    runs: list[list[Sight]] = []
    last: dict[str, list[Sight]] = {}
    for sight in sights:
        run = last.get(sight.best.label)
        if run is None or run[-1].shot != sight.shot - 1:
            run = last[sight.best.label] = []
            runs.append(run)
        run.append(sight)
    return runs


def _merged(run: Sequence[Sight]) -> Finding:
    best = max((sight.best for sight in run), key=lambda seen: seen.confidence)
    return Finding(
        kind="object",
        text=best.label,
        place=Place(run[0].place.start, run[-1].place.end, best.region),
        confidence=best.confidence,
        language="en",
        details={"shots": len(run), "count": max(sight.number for sight in run)},
    )
