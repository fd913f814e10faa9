"""Roads to persons: they are seen by whoever sees one of their places, or all of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from dam.assets.models import Asset
from dam.people.biometrics import KINDS, VOICE, spaces_of
from dam.people.models import Appearance, Consent, Erasure, FaceCluster, LibraryRecognition, Person
from dam.people.whereabouts import HOLDING
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


def people_for(user: AnyUser) -> QuerySet[Person]:
    """Persons whom the user may see: of whole libraries, or in assets that the user may see.

    Hidden ones are for archivists of the whole library.
    """
    seen = appearances_for(user).values("person")
    reached = Q(library__in=whole_libraries_for(user)) | Q(pk__in=seen)
    shown = Q(hidden=False) | Q(library__in=whole_libraries_for(user, Role.ARCHIVIST))
    return Person.objects.filter(reached & shown)


def keepable_people_for(user: AnyUser) -> QuerySet[Person]:
    """Persons whose record and consent the user keeps."""
    return Person.objects.filter(library__in=whole_libraries_for(user, Role.ARCHIVIST))


def appearances_for(user: AnyUser) -> QuerySet[Appearance]:
    """Where persons are said, or proposed, to be in assets that the user may see."""
    return Appearance.objects.filter(
        annotation__asset__in=Asset.objects.visible_to(user), annotation__status__in=HOLDING
    )


def nameable_people_for(user: AnyUser, asset: Asset, scope: str) -> QuerySet[Person]:
    """Persons whom the user may name in that asset: those who consent to that use."""
    consenting = Consent.objects.valid(scope).values("person")
    return people_for(user).filter(library=asset.library_id, pk__in=consenting)


def groups_for(user: AnyUser) -> QuerySet[FaceCluster]:
    """Groups of faces, or voices, nobody has named, in libraries with a basis that the user keeps; largest
    first."""
    kept = whole_libraries_for(user, Role.ARCHIVIST)
    based = Q(pk__in=[])
    for scope in KINDS:
        declared = LibraryRecognition.objects.valid(scope).filter(library__in=kept)
        based |= Q(library__in=declared.values("library"), space__in=spaces_of(scope))
    nameless = FaceCluster.objects.filter(based).annotate(
        nameless=Count("faces", filter=Q(faces__appearance=None))
    )
    return nameless.filter(nameless__gt=0).order_by("-size", "pk")


def receipts_for(user: AnyUser) -> QuerySet[Erasure]:
    """Receipts of what was erased in libraries that the user keeps."""
    return Erasure.objects.filter(library__in=whole_libraries_for(user, Role.ARCHIVIST))


def boxes_for(user: AnyUser, role: int = Role.VIEWER) -> QuerySet[Annotation]:
    """Faces, and places of persons, in assets on which the user holds that role."""
    assets = Asset.objects.reachable_by(user, role)
    return Annotation.objects.filter(
        asset__in=assets, kind__in=("face", "person"), x__isnull=False, status__in=HOLDING
    )


def voices_for(user: AnyUser, role: int = Role.VIEWER) -> QuerySet[Annotation]:
    """The clearest stretches of speakers in assets on which the user holds that role."""
    assets = Asset.objects.reachable_by(user, role)
    return Annotation.objects.filter(
        asset__in=assets, kind=VOICE, start__isnull=False, status__in=HOLDING
    ).select_related("asset__library")
