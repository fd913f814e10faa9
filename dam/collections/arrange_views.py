"""Arranging a collection by hand: its order, its cover, and its place in the tree."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from dam.collections import arranging
from dam.collections.forms import CollectionForm, MoveForm
from dam.collections.keyset import before_cursor, rows_after
from dam.collections.models import Collection, CollectionItem
from dam.sharing.access import collections_for
from dam.sharing.models import Role
from indexing import flags

A_PAGE = 120


@login_required
@require_safe
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """The assets of a collection in its order by hand, with ways to move each."""
    shown = _editable(request, pk)
    if shown.smart:
        messages.error(request, "A smart collection cannot be arranged: its search decides what is in it.")
        return redirect("collection", pk)
    items, cursor = arranging.items_of(request.user, shown), request.GET.get("after", "")
    rows = items.select_related("asset").prefetch_related("asset__renditions")
    page = rows_after(rows, arranging.KEYS, cursor, A_PAGE)
    flags.mark(item.asset for item in page.rows)
    context = {
        "collection": shown,
        "page": page,
        "ahead": before_cursor(items, arranging.KEYS, cursor),
        "total": items.count(),
    }
    return render(request, "collections/arrange.html", context)


@login_required
@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one asset: `to` up, down, top, end or `place`; or directly in front of the asset `before`."""
    shown = _editable(request, pk)
    items, asset_id = arranging.items_of(request.user, shown), _number(request.POST.get("asset", ""))
    try:
        arranging.move(shown, asset_id, _target(request, items, asset_id))
        place = arranging.place_of(items, asset_id)
        messages.success(request, f"Now at place {place}.")
    except arranging.ArrangingError as problem:
        messages.error(request, str(problem))
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "partials/messages.html")
    cursor = request.POST.get("after", "")
    query = f"?{urlencode({'after': cursor})}" if cursor else ""
    return redirect(f"{reverse('arrange-collection', args=[pk])}{query}#asset-{asset_id}")


@login_required
@require_POST
def set_cover(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one of the collection's assets on its cover; without one, take the cover off."""
    shown = _editable(request, pk)
    asset_id = _number(request.POST.get("asset", ""))
    item = arranging.items_of(request.user, shown).filter(asset=asset_id).first() if asset_id else None
    Collection.objects.filter(pk=pk).update(cover=item and item.asset_id)
    messages.success(request, "This is the cover now." if item else "The collection has no cover now.")
    return redirect("arrange-collection", pk)


@login_required
@require_POST
def move_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the collection, with what is inside it, somewhere else in its library."""
    shown = _editable(request, pk)
    form = MoveForm(request.user, shown, request.POST)
    try:
        if form.is_valid():
            form.save()
            messages.success(request, f"{shown} was moved.")
            return redirect("collection", pk)
    except ValueError as problem:
        form.add_error("place", str(problem))
    context = {"collection": shown, "form": CollectionForm(instance=shown), "move": form}
    return render(request, "collections/edit.html", context)


def _editable(request: HttpRequest, pk: int) -> Collection:
    found = collections_for(request.user, Role.ARCHIVIST).select_related("library", "cover")
    return get_object_or_404(found, pk=pk)


def _target(request: HttpRequest, items: QuerySet[CollectionItem], asset_id: int) -> int | None:
    if "before" in request.POST:
        return _number(request.POST["before"]) if request.POST["before"] else None
    to = request.POST.get("to", "")
    return arranging.target(items, asset_id, request.POST.get("place", "").strip() if to == "place" else to)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
