"""Pages of guests: what a share link shows to whoever holds it, without an account."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from dam.assets.grid import grid_page
from dam.assets.models import Asset
from dam.assets.serving import serve
from dam.export.paragraphs import parts_of
from dam.export.registry import FORMATS
from dam.pages import render_page
from dam.sharing import guest_files, guest_passes
from dam.sharing.access import shared_by
from dam.sharing.guest_doors import file_for_guests, page_for_guests
from dam.sharing.guest_facts import record_for, told_of
from dam.sharing.link_models import LinkVisit, ShareLink


@require_http_methods(["GET", "HEAD", "POST"])
@page_for_guests
def guest(request: HttpRequest, link: ShareLink, token: str) -> HttpResponseBase:
    """All that the link shows: a grid, or the one file that it names."""
    if link.is_single:
        return _asset_page(request, link, token, shared_by(link).first())
    page = grid_page(shared_by(link), request.GET.get("after", ""))
    if not page.assets and "after" not in request.GET:
        raise Http404("Nothing of it can be seen.")
    context = {"link": link, "token": token, "page": page}
    return render_page(request, "sharing/guest.html", "tiles", context)


@require_safe
@page_for_guests
def guest_asset(request: HttpRequest, link: ShareLink, token: str, pk: int) -> HttpResponseBase:
    """One file, playable, with the facts that travel."""
    return _asset_page(request, link, token, shared_by(link).filter(pk=pk).first())


def _asset_page(request: HttpRequest, link: ShareLink, token: str, asset: Asset | None) -> HttpResponse:
    if asset is None:
        raise Http404("The link does not show this.")
    prefetch_related_objects([asset], "renditions")
    guest_passes.log(request, link, LinkVisit.Kind.SEEN, asset)
    context = {
        "link": link,
        "token": token,
        "asset": asset,
        "told": told_of(link, asset),
        "spoken": _is_spoken(link, asset),
        "download": guest_files.download(link, asset),
        "is_original": guest_files.takes_original(link),
    }
    return render(request, "sharing/guest_asset.html", context)


@require_safe
@page_for_guests
def guest_transcript(request: HttpRequest, link: ShareLink, token: str, pk: int) -> HttpResponseBase:
    """All that is said, where transcripts travel."""
    asset = _spoken_asset(link, pk)
    guest_passes.log(request, link, LinkVisit.Kind.READ, asset)
    record = record_for(link, asset)
    context = {
        "link": link,
        "token": token,
        "asset": asset,
        "parts": parts_of(record.speech, record.chapters),
        "checked": all(segment.accepted for segment in record.speech),
    }
    return render(request, "sharing/guest_transcript.html", context)


@require_safe
@file_for_guests
def guest_captions(request: HttpRequest, link: ShareLink, token: str, pk: int) -> HttpResponseBase:
    """The transcript as captions of the film, where transcripts travel."""
    chosen = FORMATS["webvtt"]
    return HttpResponse(
        chosen.render(record_for(link, _spoken_asset(link, pk))), content_type=chosen.MEDIA_TYPE
    )


@require_safe
@file_for_guests
def guest_download(request: HttpRequest, link: ShareLink, token: str, pk: int) -> HttpResponseBase:
    """The file to take along, where the link allows it."""
    asset = _asset(link, pk)
    served = guest_files.download(link, asset)
    if served is None:
        raise Http404("This link allows no downloads.")
    if "Range" not in request.headers:
        guest_passes.log(request, link, LinkVisit.Kind.DOWNLOADED, asset)
    return serve(request, served)


@require_safe
@file_for_guests
def guest_rendition(
    request: HttpRequest, link: ShareLink, token: str, pk: int, name: str
) -> HttpResponseBase:
    """A picture, a sound, or a film that a guest's page shows."""
    served = guest_files.shown_rendition(_asset(link, pk), name)
    if served is None:
        raise Http404("Guests get no such rendition.")
    return serve(request, served)


def _asset(link: ShareLink, pk: int) -> Asset:
    asset = shared_by(link).filter(pk=pk).first()
    if asset is None:
        raise Http404("The link does not show this.")
    prefetch_related_objects([asset], "renditions")
    return asset


def _spoken_asset(link: ShareLink, pk: int) -> Asset:
    asset = _asset(link, pk)
    if not _is_spoken(link, asset):
        raise Http404("The link shows no transcript of this.")
    return asset


def _is_spoken(link: ShareLink, asset: Asset) -> bool:
    """Whether the guest may read what is said, and anything is."""
    said = asset.annotations.filter(kind="speech", status__in=["proposed", "accepted"])
    return link.shows_transcript and asset.kind != "image" and said.exists()
