"""The trash: move there, take out again, and delete for good."""

from __future__ import annotations

import json
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from dam.assets import curation
from dam.assets.models import Asset
from dam.assets.serving import Served, serve
from dam.describing import purging
from dam.describing import trash as bin_
from dam.describing.models import Purge
from dam.pages import render_page
from dam.sharing.access import get_asset_for
from dam.sharing.models import Role, User
from dam.sharing.scopes import trashed_for


@login_required
@require_POST
def move_to_trash(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an asset in the trash, and offer to undo it."""
    asset = get_asset_for(request.user, pk, Role.ARCHIVIST)
    curation.trash(asset, cast(User, request.user))
    messages.success(request, _undo(request, asset))
    return redirect("library")


def _undo(request: HttpRequest, asset: Asset) -> SafeString:
    """One click with JavaScript; without, the trash with the asset on top."""
    sent = json.dumps({"assets": asset.pk, "csrfmiddlewaretoken": get_token(request)})
    return format_html(
        'Moved to the trash: {}. <a href="{}?asset={}" hx-post="{}" hx-vals="{}">Undo</a>',
        str(asset), reverse("trash"), asset.pk, reverse("restore-assets"), sent,
    )  # fmt: skip


@login_required
@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """What the reader may take out of the trash, with who threw it away and when."""
    page = bin_.page_of(request.user, request.GET.get("page"))
    just = bin_.chosen(trashed_for(request.user), [request.GET.get("asset", "")]).first()
    context = {"page": page, "just": just, "purgeable": bin_.purgeable_for(request.user).count()}
    return render(request, "describing/trash.html", context)


@login_required
@require_safe
def trashed_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The small picture of an asset in the trash."""
    asset = get_object_or_404(trashed_for(request.user), pk=pk)
    found = asset.renditions.filter(name="thumb-small").first()
    if found is None:
        raise Http404("This asset has no picture.")
    tag = f"{found.pk}-{found.size}"
    return serve(request, Served(found.file, "thumb-small.webp", found.media_type, found.size, tag))


@login_required
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Take the chosen assets out of the trash."""
    found = list(bin_.chosen(trashed_for(request.user), request.POST.getlist("assets")))
    if not found:
        raise Http404("None of these lies in the trash.")
    bin_.restore_all(found)
    names = str(found[0]) if len(found) == 1 else f"{len(found)} assets"
    messages.success(request, f"Out of the trash again: {names}.")
    address = found[0].get_absolute_url() if len(found) == 1 else reverse("trash")
    return HttpResponseClientRedirect(address) if HtmxDetails(request) else redirect(address)


@login_required
@require_POST
def purge(request: HttpRequest) -> HttpResponse:
    """Delete the chosen assets, or all in the trash, for good, once their number has been typed."""
    allowed = bin_.purgeable_for(request.user).order_by("trashed_at", "pk")
    found = allowed if "all" in request.POST else bin_.chosen(allowed, request.POST.getlist("assets"))
    ids = list(found.values_list("pk", flat=True)[: bin_.MOST])
    if not ids:
        raise Http404("None of these lies in the trash of a library that you administer.")
    typed = request.POST.get("number")
    if typed is None or typed.strip() != str(len(ids)):
        whole = "all" in request.POST
        context = {"ids": ids, "all": whole, "some": found[:12], "wrong": typed is not None}
        return render(request, "describing/purge.html", context)
    started = purging.start(ids, cast(User, request.user))
    if started.finished_at is None:
        return redirect("purging", started.pk)
    messages.success(request, f"Deleted for good: {started.total}.")
    return redirect("trash")


@login_required
@require_safe
def purging_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a purge has come; whoever began it may look."""
    shown = get_object_or_404(Purge, pk=pk, created_by=request.user.pk)
    return render_page(request, "describing/purging.html", "progress", {"purge": shown})
