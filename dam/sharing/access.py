"""The only road to an asset. Permission is part of the query, never a test made afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.http import Http404

from dam.sharing.models import Membership, Role

if TYPE_CHECKING:
    from dam.assets.models import Asset
    from dam.collections.models import Collection, Library
    from dam.sharing.models import ShareLink, User

    AnyUser = User | AnonymousUser


def _memberships(user: AnyUser, role: int) -> models.QuerySet[Membership]:
    """The user's memberships with at least that role; a closed account has none."""
    return Membership.objects.filter(user=user.pk, user__is_active=True, role__gte=role)


def library_ids(user: AnyUser, role: int = Role.VIEWER) -> models.QuerySet:
    """Ids of the libraries of which the user is a member as a whole, with at least that role."""
    return _memberships(user, role).filter(collection=None).values("library")


def _below(user: AnyUser, role: int) -> Q:
    """The condition on collections to which the user's role is confined, and those below them."""
    confined = _memberships(user, role).filter(collection__library=F("library"))
    return Q(lineage__overlap=ArraySubquery(confined.values("collection")))


def is_superuser(user: AnyUser) -> bool:
    """Whether this is an open account that administers the whole installation."""
    return user.is_authenticated and user.is_active and user.is_superuser


def _reach(user: AnyUser, role: int) -> Q | None:
    """The condition on assets for that role, or None where everything may be reached."""
    from dam.collections.models import Collection, CollectionItem

    if is_superuser(user):
        return None
    confined = Collection.objects.filter(_below(user, role))
    items = CollectionItem.objects.filter(
        asset=OuterRef("pk"), collection__in=confined.values("pk"), collection__library=OuterRef("library")
    )
    return Q(library__in=library_ids(user, role)) | Q(Exists(items))


def _open_to(user: AnyUser, role: int) -> Q:
    """The condition on assets that no embargo keeps from the user, who is no superuser."""
    if role >= Role.ARCHIVIST:
        return Q()
    return _no_embargo() | (_reach(user, Role.ARCHIVIST) or Q())


def _no_embargo() -> Q:
    """The condition on assets whose embargo, if they ever had one, has ended."""
    return Q(embargo_until=None) | Q(embargo_until__lte=Now())


class AssetQuerySet(models.QuerySet["Asset"]):
    """Assets, narrowed to what a user may reach."""

    def reachable_by(self, user: AnyUser, role: int) -> Self:
        """Assets on which the user holds at least that role; trashed ones are left out.

        Until its embargo ends, an asset is reached by its archivists only.
        """
        condition = _reach(user, role)
        kept = self.filter(trashed_at=None)
        return kept if condition is None else kept.filter(condition, _open_to(user, role))

    def visible_to(self, user: AnyUser) -> Self:
        """Assets that the user may see."""
        return self.reachable_by(user, Role.VIEWER)


def shared_by(link: ShareLink) -> AssetQuerySet:
    """Assets that the guests of a share link see: what it names, as far as its maker may share it now.

    Sharing needs the role of archivist, at the time of the visit too. Guests see nothing under embargo, even
    where the maker does.
    """
    from dam.assets.models import Asset
    from dam.collections.models import CollectionItem

    if not link.is_open:
        return Asset.objects.none()
    reached = Asset.objects.reachable_by(link.maker, Role.ARCHIVIST).filter(
        _no_embargo(), library=link.library_id
    )
    if link.collection_id is None:
        return reached.filter(share_links=link.pk)
    items = CollectionItem.objects.filter(collection__lineage__contains=[link.collection_id])
    return reached.filter(pk__in=items.values("asset"))


def get_asset_for(user: AnyUser, pk: int, role: int = Role.VIEWER) -> Asset:
    """The asset if the user holds that role on it; Http404 otherwise, whether or not it exists."""
    from dam.assets.models import Asset

    asset = Asset.objects.reachable_by(user, role).filter(pk=pk).first()
    if asset is None:
        raise Http404("No such asset.")
    return asset


def may_edit(user: AnyUser, asset_pk: int) -> bool:
    """Whether the user is an archivist where that asset is."""
    from dam.assets.models import Asset

    return Asset.objects.reachable_by(user, Role.ARCHIVIST).filter(pk=asset_pk).exists()


def libraries_for(user: AnyUser, role: int = Role.VIEWER) -> models.QuerySet[Library]:
    """Libraries in which the user holds that role anywhere."""
    from dam.collections.models import Library

    if is_superuser(user):
        return Library.objects.all()
    return Library.objects.filter(pk__in=_memberships(user, role).values("library"))


def collections_for(user: AnyUser, role: int = Role.VIEWER) -> models.QuerySet[Collection]:
    """Collections in which the user holds that role, directly or from above."""
    from dam.collections.models import Collection

    if is_superuser(user):
        return Collection.objects.all()
    return Collection.objects.filter(Q(library__in=library_ids(user, role)) | _below(user, role))
