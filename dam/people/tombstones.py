"""Places where nobody may be recognised again: by face in one layer, by voice in another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dam.assets.models import Asset
from dam.people.models import Tombstone
from dam.people.turns import Span, length, merged, shared, span_of
from indexing.analysers.contract import Place, Region
from indexing.models import Annotation
from indexing.places import place_of

COVERED = 0.3
"""Share of the smaller box, or of the seconds of a clearest stretch, that is shared from which a tombstone
covers it. It is generous: a newer model finds another box or span, and doubt keeps the vector out."""
FIELDS = ("start", "end", "x", "y", "w", "h")


@dataclass(frozen=True)
class Graves:
    """The tombstones of one scope in one asset."""

    places: Sequence[Place]

    def cover(self, place: Place) -> bool:
        """Whether nobody may be recognised there, not even somebody who consented."""
        return any(_meet(one, place) and _same_box(one.region, place.region) for one in self.places)

    def near(self, place: Place) -> bool:
        """Whether nothing unnamed may be kept there. In a film a face moves, so a shared span is enough."""
        return any(
            _meet(one, place) and (one.start is not None or _same_box(one.region, place.region))
            for one in self.places
        )

    def share(self, spans: Sequence[Span]) -> float:
        """How much of those seconds lies under tombstones, 0..1; `spans` are free of overlap."""
        graves = merged(span for one in self.places if (span := span_of(one)))
        return shared(spans, graves) / (length(spans) or 1.0)


def graves_of(asset: Asset, scope: str) -> Graves:
    """The tombstones of that asset that bar recognition by face, or by voice, read now."""
    return Graves([place_of(row) for row in asset.tombstones.filter(scope=scope)])


def lay(facts: Iterable[Annotation], scope: str) -> int:
    """Leave a tombstone of that scope at the place of each fact that has one; returns how many."""
    places = {(fact.asset_id, *(getattr(fact, name) for name in FIELDS)) for fact in facts}
    rows = [
        Tombstone(asset_id=asset_id, scope=scope, **dict(zip(FIELDS, numbers, strict=True)))
        for asset_id, *numbers in places
        if any(number is not None for number in numbers)
    ]
    return len(Tombstone.objects.bulk_create(rows, batch_size=1000))


def _meet(one: Place, other: Place) -> bool:
    """Whether two spans share a moment; a place without a span is there all the time."""
    if one.start is None or other.start is None:
        return True
    return one.start <= (other.end or other.start) and other.start <= (one.end or one.start)


def _same_box(one: Region | None, other: Region | None) -> bool:
    if one is None or other is None:
        return True
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    smaller = min(one.w * one.h, other.w * other.h)
    return max(0.0, width) * max(0.0, height) >= COVERED * smaller
