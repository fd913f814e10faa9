"""Which bytes guests get: renditions, which hold nothing but picture and sound, or the original."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from dam.assets.serving import Served

if TYPE_CHECKING:
    from dam.assets.models import Asset, Rendition
    from dam.sharing.link_models import ShareLink

SHOWN = frozenset({"thumb-small", "thumb-large", "poster", "proxy", "waveform"})
"""Names of renditions that a guest's pages are made of."""
TAKEN = ("proxy", "thumb-large", "thumb-small")
"""The rendition that is downloaded in place of the original: the first that there is."""


def shown_rendition(asset: Asset, name: str) -> Served | None:
    """A rendition as a guest's page shows it; None where guests do not get one of that name."""
    found = asset.rendition(name) if name in SHOWN else None
    return _served(found, PurePosixPath(str(found.file.name)).name, download=False) if found else None


def takes_original(link: ShareLink) -> bool:
    """Whether a download is the original. Cameras and editors write names and places into files, so it is
    only where people and places travel anyway."""
    return link.may_download and link.shows_people and link.shows_places


def download(link: ShareLink, asset: Asset) -> Served | None:
    """What a guest takes along: the original, or its best rendition; None where there is nothing to take."""
    if not link.may_download:
        return None
    if takes_original(link):
        name = asset.original_name
        return Served(asset.original, name, asset.media_type, asset.size, asset.sha256, download=True)
    found = next((made for each in TAKEN if (made := asset.rendition(each))), None)
    if found is None:
        return None
    name = f"{PurePosixPath(asset.original_name).stem}{PurePosixPath(str(found.file.name)).suffix}"
    return _served(found, name, download=True)


def _served(rendition: Rendition, name: str, download: bool) -> Served:
    tag = f"{rendition.pk}-{rendition.size}-{rendition.file.name}"
    return Served(rendition.file, name, rendition.media_type, rendition.size, tag, download=download)
