"""Roads to watch lists and alerts: a list is seen by whoever sees all of the place it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from dam.assets.models import Asset
from dam.collections.models import Collection
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from dam.watchlists.models import Alert, WatchList
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

HOLDING = (Annotation.Status.ACCEPTED, Annotation.Status.PROPOSED)


def watchlists_for(user: AnyUser, role: int = Role.VIEWER) -> QuerySet[WatchList]:
    """Lists of the libraries and collections in which the user holds that role."""
    whole = Q(collection=None, library__in=whole_libraries_for(user, role))
    return WatchList.objects.filter(whole | Q(collection__in=collections_for(user, role)))


def applying_to(asset: Asset) -> QuerySet[WatchList]:
    """The lists whose entries are looked for in that asset."""
    holding = Collection.objects.filter(items__asset=asset.pk, library=asset.library_id)
    above = {pk for lineage in holding.values_list("lineage", flat=True) for pk in lineage}
    lists = WatchList.objects.filter(library=asset.library_id)
    return lists.filter(Q(collection=None) | Q(collection__in=above))


def concerned_by(watchlist: WatchList) -> QuerySet[Asset]:
    """The assets in which that list is looked for."""
    assets = Asset.objects.filter(library=watchlist.library_id)
    if watchlist.collection_id is None:
        return assets
    below = Collection.objects.filter(lineage__contains=[watchlist.collection_id])
    return assets.filter(collection_items__collection__in=below).distinct()


def alerts_for(user: AnyUser) -> QuerySet[Alert]:
    """What was spotted for the user, newest first, in assets and by lists that the user may see now.

    Each has `fact`, the id of the mention that says so.
    """
    mentions = Annotation.objects.filter(
        asset=OuterRef("asset"),
        kind="mention",
        text=OuterRef("text"),
        start=OuterRef("start"),
        status__in=HOLDING,
    )
    followed = Alert.objects.filter(
        watchlist__follows__user=user.pk, watchlist__follows__since__lte=F("spotted_at")
    )
    seen = followed.filter(
        asset__in=Asset.objects.visible_to(user), watchlist__in=watchlists_for(user).values("pk")
    )
    return seen.annotate(fact=Subquery(mentions.values("pk")[:1])).order_by("-spotted_at", "-pk")


def unread_for(user: AnyUser) -> QuerySet[Alert]:
    """Those of the user's alerts that the user has not read."""
    return alerts_for(user).exclude(readers=user.pk)


def mentions_for(user: AnyUser, watchlist: WatchList) -> QuerySet[Annotation]:
    """Where entries of a list were spotted, in assets that the user may see."""
    return Annotation.objects.filter(
        asset__in=Asset.objects.visible_to(user),
        kind="mention",
        status__in=HOLDING,
        details__lists__contains=[watchlist.pk],
    )
