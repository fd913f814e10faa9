"""Opening and closing credits of a film, by how many lines of text stand on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.analysers.keyframes import moments

SHORTEST_FILM = 30.0
"""Seconds; shorter films have no credits."""
SUBTITLES = 0.8
"""Lines whose middle lies below this share of the height are left to subtitles and captions."""
LASTING, LASTING_SHARE = 90.0, 0.15
"""Text that stays longer than this many seconds and this share of the film is a logo, a clock, a channel."""
MIDDLE = 0.2, 0.8
"""The part of the film that tells how much text is usual in it, as shares of its length."""


class Bin(NamedTuple):
    """The span that a frame stands for, and the texts that are read in it."""

    start: float
    end: float
    lines: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """What counts as credits at one end of a film.

    `window` is where they are looked for (seconds at least, share of the film, seconds at most), `more` how
    many lines above the usual a frame must show, `gap` how many seconds may pass without, and `different`
    how many different lines there must be in all.
    """

    name: str
    window: tuple[float, float, float]
    more: int
    gap: float
    different: int


OPENING = Rule("opening", (60.0, 0.15, 600.0), more=1, gap=30.0, different=4)
CLOSING = Rule("closing", (60.0, 0.15, 900.0), more=3, gap=12.0, different=4)
LEAST = 3.0
"""Seconds that credits last."""


class Credits:
    """At most one "opening" and one "closing".

    Confidence grows with the lines on the screen (0.5 where they are as many as must be); it is not
    calibrated. details["lines"] is the number of different lines read.
    """

    name = "credits"
    version = "1"
    model = "text-density"
    kinds: Sequence[str] = ("credits",)
    applies_to: Sequence[MediaKind] = ("video",)
    depends: Sequence[str] = ("shots", "text")
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        length = media.duration or 0.0
        if length < SHORTEST_FILM:
            return
        bins = _bins(context, length)
        usual = _usual(bins, length)
        for rule in (OPENING, CLOSING):
            if found := _found(rule, bins, usual, length):
                yield found


def _bins(context: Context, length: float) -> list[Bin]:
    lines = [text for text in context.facts("text") if _is_part_of_the_picture(text, length)]
    places = [place for place, _ in moments(context)]
    return [Bin(place.start or 0.0, place.end or 0.0, _during(place, lines)) for place in places]


def _is_part_of_the_picture(text: Finding, length: float) -> bool:
    """Neither a subtitle nor something that stays for long."""
    place = text.place
    if place.start is None or place.end is None:
        return False
    low = place.region is not None and place.region.y + place.region.h / 2 > SUBTITLES
    return not low and place.end - place.start <= max(LASTING, LASTING_SHARE * length)


def _during(place: Place, lines: Sequence[Finding]) -> frozenset[str]:
    """The texts on screen for more than half of that span."""
    start, end = place.start or 0.0, place.end or 0.0
    return frozenset(
        line.text
        for line in lines
        if min(end, line.place.end or 0.0) - max(start, line.place.start or 0.0) > (end - start) / 2
    )


def _usual(bins: Sequence[Bin], length: float) -> float:
    """The number of lines that half of the film's middle exceeds, 0 where there is no middle."""
    first, last = (share * length for share in MIDDLE)
    shares = ((len(each.lines), min(each.end, last) - max(each.start, first)) for each in bins)
    middle = sorted((count, seconds) for count, seconds in shares if seconds > 0)
    if not middle:
        return 0.0
    counts, seconds = np.array(middle).T
    return float(counts[np.searchsorted(seconds.cumsum(), seconds.sum() / 2)])


def _found(rule: Rule, bins: Sequence[Bin], usual: float, length: float) -> Finding | None:
    """The longest run of frames full of text in the rule's window."""
    start, end = _window(rule, length)
    full = [
        each
        for each in bins
        if start <= each.start and each.end <= end and len(each.lines) >= usual + rule.more
    ]
    runs = [run for run in _runs(full, rule.gap) if _is_enough(run, rule)]
    longest = max(runs, key=lambda run: run[-1].end - run[0].start, default=None)
    return _finding(rule, longest, usual) if longest else None


def _window(rule: Rule, length: float) -> tuple[float, float]:
    least, share, most = rule.window
    reach = min(max(least, share * length), most, length / 2)
    return (0.0, reach) if rule.name == "opening" else (length - reach, length + 1.0)


def _runs(bins: Sequence[Bin], gap: float) -> list[list[Bin]]:
    runs: list[list[Bin]] = []
    for each in bins:
        if not runs or each.start - runs[-1][-1].end > gap:
            runs.append([])
        runs[-1].append(each)
    return runs


def _is_enough(run: Sequence[Bin], rule: Rule) -> bool:
    different = frozenset[str]().union(*(each.lines for each in run))
    return run[-1].end - run[0].start >= LEAST and len(different) >= rule.different


def _finding(rule: Rule, run: Sequence[Bin], usual: float) -> Finding:
    seconds = [each.end - each.start for each in run]
    above = float(np.average([len(each.lines) - usual for each in run], weights=seconds))
    different = frozenset[str]().union(*(each.lines for each in run))
    return Finding(
        kind="credits",
        text=rule.name,
        place=Place(run[0].start, run[-1].end),
        confidence=round(above / (above + rule.more), 3),
        language="en",
        details={"lines": len(different), "frames": len(run)},
    )
