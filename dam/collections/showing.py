"""What a collection shows to a reader, in its order, one page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left, NullIf, Upper

from dam.assets.grid import PAGE_SIZE, GridPage, items_below
from dam.assets.models import Asset
from dam.collections import smart
from dam.collections.keyset import Key, rows_after
from dam.collections.models import Collection, Ordering
from indexing import flags
from indexing.models import Run

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

COMPARED = 100
"""Characters of a title by which assets are ordered."""

KEYS = {
    Ordering.NEWEST: (Key("added_at", datetime, descending=True), Key("pk", int, descending=True)),
    Ordering.TITLE: (Key("shown_title", str), Key("pk", int)),
    Ordering.TAKEN: (Key("day", datetime), Key("pk", int)),
    Ordering.HAND: (Key("place", int), Key("item", int)),
}
_UNFINISHED = [Run.State.QUEUED, Run.State.RUNNING]


@dataclass(frozen=True)
class Shown:
    """Assets of a collection that the reader may see; `complete` is false where a search found even more."""

    assets: QuerySet[Asset]
    complete: bool = True


def shown_in(user: AnyUser, collection: Collection) -> Shown:
    """What a collection shows: the answer to its query; its own assets in their order where it is arranged
    by hand; otherwise what is in it or below it."""
    if collection.smart:
        return Shown(*smart.members(user, collection))
    seen = Asset.objects.visible_to(user)
    if collection.ordering == Ordering.HAND:
        return Shown(seen.filter(collection_items__collection=collection.pk))
    return Shown(seen.filter(pk__in=items_below(collection).values("asset")))


def counted(shown: Shown) -> int:
    """How many assets those are; a lower bound where they are not complete."""
    return shown.assets.count()


def page_of(shown: Shown, collection: Collection, cursor: str = "", size: int = PAGE_SIZE) -> GridPage:
    """One page, with what a tile shows; as many queries however many there are. Raises Http404 for a cursor
    that was not made for this order."""
    ordering = Ordering(collection.ordering)
    ordered = _with_keys(shown.assets, collection).prefetch_related(
        "renditions", Prefetch("runs", Run.objects.filter(state__in=_UNFINISHED), to_attr="unfinished_runs")
    )
    found = rows_after(ordered, KEYS[ordering], cursor, size)
    assets: list[Asset] = list(found.rows)
    flags.mark(assets)
    return GridPage(assets, found.next_cursor)


def _with_keys(assets: QuerySet[Asset], collection: Collection) -> QuerySet[Asset]:
    """The assets with the values that their order compares."""
    if collection.ordering == Ordering.TITLE:
        title = Coalesce(NullIf("title", Value("")), "original_name")
        return assets.annotate(shown_title=Upper(Left(title, COMPARED)))
    if collection.ordering == Ordering.TAKEN:
        return assets.annotate(day=Coalesce("taken_at", "added_at"))
    if collection.ordering == Ordering.HAND:
        here = FilteredRelation("collection_items", condition=Q(collection_items__collection=collection.pk))
        placed = assets.annotate(here=here).filter(here__isnull=False)
        return placed.annotate(place=F("here__position"), item=F("here__pk"))
    return assets
