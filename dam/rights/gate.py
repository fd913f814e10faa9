"""The gate before originals: the library's rule about roles, and terms that are accepted first."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dam.assets.models import Asset
from dam.rights import agreeing
from dam.rights.models import Download, LibraryRights
from dam.sharing.access import may_edit
from dam.sharing.models import Role, User

ORIGINAL = "original"
TERMS_FIRST = "Accept the terms on the asset's download page before you take its original."


def role_refusal(user: User, asset: Asset, decided: LibraryRights | None = None) -> str:
    """Why the user's role may not take the original, in words; "" where it may."""
    needed = Role((decided or LibraryRights.of(asset.library_id)).originals_from)
    if needed <= Role.VIEWER or Asset.objects.reachable_by(user, needed).filter(pk=asset.pk).exists():
        return ""
    return f"Originals of this library are for the role of {needed.label} and above."


def check(request: HttpRequest, asset: Asset) -> HttpResponse | None:
    """None where the original may be served to whoever asks, and then a download is written down.

    Otherwise a redirection to the download page. Raises PermissionDenied where the original is not asked for
    as a download (a player, a picture) and the role may not take it.
    """
    user = cast(User, request.user)
    wanted, refusal = "download" in request.GET, obstacle(user, asset)
    if refusal and not wanted and refusal != TERMS_FIRST:
        raise PermissionDenied(refusal)
    if refusal:
        return redirect("download", asset.pk)
    if wanted and begins(request):
        record(user, asset, ORIGINAL)
    return None


def require(request: HttpRequest, asset: Asset) -> None:
    """Write the download of an original by a program down. Raises PermissionDenied where it is refused."""
    user = cast(User, request.user)
    if refusal := obstacle(user, asset):
        raise PermissionDenied(refusal)
    if begins(request):
        record(user, asset, ORIGINAL)


def obstacle(user: User, asset: Asset) -> str:
    """Why the user may not have the original now, in words; "" where nothing stands in the way.

    Those who keep the asset are asked for nothing.
    """
    if may_edit(user, asset.pk):
        return ""
    owes = bool(agreeing.unaccepted(user, asset))
    return role_refusal(user, asset) or (TERMS_FIRST if owes else "")


def begins(request: HttpRequest) -> bool:
    """Whether the request asks for a file from its beginning: its later parts are the same download."""
    part = request.headers.get("Range", "")
    return request.method != "HEAD" and (not part or part.replace(" ", "").startswith("bytes=0-"))


def record(user: User, asset: Asset, rendition: str, marked: bool = False) -> Download:
    """Write down that the user takes that rendition of the asset along."""
    return Download.objects.create(
        asset=asset, user=user, email=user.email, rendition=rendition, marked=marked
    )
