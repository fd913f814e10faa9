"""The asset that comes next when one after the other is described."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dam.assets.grid import items_below
from dam.assets.models import Asset
from dam.collections.models import Collection
from dam.sharing.access import AssetQuerySet, collections_for
from dam.sharing.models import Role, User


def chosen_collection(user: User, pk: str) -> Collection | None:
    """The collection that an address names, where there is one and the user may see it."""
    known = pk.isdecimal() and len(pk) < 19
    return collections_for(user).filter(pk=pk).first() if known else None


def next_asset(user: User, asset: Asset, collection: Collection | None = None) -> Asset | None:
    """The next older asset of the library, or of the collection and what is below it, that the user may
    describe; None after the last one."""
    within: QuerySet[Asset] = _editable(user).filter(library=asset.library_id)
    if collection is not None:
        within = within.filter(pk__in=items_below(collection).values("asset"))
    later = Q(added_at__lt=asset.added_at) | Q(added_at=asset.added_at, pk__lt=asset.pk)
    return within.filter(later).order_by("-added_at", "-pk").first()


def _editable(user: User) -> AssetQuerySet:
    return Asset.objects.reachable_by(user, Role.ARCHIVIST)
