"""The page of an exhibition, for everyone once it is published, and the files that it shows."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dam.assets.serving import Served, serve
from dam.collections.exhibitions import RENDITIONS
from dam.collections.models import Exhibition
from dam.collections.public_page import PublicPage
from dam.sharing.scopes import exhibited, exhibitions_for, public_exhibitions


@require_safe
def exhibition(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as every visitor sees it. Archivists of its library see it before and after, too."""
    shown = _openable(request, slug)
    page = PublicPage(request, shown)
    response = render(request, "collections/exhibition.html", {"exhibition": shown, "page": page})
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def exhibition_media(request: HttpRequest, slug: str, item: int, rendition: str) -> HttpResponseBase:
    """A file of one moment, asked for anew each time: what was withdrawn, trashed or put under embargo a
    moment ago is not sent."""
    moments = exhibited(Exhibition.objects.filter(pk=_openable(request, slug).pk))
    asset = get_object_or_404(moments.select_related("asset"), pk=item).asset
    found = asset.renditions.filter(name=rendition, name__in=RENDITIONS[asset.kind]).first()
    if found is None:
        raise Http404("This exhibition shows no such file.")
    name = PurePosixPath(str(found.file.name)).name
    tag = f"{found.pk}-{found.size}-{found.file.name}"
    return serve(request, Served(found.file, name, found.media_type, found.size, tag))


def _openable(request: HttpRequest, slug: str) -> Exhibition:
    """The exhibition, if everyone may see it or this person edits it. Raises Http404 otherwise."""
    found = public_exhibitions().filter(slug=slug).select_related("library").first()
    return found or get_object_or_404(exhibitions_for(request.user).select_related("library"), slug=slug)
