"""Roads to what stands beside assets: whole libraries, the trash, and ingest jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from dam.sharing.access import _reach, collections_for, libraries_for, library_ids
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.assets.models import Asset, IngestJob
    from dam.collections.models import Library
    from dam.sharing.access import AnyUser


def whole_libraries_for(user: AnyUser, role: int = Role.VIEWER) -> QuerySet[Library]:
    """Libraries in which the user holds that role everywhere, not in some collections only."""
    libraries = libraries_for(user, role)
    return libraries if _is_superuser(user) else libraries.filter(pk__in=library_ids(user, role))


def trashed_for(user: AnyUser) -> QuerySet[Asset]:
    """Trashed assets that the user may restore: those on which they are an archivist."""
    from dam.assets.models import Asset

    condition = _reach(user, Role.ARCHIVIST)
    trashed = Asset.objects.exclude(trashed_at=None)
    return trashed if condition is None else trashed.filter(condition)


def jobs_for(user: AnyUser) -> QuerySet[IngestJob]:
    """Ingest jobs whose progress the user may follow.

    A contributor follows the jobs of the library, or of the collections to which the role is confined;
    everyone follows their own.
    """
    from dam.assets.models import IngestJob

    if _is_superuser(user):
        return IngestJob.objects.all()
    if not user.is_authenticated or not user.is_active:
        return IngestJob.objects.none()
    return IngestJob.objects.filter(
        Q(library__in=library_ids(user, Role.CONTRIBUTOR))
        | Q(collection__in=collections_for(user, Role.CONTRIBUTOR))
        | Q(created_by=user.pk, library__in=libraries_for(user))
    )


def _is_superuser(user: AnyUser) -> bool:
    return user.is_authenticated and user.is_active and user.is_superuser
