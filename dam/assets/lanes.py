"""Facts with a span as lanes under the player: one lane a kind, one row a value, one bar a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexing import kinds
from indexing.models import Annotation

SEEN = (
    "chapter",
    "shot",
    "person",
    "face",
    "object",
    "action",
    "scene",
    "event",
    "context",
    "text",
    "credits",
)
HEARD = (
    "turn",
    "speech",
    "mention",
    "sound",
    "section",
    "genre",
    "mood",
    "instrument",
    "vocals",
    "condition",
)
LANES = (*SEEN, *HEARD, "narration", "highlight")
IN_ORDER = ("turn", "section")
"""Lanes whose rows are read from the first that begins to the last, not from the longest to the shortest."""
ONE_ROW = ("chapter", "shot", "speech", "face", "narration", "highlight")
GAPLESS = ("shot", "speech")
"""Lanes of which so many bars follow upon each other that those in a row are joined rather than left out."""
ROWS, BARS = 6, 200
"""Rows of a lane and bars of a row that are drawn; the list of facts beside has all of them."""


@dataclass(frozen=True)
class Bar:
    """A span in seconds, [start, end), of the fact of that number, and of `more` that follow upon it."""

    start: float
    end: float
    pk: int | None
    text: str = ""
    more: int = 0


@dataclass(frozen=True)
class Row:
    """One value and the bars that place it in time, in order."""

    label: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Lane:
    """All values of a kind that last for a while, those that last longest first; `more` are not drawn."""

    kind: kinds.Kind
    rows: Sequence[Row]
    more: int


def lanes(by_kind: Mapping[str, Sequence[Annotation]], names: Mapping[int, str] | None = None) -> list[Lane]:
    """The lanes of an asset whose facts are given by kind, in the order of LANES.

    `names` are those of its speakers, by the number that their turns carry.
    """
    drawn = [(kinds.get(name), _rows(by_kind.get(name, ()), names or {})) for name in LANES]
    return [Lane(kind, rows[:ROWS], max(0, len(rows) - ROWS)) for kind, rows in drawn if rows]


def _rows(facts: Sequence[Annotation], names: Mapping[int, str]) -> list[Row]:
    spans = [fact for fact in facts if fact.start is not None and fact.end is not None]
    if spans and spans[0].kind in ONE_ROW:
        return [Row("", _bars(spans))]

    def label(fact: Annotation) -> str:
        return names.get(fact.details.get("speaker", 0), fact.text)

    ordered = sorted(spans, key=lambda fact: (label(fact), fact.start))
    drawn = [Row(text, _bars(list(same))) for text, same in groupby(ordered, key=label)]
    if spans and spans[0].kind in IN_ORDER:
        return sorted(drawn, key=lambda row: row.bars[0].start)
    return sorted(drawn, key=_seconds, reverse=True)


def _bars(spans: Sequence[Annotation]) -> list[Bar]:
    """A bar for each, at most BARS; where they leave no gap, each for as many as are needed to draw all."""
    together = -(-len(spans) // BARS) if spans[0].kind in GAPLESS else 1
    firsts = range(0, len(spans), together)[:BARS]
    return [_bar(spans[first : first + together]) for first in firsts]


def _bar(spans: Sequence[Annotation]) -> Bar:
    first, end = spans[0], max(span.end or 0.0 for span in spans)
    return Bar(first.start or 0.0, end, first.pk, first.text, len(spans) - 1)


def _seconds(row: Row) -> float:
    return sum(bar.end - bar.start for bar in row.bars)
