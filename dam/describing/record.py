"""What people have written about an asset, field by field, and what machines and the file propose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from dam.assets.models import Asset
from dam.describing.fields import FIELDS, Field, Value
from dam.describing.places import WrittenPlace
from indexing.models import Annotation

PROPOSALS_SHOWN = 12
Status = Annotation.Status


@dataclass(frozen=True)
class Proposal:
    """A text that a machine found or that the file carries, beside the field in which it would stand."""

    fact: Annotation
    text: str

    @property
    def origin(self) -> str:
        """Who says so, in words."""
        if self.fact.source == Annotation.Source.FILE:
            return "the file"
        return self.fact.run.analyser if self.fact.run else "a machine"


@dataclass(frozen=True)
class Record:
    """An asset's fields: what holds of each because a person says so, the facts behind it, and proposals."""

    values: dict[str, Value]
    facts: dict[str, list[Annotation]]
    proposals: dict[str, list[Proposal]]


def record_of(asset: Asset, names: Collection[str] = tuple(FIELDS)) -> Record:
    """The record of an asset, or those fields of it. One query."""
    by_kind: dict[str, list[Annotation]] = defaultdict(list)
    for fact in _whole(asset, [FIELDS[name].kind for name in names]):
        by_kind[fact.kind].append(fact)
    values, held, proposals = {}, {}, {}
    for name in names:
        field = FIELDS[name]
        said = [fact for fact in by_kind[field.kind] if is_said(fact)]
        values[name] = asset.title if name == "title" else value_of(field, said)
        held[name] = said
        proposals[name] = _proposals(by_kind[field.kind], said)
    return Record(values, held, proposals)


def is_said(fact: Annotation) -> bool:
    """Whether a person said it, or decided that a machine or the file is right."""
    return fact.status == Status.ACCEPTED and fact.reviewed_at is not None


def text_of(fact: Annotation) -> str:
    """A fact as it stands in its field."""
    if fact.kind != "place":
        return fact.text
    lat, lon = fact.details.get("lat"), fact.details.get("lon")
    return WrittenPlace(fact.text, lat, lon).written


def value_of(field: Field, facts: Iterable[Annotation]) -> Value:
    """The value that facts of the field's kind make; of several where one is asked for, the latest."""
    texts = tuple(dict.fromkeys(text_of(fact) for fact in facts))
    if field.many:
        return texts
    return texts[-1] if texts else ""


def _whole(asset: Asset, kinds: Collection[str]) -> QuerySet[Annotation]:
    """The facts of those kinds that are about the whole asset and hold, in the order of their writing."""
    facts = Annotation.objects.filter(asset=asset.pk, kind__in=kinds, parent=None, start=None, x=None)
    holding = facts.filter(status__in=(Status.PROPOSED, Status.ACCEPTED))
    return holding.select_related("run").order_by("pk")


def _proposals(facts: Iterable[Annotation], said: Iterable[Annotation]) -> list[Proposal]:
    """What is there already is not proposed; the file's own values come first, then what is surest."""
    texts = {text_of(fact).casefold() for fact in said}
    found: dict[str, Proposal] = {}
    for fact in sorted(facts, key=_standing):
        text = text_of(fact)
        if text and not is_said(fact) and text.casefold() not in texts:
            found.setdefault(text.casefold(), Proposal(fact, text))
    return list(found.values())[:PROPOSALS_SHOWN]


def _standing(fact: Annotation) -> tuple[bool, float]:
    return fact.source != Annotation.Source.FILE, -(fact.confidence or 0.0)
