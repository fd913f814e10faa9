"""The history of an asset: what people wrote and decided, and what became of its own columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from dam.assets.models import Asset
from dam.describing.changes import (
    Change,
    Line,
    Stretch,
    Written,
    day_and_time,
    newest_first,
    row_changes,
    words,
)
from dam.describing.fields import FIELDS, KINDS, Value
from dam.describing.models import AssetEvent
from dam.describing.record import value_of
from indexing import kinds
from indexing.models import Annotation, Review

REVIEWS_READ = 300
TOGETHER = timedelta(seconds=2)
"""Decisions of one person on facts of one kind that follow each other so closely are told as one change."""
Status = Annotation.Status


def _in_trash(value: datetime | None) -> str:
    return f"in the trash since {day_and_time(value)}" if value else "in the library"


COLUMNS = {
    "title": Written("Title", words, restorable=True),
    "original_name": Written("File", words),
    "sha256": Written("SHA-256 of the file", words),
    "trashed_at": Written("Place", _in_trash),
    "embargo_until": Written("Embargo until", day_and_time),
}


def history_of(asset: Asset, before: datetime) -> tuple[list[Change], datetime | None]:
    """The changes of an asset before a moment, newest first, and the moment before which there are more."""
    return newest_first([_decisions(asset, before), row_changes(AssetEvent, [asset], COLUMNS, before)])


def values_at(asset: Asset, at: datetime) -> dict[str, Value]:
    """What stood in the fields at a moment, its own changes included. Two queries."""
    whole = {f"annotation__{name}": None for name in ("parent", "start", "x")}
    decided = Review.objects.filter(
        annotation__asset=asset.pk, annotation__kind__in=list(KINDS), decided_at__lte=at, **whole
    )
    latest = decided.order_by("annotation", "-decided_at", "-pk").distinct("annotation")
    said: dict[str, list[Annotation]] = defaultdict(list)
    for review in latest.select_related("annotation"):
        if review.decision == Status.ACCEPTED:
            said[review.annotation.kind].append(review.annotation)
    values = {name: value_of(field, said[field.kind]) for name, field in FIELDS.items()}
    return {**values, "title": _title_at(asset, at)}


def _title_at(asset: Asset, at: datetime) -> str:
    events = AssetEvent.objects.filter(pgh_obj=asset.pk, pgh_created_at__gt=at).order_by("pgh_id")
    return next(iter(events.values_list("title", flat=True)[:1]), asset.title)


def _decisions(asset: Asset, before: datetime) -> Stretch:
    """People's decisions on facts. Those on titles are told by the asset's own column."""
    rows = Review.objects.filter(annotation__asset=asset.pk, decided_at__lt=before, annotation__parent=None)
    rows = rows.exclude(annotation__kind="title").select_related("annotation")
    found = list(rows.order_by("-decided_at", "-pk")[:REVIEWS_READ])
    return Stretch(_grouped(found), found[-1].decided_at if len(found) == REVIEWS_READ else None)


def _grouped(reviews: Iterable[Review]) -> list[Change]:
    changes: list[Change] = []
    for review in reviews:
        label = _label(review.annotation.kind)
        last = changes[-1] if changes else None
        open_still = last and last.since - review.decided_at <= TOGETHER
        if not (last and open_still and (last.label, last.user_id) == (label, review.reviewer_id)):
            last = Change(review.decided_at, review.decided_at, review.reviewer_id, label, _name(review))
            changes.append(last)
        last.since = review.decided_at
        last.lines.insert(0, Line(_verb(review), _text(review.annotation)))
    return changes


def _name(review: Review) -> str:
    """The field that this decision is about; a fact with a second or a region stands in none."""
    fact = review.annotation
    field = KINDS.get(fact.kind)
    return field.name if field and fact.start is None and fact.x is None else ""


def _verb(review: Review) -> str:
    own = review.annotation.source == Annotation.Source.PERSON
    said: dict[Any, str] = {
        Status.ACCEPTED: "wrote" if own else "accepted",
        Status.REJECTED: "rejected",
        Status.SUPERSEDED: "took out",
        Status.PROPOSED: "left undecided",
    }
    return said.get(review.decision, review.decision)


def _text(fact: Annotation) -> str:
    return fact.text or (str(fact.number) if fact.number is not None else _label(fact.kind))


def _label(kind: str) -> str:
    """The kind's label; the plain name of one whose analyser is no longer installed."""
    try:
        return kinds.get(kind).label
    except KeyError:
        return kind.capitalize()
