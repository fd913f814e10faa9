"""Recent searches: the last ones of each person, for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from search.parser import QueryError, parse
from search.saved_models import RecentSearch

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

KEPT = 50
"""Searches of a person that are remembered."""
LONGEST = 500
"""Characters of a search that is remembered."""

View = Callable[..., HttpResponse]


def recent_for(user: AnyUser) -> QuerySet[RecentSearch]:
    """The user's own recent searches, newest first; a visitor without an account has none."""
    return RecentSearch.objects.filter(user=user.pk)


def remember(user: AnyUser, text: str) -> None:
    """Write a search down as the user's newest, and forget those beyond KEPT.

    Visitors without an account are not written down, nor is what is no query, or a longer text.
    """
    text = " ".join(text.split())
    if not user.is_authenticated or not _is_worth_it(text):
        return
    RecentSearch.objects.update_or_create(user=user, text=text, defaults={"searched_at": timezone.now()})
    forgotten = list(recent_for(user).values_list("pk", flat=True)[KEPT:])
    RecentSearch.objects.filter(pk__in=forgotten).delete()


def _is_worth_it(text: str) -> bool:
    if not text or len(text) > LONGEST or "\x00" in text:
        return False
    try:
        return bool(parse(text))
    except QueryError:
        return False


def remembered(view: View) -> View:
    """A view of results, whose ?q= is remembered when its first page was shown."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and request.GET.get("page", "1") == "1":
            remember(request.user, request.GET.get("q", ""))
        return response

    return shown
