"""Fixity: whether the stored originals are still, bit for bit, what came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from dam.assets.models import Asset, originals
from dam.assets.quarantine import digest

MISSING = "The stored file is missing."
OTHER_SIZE = "The stored file has {found} bytes; {expected} came in."
OTHER_CONTENT = "The stored file has the SHA-256 {found}; {expected} came in."


@dataclass(frozen=True)
class Damage:
    """An original that is not what came in, and in what way."""

    asset: Asset
    reason: str


def check(asset: Asset) -> Damage | None:
    """Read the stored original of an asset and compare it with its checksum; None where it is sound."""
    try:
        with originals().open(str(asset.original.name), "rb") as stored:
            sha256, size = digest(stored)  # type: ignore[arg-type]
    except FileNotFoundError:
        return Damage(asset, MISSING)
    if size != asset.size:
        return Damage(asset, OTHER_SIZE.format(found=size, expected=asset.size))
    if sha256 != asset.sha256:
        return Damage(asset, OTHER_CONTENT.format(found=sha256, expected=asset.sha256))
    return None


def damaged(assets: QuerySet[Asset]) -> Iterator[Damage]:
    """Check many originals, one read for each; yields those that are damaged as they are found."""
    for asset in assets.order_by("pk").iterator(chunk_size=500):
        damage = check(asset)
        if damage is not None:
            yield damage
