"""Publishing one asset, or all of a collection; each can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from dam.assets.grid import items_below
from dam.assets.models import Asset
from dam.rights import publishing
from dam.rights.models import LibraryRights
from dam.sharing.access import collections_for, get_asset_for
from dam.sharing.models import Role, User

CLOSED = "This library has no public pages. An administrator of the library can allow them."


@login_required
@require_POST
def publish_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the asset a public page, or take it back (action=withdraw)."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    one = Asset.objects.reachable_by(request.user, Role.ARCHIVIST).filter(pk=pk)
    _act(request, one, asset.library_id)
    return redirect("asset-rights", pk)


@login_required
@require_POST
def publish_collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Give everything in a collection, and below it, a public page, or take all back (action=withdraw)."""
    collection = get_object_or_404(collections_for(request.user, Role.ARCHIVIST), pk=pk)
    assets = Asset.objects.reachable_by(request.user, Role.ARCHIVIST)
    held = assets.filter(pk__in=items_below(collection).values("asset"))
    moment = _act(request, held, collection.library_id)
    undo = f"?{urlencode({'published': moment})}" if moment else ""
    return redirect(f"{reverse('collection-rights', args=[pk])}{undo}")


def _act(request: HttpRequest, assets: QuerySet[Asset], library_id: int) -> str:
    """Publish or withdraw, and say so. Returns the moment that undoes it, "" where nothing does."""
    if request.POST.get("action") == "withdraw":
        messages.success(request, f"{_pages(publishing.withdraw(assets, _moment(request)))} taken back.")
        return ""
    if not LibraryRights.of(library_id).public_pages:
        messages.error(request, CLOSED)
        return ""
    count, moment = publishing.publish(assets, cast(User, request.user))
    messages.success(request, f"{_pages(count)} published.")
    return moment.isoformat() if count else ""


def _moment(request: HttpRequest) -> datetime | None:
    """The moment whose publications are to be undone; None for all."""
    text = request.POST.get("since", "")
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadRequest("This names no moment at which anything was published.")
    return found


def _pages(count: int) -> str:
    return "One page is" if count == 1 else f"{count} pages are"
