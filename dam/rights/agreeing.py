"""Terms that hold for an asset, and who has accepted them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem, Library
from dam.rights.models import Acceptance, Terms
from dam.sharing.models import User


def current(library_id: int, collection: Collection | None = None) -> Terms | None:
    """The newest terms of a library, or of one collection; None where there are none, or none any more."""
    newest = Terms.objects.filter(library=library_id, collection=collection).order_by("-version").first()
    return newest if newest is not None and newest.text else None


def publish(library: Library, collection: Collection | None, text: str, user: User) -> Terms | None:
    """Make the text the newest version, which everybody is asked to accept anew; None where nothing changed.

    The library's row is locked meanwhile, so that two who write at once make two versions.
    """
    with transaction.atomic():
        Library.objects.select_for_update().get(pk=library.pk)
        versions = Terms.objects.filter(library=library, collection=collection).order_by("-version")
        newest = versions.first()
        if text == (newest.text if newest else ""):
            return None
        number = newest.version + 1 if newest else 1
        return Terms.objects.create(
            library=library, collection=collection, version=number, text=text, made_by=user
        )


def holding_for(asset: Asset) -> list[Terms]:
    """The newest terms of its library and of every collection that it lies in or below. Two queries."""
    lineages = CollectionItem.objects.filter(asset=asset.pk, collection__library=asset.library_id)
    above = {pk for lineage in lineages.values_list("collection__lineage", flat=True) for pk in lineage}
    places = Terms.objects.filter(Q(collection=None) | Q(collection__in=above), library=asset.library_id)
    newest = places.order_by("collection", "-version").distinct("collection")
    return [terms for terms in newest if terms.text]


def unaccepted(user: User, asset: Asset) -> list[Terms]:
    """The terms that hold for the asset and that the user has still to accept."""
    holding = holding_for(asset)
    accepted = set(_of(user, holding).values_list("terms", flat=True)) if holding else set()
    return [terms for terms in holding if terms.pk not in accepted]


def accept(user: User, terms: Iterable[Terms]) -> None:
    """Write down that the user accepts those versions. Accepting twice does no harm."""
    rows = [Acceptance(terms=each, user=user, email=user.email) for each in terms]
    Acceptance.objects.bulk_create(rows, ignore_conflicts=True)


def _of(user: User, terms: Iterable[Terms]) -> QuerySet[Acceptance]:
    return Acceptance.objects.filter(user=user, terms__in=list(terms))
