"""The page of alerts, and who follows what."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dam.sharing.models import User
from dam.watchlists.alerts import follow, mark_read, unfollow
from dam.watchlists.models import Alert
from dam.watchlists.scopes import alerts_for, unread_for, watchlists_for

A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """What was spotted for the reader, newest first; what the reader posts is marked as read."""
    user = cast(User, request.user)
    if request.method == "POST":
        mark_read(user, _chosen(request.POST))
    page = Paginator(_shown(user), A_PAGE).get_page(request.GET.get("page"))
    unread = unread_for(user).filter(pk__in=[alert.pk for alert in page])
    context = {"page": page, "unread": set(unread.values_list("pk", flat=True))}
    return render(request, "watchlists/alerts.html", context)


def _shown(user: User) -> QuerySet[Alert]:
    return alerts_for(user).select_related("asset", "watchlist")


def _chosen(posted: QueryDict) -> list[int] | None:
    """The alerts that are named, or None for all."""
    named = posted.getlist("alert")
    return [int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 18] if named else None


@login_required
@require_POST
def follow_watchlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a list, or with follow=no stop following it."""
    shown = get_object_or_404(watchlists_for(request.user), pk=pk)
    change = unfollow if request.POST.get("follow") == "no" else follow
    change(shown, cast(User, request.user))
    return redirect(shown)
