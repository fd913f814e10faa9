"""The order in which a person puts the assets of a collection. Positions have gaps, so that a move changes
one row; where there is no room left, all are numbered anew in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from dam.assets.models import Asset
from dam.collections.keyset import Key
from dam.collections.models import Collection, CollectionItem, Ordering
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

KEYS = (Key("position", int), Key("pk", int))
FARTHEST = 2**30
"""Positions stay well within what an integer of the database can hold."""

GONE = "This asset is no longer in the collection."
RENUMBER = """
UPDATE collections_collectionitem AS item SET position = numbered.place * %s
FROM (
    SELECT id, row_number() OVER (ORDER BY position, id) AS place
    FROM collections_collectionitem WHERE collection_id = %s
) AS numbered
WHERE item.id = numbered.id
"""


class ArrangingError(ValueError):
    """Why something cannot be moved there, in words for a person."""


def items_of(user: AnyUser, collection: Collection) -> QuerySet[CollectionItem]:
    """What lies in the collection itself and the archivist may arrange, in its order."""
    reachable = Asset.objects.reachable_by(user, Role.ARCHIVIST)
    items = CollectionItem.objects.filter(collection=collection, asset__in=reachable)
    return items.order_by("position", "pk")


def move(collection: Collection, asset_id: int, before_id: int | None) -> None:
    """Put an asset directly in front of another one, or at the end where that is None, and have the
    collection ordered by hand from now on.

    Raises ArrangingError where one of them is no longer in it, or it is a smart one.
    """
    if collection.smart:
        raise ArrangingError("A smart collection is no list to arrange: its search decides what is in it.")
    with transaction.atomic():
        locked = Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
        moved = locked.items.filter(asset=asset_id)
        if not moved.exists():
            raise ArrangingError(GONE)
        if asset_id != before_id:
            moved.update(position=_room(locked, asset_id, before_id))
        Collection.objects.filter(pk=collection.pk).update(ordering=Ordering.HAND)


def renumber(collection: Collection) -> None:
    """Number all items anew in their order, with gaps: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RENUMBER, [CollectionItem.GAP, collection.pk])


def target(items: QuerySet[CollectionItem], asset_id: int, to: str) -> int | None:
    """In front of which asset the moved one belongs; None for the end.

    `to` is up, down, top, end, or a place counted from 1. Raises ArrangingError where it is none of these.
    """
    if to == "end":
        return None
    others = items.exclude(asset=asset_id)
    place = max(1, _place(items, asset_id, to))
    return next(iter(others.values_list("asset", flat=True)[place - 1 : place]), None)


def place_of(items: QuerySet[CollectionItem], asset_id: int) -> int:
    """Where an asset stands among the items, from 1. Raises ArrangingError where it does not."""
    item = items.filter(asset=asset_id).first()
    if item is None:
        raise ArrangingError(GONE)
    return items.filter(_ahead_of(item)).count() + 1


def _place(items: QuerySet[CollectionItem], asset_id: int, to: str) -> int:
    if to == "top":
        return 1
    if to in ("up", "down"):
        return place_of(items, asset_id) + (1 if to == "down" else -1)
    if to.isascii() and to.isdigit() and 0 < len(to) < 10:
        return int(to)
    raise ArrangingError("A place is a number, counted from 1.")


def _room(collection: Collection, asset_id: int, before_id: int | None) -> int:
    """A free position in front of that asset; the items are numbered anew where there is none."""
    others = collection.items.exclude(asset=asset_id)
    free = _between(others, before_id)
    if free is None:
        renumber(collection)
        free = _between(others, before_id)
    if free is None:
        raise ArrangingError("This collection holds too many assets to be arranged by hand.")
    return free


def _between(others: QuerySet[CollectionItem], before_id: int | None) -> int | None:
    """The middle of the gap in front of an item, None where it is closed."""
    if before_id is None:
        last = others.aggregate(last=Max("position"))["last"] or 0
        return last + CollectionItem.GAP if last < FARTHEST else None
    following = others.filter(asset=before_id).first()
    if following is None:
        raise ArrangingError("What it should stand in front of is no longer in the collection.")
    ahead = others.filter(_ahead_of(following)).order_by("-position", "-pk").first()
    low = ahead.position if ahead else following.position - 2 * CollectionItem.GAP
    middle = (low + following.position) // 2
    return middle if low < middle < following.position and middle > -FARTHEST else None


def _ahead_of(item: CollectionItem) -> Q:
    return Q(position__lt=item.position) | Q(position=item.position, pk__lt=item.pk)
