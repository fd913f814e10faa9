"""Facts with a span as lanes under the player: one lane a kind, one row a value, one bar a span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexing import kinds
from indexing.models import Annotation

SEEN = ("chapter", "person", "face", "object", "action", "scene", "event", "context", "text", "credits")
HEARD = ("turn", "mention", "sound", "section", "genre", "mood", "instrument", "vocals", "condition")
LANES = (*SEEN, *HEARD, "narration", "highlight")
IN_ORDER = ("turn", "section")
"""Lanes whose rows are read from the first that begins to the last, not from the longest to the shortest."""
ONE_ROW = ("chapter", "face", "narration", "highlight")
ROWS, BARS = 6, 200
"""Rows of a lane and bars of a row that are drawn; the list of facts beside has all of them."""


@dataclass(frozen=True)
class Row:
    """One value and the facts that place it in time, in order."""

    label: str
    bars: Sequence[Annotation]


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
        return [Row("", spans[:BARS])]

    def label(fact: Annotation) -> str:
        return names.get(fact.details.get("speaker", 0), fact.text)

    ordered = sorted(spans, key=lambda fact: (label(fact), fact.start))
    rows = [Row(text, list(same)) for text, same in groupby(ordered, key=label)]
    drawn = [Row(row.label, row.bars[:BARS]) for row in rows]
    if spans and spans[0].kind in IN_ORDER:
        return sorted(drawn, key=lambda row: row.bars[0].start or 0.0)
    return sorted(drawn, key=_seconds, reverse=True)


def _seconds(row: Row) -> float:
    return sum((bar.end or 0.0) - (bar.start or 0.0) for bar in row.bars)
