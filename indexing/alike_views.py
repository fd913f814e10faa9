"""The page, and the part of an asset's page, of what looks like it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dam.pages import render_page
from dam.sharing.access import get_asset_for
from indexing import flags
from indexing.alike import alike as all_alike


@login_required
@require_safe
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Copies of an asset, its burst and its takes; the page of the asset asks for the part by htmx."""
    asset = get_asset_for(request.user, pk)
    prefetch_related_objects([asset], "renditions")
    found = all_alike(asset, request.user)
    flags.mark([asset, *(copy.asset for copy in found.copies), *found.burst])
    return render_page(request, "assets/alike.html", "panel", {"asset": asset, "alike": found})
