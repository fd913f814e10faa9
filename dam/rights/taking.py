"""Handing a rendition over as a download, and writing it down."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from dam.assets.models import Asset, MediaKind, Rendition
from dam.assets.serving import Served, serve
from dam.rights import gate, offers, overlay
from dam.rights.drawing import Mark
from dam.rights.tasks import mark_film
from dam.sharing.models import User
from indexing import on_demand
from indexing.analysers.contract import MediaError


def take(request: HttpRequest, asset: Asset, rendition: str, mark: Mark | None) -> HttpResponseBase:
    """The file of an offer, with the mark over it where there is one; a film that has to be marked first is
    handed to a worker, and the reader sent back to the page.

    Raises MediaError where it cannot be made, FileNotFoundError where the original is gone.
    """
    if rendition == gate.ORIGINAL:
        gate.record(_user(request), asset, rendition)
        return _original(request, asset)
    if rendition in offers.STILLS:
        return _still(request, asset, rendition, mark)
    return _copy(request, asset, mark if asset.kind == MediaKind.VIDEO else None)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _original(request: HttpRequest, asset: Asset) -> HttpResponseBase:
    name, kind = asset.original_name, asset.media_type
    return serve(request, Served(asset.original, name, kind, asset.size, asset.sha256, download=True))


def _still(request: HttpRequest, asset: Asset, name: str, mark: Mark | None) -> FileResponse:
    with offers.made_still(asset, name, mark) as path:
        stored = path.open("rb")
        gate.record(_user(request), asset, name, mark is not None)
        return FileResponse(
            stored, as_attachment=True, filename=offers.file_name(asset, name, offers.STILLS[name].suffix)
        )


def _copy(request: HttpRequest, asset: Asset, mark: Mark | None) -> HttpResponseBase:
    """The playable copy; with a mark, the copy that carries it."""
    found = overlay.ready(asset, mark) if mark else asset.rendition(offers.PROXY)
    if found is None and mark is None:
        raise MediaError("There is no playable copy yet.")
    if found is None:
        _have_marked(request, asset)
        return redirect("download", asset.pk)
    gate.record(_user(request), asset, offers.PROXY, mark is not None)
    return _served(request, asset, found)


def _served(request: HttpRequest, asset: Asset, found: Rendition) -> HttpResponseBase:
    name = offers.file_name(asset, offers.PROXY, PurePosixPath(str(found.file.name)).suffix)
    tag = f"{found.pk}-{found.size}-{found.file.name}"
    return serve(request, Served(found.file, name, found.media_type, found.size, tag, download=True))


def _have_marked(request: HttpRequest, asset: Asset) -> None:
    """Hand the film to a worker, unless one is at it."""
    state = on_demand.progress(asset.pk, overlay.RENDITION)
    if state is not None and state.under_way:
        messages.info(request, "The film is being prepared.")
    elif on_demand.hand_over(mark_film, asset.pk, overlay.RENDITION):
        messages.success(request, "The film is being prepared with the library's mark. Stay on this page.")
    else:
        messages.error(request, "The queue does not answer. Try again when the workers run.")
