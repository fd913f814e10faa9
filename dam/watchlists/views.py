"""Pages of watch lists."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from dam.sharing.models import Role, User
from dam.watchlists import alerts, looking
from dam.watchlists.entries import parse
from dam.watchlists.forms import NewWatchListForm, WatchListForm
from dam.watchlists.models import WatchList
from dam.watchlists.scopes import mentions_for, watchlists_for
from indexing.phonetics.pronunciation import languages, speaks

SHOWN = 200
"""Entries on the page of a list, those found most often first; the text file has all."""


@login_required
def watchlists(request: HttpRequest) -> HttpResponse:
    """The lists that the reader may see; and the form for a new one."""
    form = NewWatchListForm(
        request.user, request.POST or None, request.FILES or None, initial={"language": "en"}
    )
    if request.method == "POST" and form.is_valid():
        made = form.save()
        alerts.follow(made, cast(User, request.user))
        return _looked_for(request, made)
    lists = (
        watchlists_for(request.user).select_related("library", "collection").order_by("library__name", "name")
    )
    counted = [(each, len(parse(each.entries))) for each in lists]
    return render(request, "watchlists/list.html", {"lists": counted, "form": form})


@login_required
@require_safe
def watchlist(request: HttpRequest, pk: int) -> HttpResponse:
    """The entries of a list, and how often each was spotted in what the reader may see."""
    shown = get_object_or_404(watchlists_for(request.user).select_related("library", "collection"), pk=pk)
    found = mentions_for(request.user, shown).values("text")
    counts = found.annotate(moments=Count("pk"), files=Count("asset", distinct=True))
    spotted = {row["text"].casefold(): row for row in counts}
    entries = [(entry, spotted.get(entry.text.casefold())) for entry in parse(shown.entries)]
    context = {
        "watchlist": shown,
        "entries": sorted(entries, key=lambda pair: -(pair[1] or {"moments": 0})["moments"])[:SHOWN],
        "count": len(entries),
        "follows": shown.follows.filter(user=cast(User, request.user)).exists(),
        "can_edit": watchlists_for(request.user, Role.ARCHIVIST).filter(pk=pk).exists(),
        "silent": shown.by_sound and not speaks(shown.language),
        "languages": sorted(languages()),
    }
    return render(request, "watchlists/detail.html", context)


@login_required
def edit_watchlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a list; what it is for stays."""
    shown = get_object_or_404(watchlists_for(request.user, Role.ARCHIVIST), pk=pk)
    form = WatchListForm(request.POST or None, request.FILES or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        return _looked_for(request, form.save())
    return render(request, "watchlists/edit.html", {"watchlist": shown, "form": form})


def _looked_for(request: HttpRequest, changed: WatchList) -> HttpResponse:
    again = looking.look_again(changed)
    if again:
        messages.success(request, f"Saved. {again} recordings are searched again, from their transcripts.")
    return redirect(changed)


@login_required
@require_POST
def delete_watchlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a list, its alerts, and, as the recordings are searched again, its mentions."""
    shown = get_object_or_404(watchlists_for(request.user, Role.ARCHIVIST), pk=pk)
    looking.look_again(shown)
    shown.delete()
    messages.success(request, f"The watch list {shown} is deleted.")
    return redirect("watchlists")


@login_required
@require_safe
def export_watchlist(request: HttpRequest, pk: int) -> HttpResponse:
    """The entries as the text that can be pasted into a list."""
    shown = get_object_or_404(watchlists_for(request.user), pk=pk)
    name = slugify(shown.name) or "watchlist"
    headers = {"Content-Disposition": f'attachment; filename="{name}.txt"'}
    return HttpResponse(shown.entries, content_type="text/plain; charset=utf-8", headers=headers)
