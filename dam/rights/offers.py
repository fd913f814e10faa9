"""What can be taken along of an asset: the original, and copies in the sizes that people ask for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.template.defaultfilters import filesizeformat

from dam.assets.files import local_path
from dam.assets.models import Asset, MediaKind
from dam.assets.quarantine import workspace
from dam.rights import drawing
from dam.rights.drawing import Mark
from dam.rights.gate import ORIGINAL
from indexing.decoding import child, signatures
from indexing.decoding.limits import LIMITS

LARGE, WEB = 4096, 1600
"""Pixels of the long side."""
PROXY = "proxy"


@dataclass(frozen=True)
class Size:
    """A still that is made when it is asked for: its long side in pixels and the suffix of its file."""

    label: str
    long_side: int
    suffix: str


STILLS = {
    "large": Size("Large JPEG", LARGE, ".jpg"),
    "large-png": Size("Large PNG", LARGE, ".png"),
    "web": Size("Web size JPEG", WEB, ".jpg"),
}


@dataclass(frozen=True)
class Offer:
    """One thing to take along. `refusal` says why this reader may not."""

    name: str
    label: str
    details: str
    refusal: str = ""


def offers(asset: Asset, original_refused: str = "") -> list[Offer]:
    """All that is offered of an asset, the original first."""
    kind = f"{asset.media_type}, {filesizeformat(asset.size)}"
    original = Offer(ORIGINAL, "Original", f"{kind}{_pixels(asset, None)}", original_refused)
    return [original, *(_stills(asset) if asset.kind == MediaKind.IMAGE else _copies(asset))]


def _stills(asset: Asset) -> Iterator[Offer]:
    for name, size in STILLS.items():
        yield Offer(name, size.label, _pixels(asset, size.long_side).removeprefix(", "))


def _copies(asset: Asset) -> Iterator[Offer]:
    proxy = asset.rendition(PROXY)
    if proxy is not None:
        label = "Film for the web" if proxy.width else "Sound for the web"
        shape = f", {proxy.width} x {proxy.height} pixels" if proxy.width else ""
        yield Offer(PROXY, label, f"{proxy.media_type}, {filesizeformat(proxy.size)}{shape}")


def _pixels(asset: Asset, long_side: int | None) -> str:
    if not asset.width or not asset.height:
        return ""
    scale = min(1.0, long_side / max(asset.width, asset.height)) if long_side else 1.0
    return f", {max(1, round(asset.width * scale))} x {max(1, round(asset.height * scale))} pixels"


@contextmanager
def made_still(asset: Asset, name: str, mark: Mark | None) -> Iterator[Path]:
    """A still of STILLS as a file that lasts as long as the block. Raises MediaError where it cannot be made,
    FileNotFoundError where the original is gone."""
    size = STILLS[name]
    with local_path(asset.original) as path, workspace(f"download-{uuid.uuid4().hex}") as folder:
        target = folder / f"still{size.suffix}"
        form = signatures.format_of(path) or "unknown"
        child.call(
            drawing.write_still, path, form, size.long_side, target, mark, seconds=LIMITS.still_seconds
        )
        yield target


def file_name(asset: Asset, rendition: str, suffix: str) -> str:
    """What a copy is called on the reader's machine."""
    return f"{PurePath(asset.original_name).stem or asset.pk}-{rendition}{suffix}"
