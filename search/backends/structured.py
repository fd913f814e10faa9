"""What is known of assets and of facts besides their words, as conditions on their rows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import reduce
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from dam.sharing.access import AssetQuerySet, collections_for
from indexing.models import Annotation, Run
from search import similar, similar_music, smart_collections
from search.backends import places, vectors
from search.backends.base import Neighbour
from search.meaning import Meaning
from search.models import MomentDocument
from search.query import Attribute, Bounds, Like, Near

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

ALIKE = 200
"""So many assets are like another one."""
LONGEST_ID = 18
"""Digits that are a number of a row for certain."""


def of_fact(attribute: Attribute) -> Q:
    """The condition on MomentDocument for an attribute of facts. Titles and file names are the file's."""
    match attribute.name, attribute.value:
        case "confidence", Bounds() as bounds:
            return _between("confidence", bounds)
        case "reviewed", choice:
            return Q(authority=2) if choice == "yes" else Q(authority__lt=2)
        case "source", "human":
            return Q(annotation__source=Annotation.Source.PERSON)
        case "source", "machine":
            return Q(annotation__source=Annotation.Source.MACHINE)
        case "source", _:
            return Q(annotation=None) | Q(annotation__source=Annotation.Source.FILE)
    raise KeyError(f"{attribute.name} is no attribute of facts.")


@dataclass(frozen=True)
class Scope:
    """The assets in which is searched, and who asks: nobody sees no collection, and likens only to these."""

    assets: AssetQuerySet
    reader: AnyUser | None = None
    _alike: dict[tuple[int, bool], list[Neighbour]] = field(default_factory=dict)
    _held: dict[tuple[str, str], Q] = field(default_factory=dict)

    def of_asset(self, node: Attribute | Near | Like, path: str = "") -> Q:
        """The condition on assets, or on rows from which `path` leads to them, such as "asset__"."""
        match node:
            case Near():
                return places.near(node, f"{path}pk")
            case Like():
                return Q(**{f"{path}pk__in": [each.asset_id for each in self.alike(node)]})
            case Attribute(name="collection", value=str(name)):
                return self._in_collection_once(name, f"{path}pk")
            case Attribute(name=name, value=value):
                return _OF_ASSET[name](value, path)

    def alike(self, like: Like) -> list[Neighbour]:
        """The assets that are like that one, most alike first, without itself; none where the reader may not
        see it, or where it has not been looked at or listened to."""
        key = like.asset_id, like.by_sound
        if key not in self._alike:
            self._alike[key] = self._find_alike(like)
        return self._alike[key]

    def _find_alike(self, like: Like) -> list[Neighbour]:
        known = self.assets if self.reader is None else Asset.objects.visible_to(self.reader)
        example = known.filter(pk=like.asset_id).first()
        if example is None:
            return []
        others = self.assets.exclude(pk=like.asset_id)
        kin = similar_music if like.by_sound else similar
        try:
            found = kin.of_asset(example)
        except similar.NoExample:
            return []
        return vectors.nearest(Meaning(found.space, found.vector, floor=kin.FLOOR), others, ALIKE)

    def _in_collection_once(self, name: str, pk: str) -> Q:
        """The same condition each time: what a smart collection answers is searched for once."""
        if (name, pk) not in self._held:
            self._held[name, pk] = self._in_collection(name, pk)
        return self._held[name, pk]

    def _in_collection(self, name: str, pk: str) -> Q:
        """In a collection of that name or number, or below it, as far as the reader sees it."""
        if self.reader is None:
            return Q(pk__in=())
        seen = collections_for(self.reader)
        named = Q(name__iexact=name)
        if name.isascii() and name.isdigit() and len(name) <= LONGEST_ID:
            named |= Q(pk=int(name))
        above = ArraySubquery(Collection.objects.filter(named, pk__in=seen.values("pk")).values("pk"))
        below = seen.filter(lineage__overlap=above)
        held = CollectionItem.objects.filter(asset=OuterRef(pk), collection__in=below.values("pk"))
        return Q(Exists(held)) | smart_collections.answering(self.reader, below, pk)


def _type(value: str | Bounds, path: str) -> Q:
    return Q(**{f"{path}kind": value})


def _duration(value: str | Bounds, path: str) -> Q:
    return _between(f"{path}duration", _bounds(value))


def _tempo(value: str | Bounds, path: str) -> Q:
    return _has(_standing("tempo").filter(_between("number", _bounds(value))), path)


def _date(value: str | Bounds, path: str) -> Q:
    unknown = Q(**{f"{path}taken_at": None})
    return _taken(value, path) | (unknown & _added(value, path))


def _taken(value: str | Bounds, path: str) -> Q:
    return _days(f"{path}taken_at", _bounds(value))


def _added(value: str | Bounds, path: str) -> Q:
    return _days(f"{path}added_at", _bounds(value))


def _language(value: str | Bounds, path: str) -> Q:
    """The asset has a fact in that language; "pt" stands for "pt-BR" too."""
    same = Q(language__iexact=value) | Q(language__istartswith=f"{value}-")
    return _has(MomentDocument.objects.exclude(language="").filter(same), path)


def _status(value: str | Bounds, path: str) -> Q:
    reviewed = Annotation.objects.filter(Q(reviewer__isnull=False) | Q(source=Annotation.Source.PERSON))
    match value:
        case "reviewed":
            return _has(reviewed, path)
        case "unreviewed":
            return ~_has(reviewed, path)
        case "flagged":
            return _has(_standing("sensitive"), path)
        case "analysing":
            return _has(Run.objects.filter(state__in=(Run.State.QUEUED, Run.State.RUNNING)), path)
        case "failed":
            return _has(Run.objects.filter(state=Run.State.FAILED), path)
    raise KeyError(f"{value} is no status.")


_OF_ASSET: dict[str, Callable[[str | Bounds, str], Q]] = {
    "type": _type,
    "duration": _duration,
    "tempo": _tempo,
    "date": _date,
    "taken": _taken,
    "added": _added,
    "lang": _language,
    "status": _status,
}


def _has(rows: QuerySet[Annotation] | QuerySet[MomentDocument] | QuerySet[Run], path: str) -> Q:
    return Q(Exists(rows.filter(asset=OuterRef(f"{path}pk"))))


def _standing(kind: str) -> QuerySet[Annotation]:
    """The facts of a kind that nobody has rejected and nothing has superseded."""
    return Annotation.objects.filter(kind=kind, status__in=places.STANDING)


def _bounds(value: str | Bounds) -> Bounds:
    if isinstance(value, str):
        raise TypeError(f"“{value}” has no bounds.")
    return value


def _between(column: str, bounds: Bounds) -> Q:
    conditions = [Q(**{f"{column}__isnull": False})]
    if bounds.low is not None:
        conditions.append(Q(**{f"{column}__{'gte' if bounds.includes_low else 'gt'}": bounds.low}))
    if bounds.high is not None:
        conditions.append(Q(**{f"{column}__{'lte' if bounds.includes_high else 'lt'}": bounds.high}))
    return _all(conditions)


def _days(column: str, bounds: Bounds) -> Q:
    """From the beginning of the first day to the end of the last, in UTC."""
    low, high = bounds.low, bounds.high
    first = datetime.combine(low, time.min, UTC) if isinstance(low, date) else None
    last = datetime.combine(high, time.max, UTC) if isinstance(high, date) else None
    conditions = [Q(**{f"{column}__isnull": False})]
    conditions += [Q(**{f"{column}__gte": first})] if first else []
    conditions += [Q(**{f"{column}__lte": last})] if last else []
    return _all(conditions)


def _all(conditions: Sequence[Q]) -> Q:
    return reduce(operator.and_, conditions)
