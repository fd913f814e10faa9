"""The audio description of a film on its page: what is said, and having it spoken."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from dam.assets.models import Asset
from dam.pages import render_page
from dam.sharing.access import get_asset_for, may_edit
from dam.sharing.models import Role
from indexing import narrating, on_demand
from indexing.tasks import speak_narration


@login_required
@require_safe
def narration(request: HttpRequest, pk: int) -> HttpResponse:
    """The descriptions of a film with their decisions, and the sound track that speaks them."""
    asset = get_asset_for(request.user, pk)
    holding = asset.annotations.filter(kind="narration", start__isnull=False).exclude(status="superseded")
    track, state = asset.rendition(narrating.RENDITION), on_demand.progress(pk, narrating.RENDITION)
    context = {
        "asset": asset,
        "descriptions": holding.select_related("run").order_by("start", "pk"),
        "track": track,
        "outdated": track is not None and _outdated(asset, track.details.get("facts", [])),
        "progress": state,
        "under_way": state is not None and state.under_way,
        "beside_film": bool(HtmxDetails(request)),
        "here": asset.get_absolute_url(),
        "can_edit": may_edit(request.user, pk),
    }
    return render_page(request, "indexing/narration.html", "panel", context)


def _outdated(asset: Asset, spoken: list[int]) -> bool:
    """Whether what is to be said has changed since it was spoken."""
    return not set(spoken) <= {fact.pk for fact in narrating.narrations(asset)}


@login_required
@require_POST
def speak(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the descriptions spoken; refused, with how to mend it, where there is no voice."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    state = on_demand.progress(pk, narrating.RENDITION)
    try:
        narrating.voice_for(narrating.narrations(asset))
    except narrating.Unspeakable as problem:
        messages.error(request, str(problem))
        return redirect("narration", pk)
    if state is None or not state.under_way:
        _send(request, pk)
    return redirect("narration", pk)


def _send(request: HttpRequest, pk: int) -> None:
    """Hand the asset to a worker, or say that none can be reached."""
    if on_demand.hand_over(speak_narration, pk, narrating.RENDITION):
        messages.success(request, "The descriptions are being spoken.")
    else:
        messages.error(request, "The queue does not answer. Try again when the workers run.")
