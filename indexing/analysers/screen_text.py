"""Text that stays on screen becomes one fact, though each frame is read a little differently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from indexing.analysers.contract import Finding, Place, Region

ALIKE = 0.75
"""Similarity (Ratcliff and Obershelp, 0..1) from which two readings in one place are of one text."""
MOVING = 0.9
"""And from which they are where the text has moved."""
LONG_ENOUGH = 6  # letters from which a text is known again elsewhere
TOGETHER = 0.3  # share of the smaller box that lies in the other: one place


@dataclass
class Run:
    """Readings of one text in frames that follow each other."""

    readings: list[tuple[int, Place, Finding]]

    @property
    def last(self) -> tuple[int, Finding]:
        frame, _, finding = self.readings[-1]
        return frame, finding

    def fact(self) -> Finding:
        """The surest reading, from when the text is first seen until it is last seen."""
        best = max((finding for _, _, finding in self.readings), key=lambda each: each.confidence or 0.0)
        start, end = self.readings[0][1].start, self.readings[-1][1].end
        details = {**best.details, "frames": len(self.readings)}
        children = [_over(part, start, end) for part in best.children]
        return replace(_over(best, start, end), details=details, children=children)


def staying(frames: Iterable[tuple[Place, Sequence[Finding]]]) -> list[Finding]:
    """One finding for each text that stays, in order of its beginning.

    `frames` are the frames looked at in order: the span that each stands for, and what is written in it.
    """
    runs: list[Run] = []
    for number, (span, findings) in enumerate(frames):
        going_on = [run for run in runs if run.last[0] == number - 1]
        for finding in findings:
            run = _continued(going_on, finding)
            if run is None:
                runs.append(run := Run([]))
            else:
                going_on.remove(run)
            run.readings.append((number, span, finding))
    return [run.fact() for run in runs]


def _continued(runs: Sequence[Run], finding: Finding) -> Run | None:
    """The run that the finding goes on with, the likest of several."""
    scored = [(_likeness(run.last[1], finding), number) for number, run in enumerate(runs)]
    likest = max(scored, default=(0.0, -1))
    return runs[likest[1]] if likest[0] > 0 else None


def _likeness(one: Finding, other: Finding) -> float:
    """How like two readings are, 0 where they are not of one text."""
    text, again = (" ".join(each.text.casefold().split()) for each in (one, other))
    needed = ALIKE if _in_one_place(one.place.region, other.place.region) else MOVING
    if needed == MOVING and min(len(text), len(again)) < LONG_ENOUGH:
        return 0.0
    likeness = SequenceMatcher(None, text, again, autojunk=False).ratio()
    return likeness if likeness >= needed else 0.0


def _in_one_place(one: Region | None, other: Region | None) -> bool:
    if one is None or other is None:
        return one is other
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    shared = max(0.0, width) * max(0.0, height)
    return shared >= TOGETHER * min(one.w * one.h, other.w * other.h)


def _over(finding: Finding, start: float | None, end: float | None) -> Finding:
    return replace(finding, place=Place(start, end, finding.place.region))
