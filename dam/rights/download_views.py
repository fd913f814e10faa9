"""Taking files along: what is offered, on which terms, and who took what."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dam.pages import render_page
from dam.rights import agreeing, gate, overlay, resolution, taking
from dam.rights.forms import DownloadForm
from dam.rights.marks import mark_of
from dam.rights.models import Acceptance, LibraryRights
from dam.rights.offers import offers
from dam.sharing.access import get_asset_for, may_edit
from dam.sharing.models import Role, User
from indexing import on_demand
from indexing.analysers.contract import MediaError

LOGGED_A_PAGE = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Choose a rendition, accept the terms, and take it along. The file answers the form."""
    user, asset = cast(User, request.user), get_asset_for(request.user, pk)
    keeps = may_edit(user, pk)
    decided = LibraryRights.of(asset.library_id)
    terms = [] if keeps else agreeing.unaccepted(user, asset)
    offered = offers(asset, "" if keeps else gate.role_refusal(user, asset, decided))
    names = [(each.name, each.label) for each in offered if not each.refusal]
    form = DownloadForm(names, [each.pk for each in terms], request.POST or None)
    if form.is_bound and form.is_valid():
        agreeing.accept(user, terms)
        wanted = form.cleaned_data["rendition"]
        mark = mark_of(decided) if form.cleaned_data["marked"] or not keeps else None
        try:
            return taking.take(request, asset, wanted, mark)
        except (MediaError, FileNotFoundError) as problem:
            messages.error(request, f"This file could not be made. {problem}")
        return redirect("download", pk)
    context = {"asset": asset, "form": form, "offers": offered, "terms": terms, "keeps": keeps}
    return render_page(request, "rights/download.html", "making", {**context, **_told(asset, decided)})


def _told(asset: Any, decided: LibraryRights) -> dict[str, Any]:
    """What the page says besides: rights, the mark, and how far a marked film has come."""
    mark = mark_of(decided) if asset.kind != "audio" else None
    return {
        "rights": resolution.of(asset),
        "marks": mark is not None,
        "ready": overlay.ready(asset, mark) if mark and asset.kind == "video" else None,
        "progress": on_demand.progress(asset.pk, overlay.RENDITION),
    }


@login_required
@require_safe
def downloads(request: HttpRequest, pk: int) -> HttpResponse:
    """Who took the asset along, and who accepted which terms of it; for archivists."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    accepted = Acceptance.objects.filter(terms__in=agreeing.holding_for(asset)).select_related("terms")
    context = {
        "asset": asset,
        "page": Paginator(asset.downloads.all(), LOGGED_A_PAGE).get_page(request.GET.get("page")),
        "accepted": accepted.order_by("-accepted_at", "-pk")[:LOGGED_A_PAGE],
    }
    return render(request, "rights/downloads.html", context)
