"""Saved searches: who sees them, and how they come and go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from dam.sharing.scopes import whole_libraries_for
from search.saved_models import News, SavedSearch

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

TAKEN_BACK_WITHIN = timedelta(days=30)
"""How long a deleted search waits to be taken back."""


def own_searches(user: AnyUser) -> QuerySet[SavedSearch]:
    """The searches that the user may change: their own."""
    return SavedSearch.objects.filter(owner=user.pk, deleted_at=None)


def saved_searches_for(user: AnyUser) -> QuerySet[SavedSearch]:
    """The user's own searches, and those shared with the members of a library that is all theirs to see."""
    shared = Q(library__in=whole_libraries_for(user).values("pk"))
    return SavedSearch.objects.filter(Q(owner=user.pk) | shared, deleted_at=None)


def deleted_searches(user: AnyUser) -> QuerySet[SavedSearch]:
    """What the user deleted and may take back."""
    return SavedSearch.objects.filter(owner=user.pk, deleted_at__gte=timezone.now() - TAKEN_BACK_WITHIN)


def news_for(user: AnyUser) -> QuerySet[News]:
    """What was found for the user, newest first."""
    own = own_searches(user).values("pk")
    return News.objects.filter(saved__in=own).select_related("saved").order_by("-found_at", "-pk")


def unread_news_for(user: AnyUser) -> QuerySet[News]:
    """What was found since the user last looked at that search."""
    return news_for(user).filter(found_at__gt=F("saved__looked_at"))


def with_unread(searches: QuerySet[SavedSearch]) -> QuerySet[SavedSearch]:
    """The searches, each with `unread`: how many looks found something since its owner looked last."""
    unread = Q(news__found_at__gt=F("looked_at"))
    return searches.annotate(unread=Count("news", filter=unread, distinct=True))


def delete(saved: SavedSearch) -> None:
    """Put a search away; its alerts rest until it is taken back."""
    saved.deleted_at = timezone.now()
    saved.save(update_fields=["deleted_at"])


def restore(saved: SavedSearch) -> None:
    """Take a deleted search back, as it was."""
    saved.deleted_at = None
    saved.save(update_fields=["deleted_at"])


def looked_at(saved: SavedSearch) -> None:
    """Write down that the owner has seen what is new."""
    saved.looked_at = timezone.now()
    saved.save(update_fields=["looked_at"])


def sweep() -> int:
    """Delete for good what was deleted long ago. Returns how many searches."""
    gone = SavedSearch.objects.filter(deleted_at__lt=timezone.now() - TAKEN_BACK_WITHIN)
    return gone.delete()[1].get("search.SavedSearch", 0)
