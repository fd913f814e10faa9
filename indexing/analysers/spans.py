"""What is seen in the frames of a film that follow each other becomes one span."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from indexing.analysers.contract import Finding, Place, Region


class Sight(NamedTuple):
    """Something seen in one frame. `frame` counts the frames that were looked at, `place` is the span that
    the frame stands for, `label` is what joins sights; `number` is how many of it the frame shows."""

    frame: int
    place: Place
    label: str
    confidence: float
    region: Region | None = None
    number: int = 1


def merged(kind: str, sights: Iterable[Sight], language: str = "en") -> list[Finding]:
    """One finding of that kind for each stretch of frames in a row that show the same label.

    It lasts from the first frame's place to the last one's, and has the confidence and the region of the
    surest sight; details tell how many frames and how many at once at most.
    """
    return [_finding(kind, run, language) for run in runs(sights)]


def runs(sights: Iterable[Sight]) -> list[list[Sight]]:
    """Sights of one label in frames that follow each other, in order of their beginnings.

    Of several sights of a label in one frame the surest stands for all.
    """
    found: list[list[Sight]] = []
    last: dict[str, list[Sight]] = {}
    for sight in _one_a_frame(sights):
        run = last.get(sight.label)
        if run is None or run[-1].frame < sight.frame - 1:
            run = last[sight.label] = []
            found.append(run)
        run.append(sight)
    return found


def _one_a_frame(sights: Iterable[Sight]) -> list[Sight]:
    best: dict[tuple[int, str], Sight] = {}
    numbers: dict[tuple[int, str], int] = {}
    for sight in sights:
        key = (sight.frame, sight.label)
        numbers[key] = numbers.get(key, 0) + sight.number
        best[key] = max(best.get(key, sight), sight, key=lambda each: each.confidence)
    ordered = sorted(best.items(), key=lambda item: item[0][0])
    return [sight._replace(number=numbers[key]) for key, sight in ordered]


def _finding(kind: str, run: Sequence[Sight], language: str) -> Finding:
    best = max(run, key=lambda sight: sight.confidence)
    details: Mapping[str, Any] = {"frames": len(run), "count": max(sight.number for sight in run)}
    return Finding(
        kind=kind,
        text=best.label,
        place=Place(run[0].place.start, run[-1].place.end, best.region),
        confidence=best.confidence,
        language=language,
        details=details,
    )
