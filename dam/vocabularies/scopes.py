"""Roads to vocabularies: members of a library see its vocabularies, and everyone those for all libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from dam.assets.models import Asset
from dam.sharing.access import is_superuser, libraries_for
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from dam.vocabularies.models import Term, Vocabulary

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


def vocabularies_for(user: AnyUser, role: int = Role.VIEWER) -> QuerySet[Vocabulary]:
    """Vocabularies that the user may see, or, from archivist on, change.

    Those of a library are changed by archivists of all of it, those for all libraries by administrators of
    the installation.
    """
    kept = Vocabulary.objects.filter(deleted_at=None)
    return kept.filter(_reach(user, role))


def deleted_vocabularies_for(user: AnyUser) -> QuerySet[Vocabulary]:
    """Deleted vocabularies that the user may take back."""
    return Vocabulary.objects.exclude(deleted_at=None).filter(_reach(user, Role.ARCHIVIST))


def _reach(user: AnyUser, role: int) -> Q:
    if is_superuser(user):
        return Q()
    if role >= Role.ARCHIVIST:
        return Q(library__in=whole_libraries_for(user, role))
    shared = Q(library=None) if user.is_authenticated and user.is_active else Q(pk__in=())
    return shared | Q(library__in=libraries_for(user))


def terms_for(user: AnyUser, role: int = Role.VIEWER) -> QuerySet[Term]:
    """Terms of those vocabularies."""
    return Term.objects.filter(vocabulary__in=vocabularies_for(user, role)).select_related("vocabulary")


def assets_of(user: AnyUser, vocabulary: Vocabulary) -> QuerySet[Asset]:
    """The assets that the vocabulary is for, as far as the user may see them."""
    assets = Asset.objects.visible_to(user)
    return assets if vocabulary.library_id is None else assets.filter(library=vocabulary.library_id)
