"""The highlights of a film or recording: what they are, and having a preview reel cut."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from dam.pages import render_page
from dam.sharing.access import get_asset_for, may_edit
from dam.sharing.models import Role
from indexing import on_demand, reels
from indexing.tasks import cut_reel


@login_required
@require_safe
def highlights(request: HttpRequest, pk: int) -> HttpResponse:
    """The moments that matter, the best first, with their decisions and the reel."""
    asset = get_asset_for(request.user, pk)
    shown = asset.annotations.filter(kind="highlight", start__isnull=False).exclude(status="superseded")
    reel, state = asset.rendition(reels.RENDITION), on_demand.progress(pk, reels.RENDITION)
    context = {
        "asset": asset,
        "highlights": shown.select_related("run").order_by("number", "start"),
        "reel": reel,
        "outdated": reel is not None
        and reel.details.get("facts") != [fact.pk for fact in reels.pieces(asset)],
        "progress": state,
        "here": asset.get_absolute_url(),
        "can_edit": may_edit(request.user, pk),
    }
    return render_page(request, "indexing/highlights.html", "panel", context)


@login_required
@require_POST
def make_reel(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the preview reel cut; refused where nothing is highlighted."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    state = on_demand.progress(pk, reels.RENDITION)
    if not reels.pieces(asset):
        messages.error(request, "There are no highlights to cut a reel from.")
    elif state is None or not state.under_way:
        _send(request, pk)
    return redirect("highlights", pk)


def _send(request: HttpRequest, pk: int) -> None:
    """Hand the asset to a worker, or say that none can be reached."""
    if on_demand.hand_over(cut_reel, pk, reels.RENDITION):
        messages.success(request, "The preview reel is being cut.")
    else:
        messages.error(request, "The queue does not answer. Try again when the workers run.")
