"""The orders in which answers can be shown besides relevance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from dam.sharing.access import AssetQuerySet

RELEVANCE = "relevance"
LABELS = {
    RELEVANCE: "Relevance",
    "newest": "Newest taken",
    "oldest": "Oldest taken",
    "added": "Recently added",
    "name": "Name",
    "duration": "Longest",
}
"""What each order is called on the page. What an order knows nothing of comes last in it."""

_NAME = Lower(Coalesce(NullIf("title", Value("")), "original_name"))
_ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (F("taken_at").desc(nulls_last=True), "-pk"),
    "oldest": (F("taken_at").asc(nulls_last=True), "pk"),
    "added": ("-added_at", "-pk"),
    "name": (_NAME, "pk"),
    "duration": (F("duration").desc(nulls_last=True), "-pk"),
}


def known(name: str) -> str:
    """The order of that name, by relevance where there is none."""
    return name if name in LABELS else RELEVANCE


def in_order(assets: AssetQuerySet, name: str) -> AssetQuerySet:
    """The assets in that order; without a relevance, the most recently added first."""
    return assets.order_by(*_ORDERS.get(name, _ORDERS["added"]))


def sort(assets: AssetQuerySet, ids: Sequence[int], name: str) -> list[int]:
    """The ids, best first, in that order; those that are not among the assets are left out."""
    if name == RELEVANCE:
        return list(ids)
    return list(in_order(assets.filter(pk__in=ids), name).values_list("pk", flat=True))
