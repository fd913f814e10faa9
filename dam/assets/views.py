"""Pages of the library, of one asset, and of the upload; and the files themselves."""

from __future__ import annotations

import math
from pathlib import PurePosixPath
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dam.assets.facts import asset_facts
from dam.assets.forms import GridFilter, UploadForm
from dam.assets.grid import filtered, grid_page
from dam.assets.ingest import receive_upload
from dam.assets.models import Asset
from dam.assets.serving import Served, serve
from dam.pages import render_page
from dam.rights import gate
from dam.sharing.access import collections_for, get_asset_for, libraries_for, may_edit
from dam.sharing.models import Role, User

RENDITION_AGE = 3600


@login_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The grid; htmx asks for the tiles that follow a cursor."""
    form = GridFilter(request.user, request.GET)
    chosen = form.chosen()
    assets = filtered(Asset.objects.visible_to(request.user), chosen)
    page = grid_page(assets, request.GET.get("after", ""))
    context = {"form": form, "chosen": chosen, "page": page, "can_upload": may_upload(request)}
    return render_page(request, "assets/library.html", "tiles", context)


def may_upload(request: HttpRequest) -> bool:
    """Whether there is any place to which this person may add files."""
    return libraries_for(request.user, Role.CONTRIBUTOR).exists()


@login_required
@require_safe
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """One asset, opened at ?t=SECONDS with ?fact=ID drawn."""
    shown = get_asset_for(request.user, pk)
    prefetch_related_objects([shown], "renditions", "runs")
    context = {
        "asset": shown,
        "facts": asset_facts(shown),
        "second": second(request.GET.get("t", "")),
        "fact_id": request.GET.get("fact", ""),
        "collections": collections_for(request.user).filter(assets=shown).order_by("name"),
        "editable_collections": collections_for(request.user, Role.ARCHIVIST)
        .filter(library=shown.library_id, query="")
        .order_by("name"),
        "can_edit": may_edit(request.user, pk),
    }
    return render(request, "assets/asset.html", context)


def second(text: str) -> float:
    """The second that an address names; 0 where it names none that can be played."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and value > 0 else 0.0


@login_required
@require_safe
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came in, where the library lets the reader have it. ?download saves it."""
    found = get_asset_for(request.user, pk)
    stopped = gate.check(request, found)
    if stopped is not None:
        return stopped
    return serve(
        request,
        Served(
            file=found.original,
            name=found.original_name,
            media_type=found.media_type,
            size=found.size,
            tag=found.sha256,
            download="download" in request.GET,
        ),
    )


@login_required
@require_safe
def rendition(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A file derived from the original."""
    found = get_asset_for(request.user, pk).renditions.filter(name=name).first()
    if found is None:
        raise Http404("This asset has no such rendition.")
    return serve(
        request,
        Served(
            file=found.file,
            name=PurePosixPath(str(found.file.name)).name,
            media_type=found.media_type,
            size=found.size,
            tag=f"{found.pk}-{found.size}-{found.file.name}",
            max_age=RENDITION_AGE,
        ),
    )


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Choose or drop files. With JavaScript they travel by tus; without, this view receives them."""
    form = UploadForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        holder, collection = form.place()
        for file in form.cleaned_data["files"]:
            item = receive_upload(cast(User, request.user), holder, collection, file.name, file)
        messages.success(request, "The files are being brought in.")
        return redirect("job", item.job_id)
    return render(request, "assets/upload.html", {"form": form, "places": form.places})
