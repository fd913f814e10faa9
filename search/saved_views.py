"""Pages of saved searches."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dam.sharing.models import User
from search import saved as saving
from search.saved_forms import AlertForm, SavedSearchForm
from search.saved_models import SavedSearch


@login_required
@require_safe
def saved_searches(request: HttpRequest) -> HttpResponse:
    """The reader's own searches, those that others share, and those that can be taken back."""
    user = cast(User, request.user)
    found = saving.with_unread(saving.saved_searches_for(user)).select_related("owner", "library")
    context = {
        "own": [each for each in found if each.owner_id == user.pk],
        "shared": [each for each in found if each.owner_id != user.pk],
        "deleted": saving.deleted_searches(user).order_by("-deleted_at"),
    }
    return render(request, "search/saved_list.html", context)


@login_required
def new_saved_search(request: HttpRequest) -> HttpResponse:
    """The form that saves a search; ?q= fills it in."""
    text = request.GET.get("q", "")
    initial = {"text": text, "name": text.strip()[:60]}
    form = SavedSearchForm(cast(User, request.user), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    return render(request, "search/saved_new.html", {"form": form})


@login_required
@require_safe
def saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """One search: what it is, what is new in it, and for its owner everything that can be changed."""
    return _page(request, get_object_or_404(saving.saved_searches_for(request.user), pk=pk))


def _page(request: HttpRequest, saved: SavedSearch, **forms: object) -> HttpResponse:
    user = cast(User, request.user)
    context: dict[str, object] = {"saved": saved, "is_own": saved.owner_id == user.pk}
    if context["is_own"]:
        context |= {"form": SavedSearchForm(user, instance=saved), "alerts": AlertForm(instance=saved)}
    return render(request, "search/saved_detail.html", context | forms)


@login_required
@require_safe
def open_saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """To the answers. The owner has then looked at what is new."""
    saved = get_object_or_404(saving.saved_searches_for(request.user), pk=pk)
    if saved.owner_id == request.user.pk:
        saving.looked_at(saved)
    return redirect(f"{reverse('search')}?{urlencode({'q': saved.text})}")


@login_required
@require_POST
def edit_saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a search of one's own, change what it searches for, or share it."""
    saved = get_object_or_404(saving.own_searches(request.user), pk=pk)
    form = SavedSearchForm(cast(User, request.user), request.POST, instance=saved)
    if form.is_valid():
        return redirect(form.save())
    saved.refresh_from_db()
    return _page(request, saved, form=form)


@login_required
@require_POST
def set_alerts(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the alerts of a search of one's own on or off."""
    saved = get_object_or_404(saving.own_searches(request.user).select_related("owner"), pk=pk)
    form = AlertForm(request.POST, instance=saved)
    if form.is_valid():
        return redirect(form.set(request.build_absolute_uri("/")))
    saved.refresh_from_db()
    return _page(request, saved, alerts=form)


@login_required
@require_POST
def delete_saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a search of one's own; the list then offers to take it back."""
    saving.delete(get_object_or_404(saving.own_searches(request.user), pk=pk))
    return redirect("saved-searches")


@login_required
@require_POST
def restore_saved_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a deleted search of one's own back."""
    saved = get_object_or_404(saving.deleted_searches(request.user), pk=pk)
    saving.restore(saved)
    return redirect(saved)


@login_required
@require_POST
def read_news(request: HttpRequest) -> HttpResponse:
    """Mark the news of all one's searches as read, or those of the one that is named."""
    unread = saving.own_searches(request.user)
    named = request.POST.get("saved", "")
    if named.isascii() and named.isdecimal() and len(named) < 18:
        unread = unread.filter(pk=int(named))
    for saved in unread.filter(alerts_since__isnull=False):
        saving.looked_at(saved)
    return redirect("alerts")
