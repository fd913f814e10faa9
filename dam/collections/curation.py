"""Which assets a collection holds, and what it is called."""

from __future__ import annotations

from collections.abc import Collection as Ids

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem


class NameTakenError(ValueError):
    """Another collection of that name stands in the same place."""


class SmartCollectionError(ValueError):
    """Nobody puts assets into a smart collection: its search decides what is in it."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(f"{collection} is a smart collection: its search decides what is in it.")


class UnknownAssetsError(ValueError):
    """Some assets cannot be put into a collection: not there, not reachable, or of another library."""


def save_collection(collection: Collection) -> Collection:
    """Save a new or renamed collection. Raises NameTakenError where its name stands beside it already."""
    try:
        with transaction.atomic():
            collection.save()
    except IntegrityError as error:
        raise NameTakenError(f"There is a collection named {collection.name!r} here already.") from error
    return collection


def add_assets(collection: Collection, ids: Ids[int], reachable: QuerySet[Asset]) -> None:
    """Put the assets of those ids at the end of the collection; those already in it stay in place.

    `reachable` are the assets that the person may put somewhere. Raises UnknownAssetsError, having changed
    nothing, where one of the ids is not among them or belongs to another library, and SmartCollectionError.
    """
    if collection.smart:
        raise SmartCollectionError(collection)
    found = set(reachable.filter(library=collection.library_id, pk__in=ids).values_list("pk", flat=True))
    unknown = sorted(set(ids) - found)
    if unknown:
        raise UnknownAssetsError(f"No such assets in this library: {', '.join(map(str, unknown[:20]))}.")
    last = collection.items.aggregate(last=Max("position"))["last"] or 0
    CollectionItem.objects.bulk_create(
        (
            CollectionItem(collection=collection, asset_id=pk, position=last + CollectionItem.GAP * number)
            for number, pk in enumerate(dict.fromkeys(ids), start=1)
        ),
        ignore_conflicts=True,
    )


def move_collection(collection: Collection, parent: Collection | None) -> Collection:
    """Put a collection, with all that is inside it, into another one or outermost in its library.

    Raises NameTakenError where its name stands there already, and ValueError for a parent that lies in it,
    is a smart collection, or belongs to another library.
    """
    if parent is not None and parent.library_id != collection.library_id:
        raise ValueError("A collection cannot be moved into another library.")
    if parent is not None and parent.smart:
        raise SmartCollectionError(parent)
    collection.parent = parent
    return save_collection(collection)


def remove_asset(collection: Collection, pk: int) -> bool:
    """Take the asset out of the collection; False where it was not in it. The asset itself stays."""
    deleted, _ = collection.items.filter(asset=pk).delete()
    return bool(deleted)
