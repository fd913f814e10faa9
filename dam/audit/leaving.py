"""Files that leave the house: originals, exports, and what guests take along."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from dam.assets.models import Asset
from dam.audit.recording import record
from dam.sharing import links

OK = 200
"""A part of a file (206) or "not modified" (304) is no download of its own."""


def _original(request: HttpRequest, asset: Asset) -> None:
    if "download" in request.GET:
        record("asset.downloaded", target=asset)


def _by_api(request: HttpRequest, asset: Asset) -> None:
    record("asset.downloaded", target=asset, by="API")


def _export(request: HttpRequest, asset: Asset) -> None:
    """Captions that a player shows are no export."""
    if "show" not in request.GET and request.resolver_match:
        record("asset.exported", target=asset, format=request.resolver_match.kwargs["format"])


def _by_link(request: HttpRequest, asset: Asset) -> None:
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    link = links.find(token)
    if link is not None:
        record("link.downloaded", target=asset, link=link.pk, title=link.title)


WAYS_OUT: dict[str, Callable[[HttpRequest, Asset], None]] = {
    "original": _original,
    "api:asset-original": _by_api,
    "export": _export,
    "guest-download": _by_link,
}
"""By the name of the address, what is written down when it has answered with a file."""


def record_download(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write down that a file left, if that is what happened. The view has checked who may take it."""
    match = request.resolver_match
    way = WAYS_OUT.get(match.view_name) if match else None
    if way is None or match is None or request.method != "GET" or response.status_code != OK:
        return
    asset = Asset.objects.filter(pk=match.kwargs.get("pk") or match.kwargs["asset"]).first()
    if asset is not None:
        way(request, asset)
