"""Roads to what stands beside assets: whole libraries, the trash, and ingest jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from dam.sharing.access import _reach, collections_for, libraries_for, library_ids
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.assets.models import Asset, IngestItem, IngestJob
    from dam.collections.models import Exhibition, ExhibitionMoment, Library
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


def exhibitions_for(user: AnyUser) -> QuerySet[Exhibition]:
    """Exhibitions that the user may edit, and see before they are published: those of libraries of which
    they are an archivist as a whole."""
    from dam.collections.models import Exhibition

    return Exhibition.objects.filter(library__in=whole_libraries_for(user, Role.ARCHIVIST), deleted_at=None)


def public_exhibitions() -> QuerySet[Exhibition]:
    """Exhibitions that are open to everyone: published, and in a library that allows public pages."""
    from dam.collections.models import Exhibition

    published = Exhibition.State.PUBLISHED
    return Exhibition.objects.filter(state=published, library__public=True, deleted_at=None)


def exhibited(exhibitions: QuerySet[Exhibition]) -> QuerySet[ExhibitionMoment]:
    """The moments of those exhibitions whose assets everyone may see: of the exhibition's own library, not in
    the trash, under no embargo, with a use that has not ended, and not flagged as sensitive unless a person
    has cleared them."""
    from dam.collections.models import ExhibitionMoment
    from indexing.flags import BLURRING
    from indexing.models import Annotation

    flags = Annotation.objects.filter(asset=OuterRef("asset"), kind="sensitive", status__in=BLURRING)
    return ExhibitionMoment.objects.filter(
        ~Exists(flags),
        Q(asset__embargo_until=None) | Q(asset__embargo_until__lte=Now()),
        Q(asset__rights__usage_ends=None) | Q(asset__rights__usage_ends__gte=TruncDate(Now())),
        section__exhibition__in=exhibitions,
        section__taken_out_at=None,
        taken_out_at=None,
        asset__library=F("section__exhibition__library"),
        asset__trashed_at=None,
    )


def items_for(user: AnyUser, job: IngestJob) -> QuerySet[IngestItem]:
    """Files of a job that the user may follow; the names of those under embargo are for whoever brought them
    in, and for archivists."""
    from dam.assets.models import Asset

    if job.created_by_id == user.pk or _is_superuser(user):
        return job.items.all()
    kept = Asset.objects.reachable_by(user, Role.ARCHIVIST)
    under_embargo = Q(asset__embargo_until__isnull=False) & Q(asset__embargo_until__gt=Now())
    return job.items.exclude(under_embargo & ~Q(asset__in=kept))


def published() -> QuerySet[Asset]:
    """Assets that everybody may see on a page of their own, without an account.

    Their library allows such pages and an archivist published them; they are neither trashed nor under
    embargo, no flag of sensitive content stands on them, and the last day of their use has not passed.
    """
    from dam.assets.models import Asset
    from indexing.flags import BLURRING
    from indexing.models import Annotation

    flags = Annotation.objects.filter(asset=OuterRef("pk"), kind="sensitive", status__in=BLURRING)
    open_now = Q(embargo_until=None) | Q(embargo_until__lte=Now())
    allowed = Q(rights__usage_ends=None) | Q(rights__usage_ends__gte=TruncDate(Now()))
    return Asset.objects.filter(
        open_now,
        allowed,
        ~Exists(flags),
        trashed_at=None,
        rights__published_at__lte=Now(),
        library__public=True,
    )


def _is_superuser(user: AnyUser) -> bool:
    return user.is_authenticated and user.is_active and user.is_superuser
