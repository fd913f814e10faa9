"""What a new share link leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404

from dam.sharing import links
from dam.sharing.access import AssetQuerySet, collections_for, get_asset_for
from dam.sharing.link_models import ShareLink
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.assets.models import Asset
    from dam.collections.models import Collection, Library
    from dam.sharing.models import User

MOST = 500
"""Files that a link names one by one; more of them belong in a collection."""
LONGEST_ID = 18


class TargetError(ValueError):
    """Why a link cannot lead there. The message is for a person."""


@dataclass(frozen=True)
class Target:
    """A collection, or assets of one library; `second` is where a moment begins."""

    kind: ShareLink.Kind
    library: Library
    title: str
    collection: Collection | None = None
    assets: tuple[Asset, ...] = ()
    second: float | None = None


def asset_target(user: User, pk: int, second: str = "") -> Target:
    """One file, or the moment in it that begins at that second. Raises Http404 for what the user may not
    share."""
    asset = get_asset_for(user, pk, Role.ARCHIVIST)
    begins = _second(second, asset)
    kind = ShareLink.Kind.ASSET if begins is None else ShareLink.Kind.MOMENT
    return Target(kind, asset.library, str(asset), assets=(asset,), second=begins)


def collection_target(user: User, pk: int) -> Target:
    """A collection and those inside it. Raises Http404 as above, TargetError for a smart one."""
    found = collections_for(user, Role.ARCHIVIST).select_related("library").filter(pk=pk).first()
    if found is None:
        raise Http404("No such collection.")
    if found.smart:
        raise TargetError("A smart collection is a search: share the files that it finds.")
    return Target(ShareLink.Kind.COLLECTION, found.library, found.name, collection=found)


def list_target(user: User, named: str) -> Target:
    """Several files by their ids, with commas between them. Raises Http404 as above, TargetError for too many
    and for files of several libraries."""
    ids = list(dict.fromkeys(map(_number, named.split(","))))
    if len(ids) > MOST:
        raise TargetError(f"A link names at most {MOST} files: put them in a collection and share that.")
    found = tuple(_shareable(user).select_related("library").filter(pk__in=ids))
    if len(found) < len(ids):
        raise Http404("No such files.")
    if len({each.library_id for each in found}) > 1:
        raise TargetError("These files are in several libraries: make a link for each of them.")
    return Target(ShareLink.Kind.LIST, found[0].library, f"{len(found)} files", assets=found)


def _shareable(user: User) -> AssetQuerySet:
    from dam.assets.models import Asset

    return Asset.objects.reachable_by(user, Role.ARCHIVIST)


@transaction.atomic
def make(maker: User, target: Target, link: ShareLink) -> str:
    """Save the link, whose settings are filled in, as one that leads to the target; returns its token, which
    is kept nowhere."""
    link.maker, link.kind, link.library = maker, target.kind, target.library
    link.collection, link.second = target.collection, target.second
    token = links.renew(link)
    link.assets.set(target.assets)
    return token


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID):
        raise Http404("This address names nothing that can be shared.")
    return int(text)


def _second(text: str, asset: Asset) -> float | None:
    """The second of a film or recording that the text names; None where it names none that is in it."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if asset.duration and 0 < value < asset.duration else None
