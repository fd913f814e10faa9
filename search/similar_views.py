"""The pages of searches by example: an asset of the library, what is said in it, or a picture that is sent
and not kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from dam.assets.models import Asset
from dam.assets.views import second
from dam.sharing.access import get_asset_for
from search import similar_topics as topics
from search.similar import Example, NoExample, of_asset, of_upload, search_by


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest) -> HttpResponse:
    """What looks like ?asset= (at ?t= seconds), or like the picture in the POST's field `example`."""
    upload = request.FILES.get("example")
    asset = named_asset(request) if request.method != "POST" else None
    context: dict[str, Any] = {"asset": asset, "sent": request.method == "POST"}
    context["second"] = second(request.GET["t"]) if asset and "t" in request.GET else None
    try:
        example = _example(asset, context["second"], upload, context["sent"])
        context["results"] = search_by(request.user, example) if example else None
    except NoExample as problem:
        context["error"] = str(problem)
    return render(request, "search/similar.html", context)


@login_required
@require_safe
def similar_topics(request: HttpRequest, pk: int) -> HttpResponse:
    """Where else people talk of what is said in an asset: at ?t= seconds, or in all of it."""
    asset = get_asset_for(request.user, pk)
    context: dict[str, Any] = {"asset": asset}
    context["second"] = second(request.GET["t"]) if "t" in request.GET else None
    try:
        context["results"] = topics.search_by(request.user, topics.of_asset(asset, context["second"]))
    except NoExample as problem:
        context["error"] = str(problem)
    return render(request, "search/similar_topics.html", context)


def _example(
    asset: Asset | None, at: float | None, upload: UploadedFile | None, sent: bool
) -> Example | None:
    if upload:
        return of_upload(upload)
    if sent:
        raise NoExample("No picture was sent. Choose one first.")
    return of_asset(asset, at) if asset else None


def named_asset(request: HttpRequest) -> Asset | None:
    """The asset that the address names; Http404 where the reader may not see it or it is none."""
    text = request.GET.get("asset", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404("This address names no asset.")
    return get_asset_for(request.user, int(text))
