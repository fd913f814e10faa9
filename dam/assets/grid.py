"""The library grid: newest assets first, one page at a time, without ever counting or skipping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from indexing import flags
from indexing.models import Run

PAGE_SIZE = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class GridPage:
    """Assets of one page, and the cursor of the next one; it is empty on the last page."""

    assets: list[Asset]
    next_cursor: str


def grid_page(assets: QuerySet[Asset], cursor: str = "", size: int = PAGE_SIZE) -> GridPage:
    """The page after `cursor` of those assets, with what a tile shows: four queries, however many there are.

    Raises Http404 for a cursor that this function did not make.
    """
    found = list(_after(assets, cursor).order_by("-added_at", "-pk").prefetch_related(*_shown())[: size + 1])
    more = len(found) > size
    flags.mark(found[:size])
    return GridPage(found[:size], _cursor(found[size - 1]) if more else "")


def filtered(assets: QuerySet[Asset], choice: Mapping[str, Any]) -> QuerySet[Asset]:
    """The assets of a kind, below a collection, and between two dates (both included), where chosen.

    The date is when an asset was taken or, where that is not known, added.
    """
    if choice.get("kind"):
        assets = assets.filter(kind=choice["kind"])
    if choice.get("collection"):
        assets = assets.filter(pk__in=items_below(choice["collection"]).values("asset"))
    assets = assets.alias(day=Coalesce("taken_at", "added_at"))
    if choice.get("date_from"):
        assets = assets.filter(day__date__gte=choice["date_from"])
    if choice.get("date_to"):
        assets = assets.filter(day__date__lte=choice["date_to"])
    return assets


def items_below(collection: Collection) -> QuerySet[CollectionItem]:
    """Places of assets in a collection or in those inside it."""
    return CollectionItem.objects.filter(collection__lineage__contains=[collection.pk])


def _shown() -> list[str | Prefetch]:
    unfinished = Run.objects.filter(state__in=[Run.State.QUEUED, Run.State.RUNNING])
    return ["renditions", Prefetch("runs", unfinished, to_attr="unfinished_runs")]


def _after(assets: QuerySet[Asset], cursor: str) -> QuerySet[Asset]:
    if not cursor:
        return assets
    added_at, pk = _position(cursor)
    return assets.filter(Q(added_at__lt=added_at) | Q(pk__lt=pk), added_at__lte=added_at)


def _cursor(asset: Asset) -> str:
    return f"{(asset.added_at - EPOCH) // timedelta(microseconds=1)}-{asset.pk}"


def _position(cursor: str) -> tuple[datetime, int]:
    try:
        microseconds, pk = (int(part) for part in cursor.split("-"))
        return EPOCH + timedelta(microseconds=microseconds), pk
    except (ValueError, OverflowError) as error:
        raise Http404("This address names no page of the library.") from error
