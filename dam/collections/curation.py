"""Which assets a collection holds, and what it is called."""

from __future__ import annotations

from collections.abc import Collection as Ids

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem


class NameTakenError(ValueError):
    """Another collection of that name stands in the same place."""


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
    nothing, where one of the ids is not among them or belongs to another library.
    """
    found = set(reachable.filter(library=collection.library_id, pk__in=ids).values_list("pk", flat=True))
    unknown = sorted(set(ids) - found)
    if unknown:
        raise UnknownAssetsError(f"No such assets in this library: {', '.join(map(str, unknown[:20]))}.")
    last = collection.items.aggregate(last=Max("position"))["last"] or 0
    CollectionItem.objects.bulk_create(
        (
            CollectionItem(collection=collection, asset_id=pk, position=last + number)
            for number, pk in enumerate(dict.fromkeys(ids), start=1)
        ),
        ignore_conflicts=True,
    )


def remove_asset(collection: Collection, pk: int) -> bool:
    """Take the asset out of the collection; False where it was not in it. The asset itself stays."""
    deleted, _ = collection.items.filter(asset=pk).delete()
    return bool(deleted)
