"""A small picture of a face, cut from a rendition when somebody who may see the asset asks for it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from dam.assets.models import Asset, Rendition
from indexing.models import Annotation

SIDE = 192
"""Pixels of the longer side at most."""
PADDING = 0.35
"""Share of the box that is added on each side, so that hair and chin are in the picture."""


class NoCropError(LookupError):
    """There is no rendition to cut the face from."""


def crop(fact: Annotation) -> bytes:
    """The region of the fact with some room around it, as WebP. Raises NoCropError without a rendition."""
    with _frame(fact.asset, fact.start, fact.end) as frame:
        face = frame.crop(_padded(fact, *frame.size)).convert("RGB")
    face.thumbnail((SIDE, SIDE))
    written = BytesIO()
    face.save(written, "WEBP", quality=80)
    return written.getvalue()


def _frame(asset: Asset, start: float | None, end: float | None) -> Image.Image:
    sprite = asset.rendition("sprite") if start is not None else None
    if sprite is not None:
        return _tile(sprite, ((start or 0) + (end or start or 0)) / 2)
    return _opened(asset.rendition("thumb-large") or asset.rendition("thumb-small"))


def _tile(sprite: Rendition, second: float) -> Image.Image:
    """The tile of the scrubbing sheet that shows a second."""
    details = sprite.details
    index = min(int(second / details["interval"]), details["tiles"] - 1)
    row, column = divmod(index, details["columns"])
    width, height = details["tile_width"], details["tile_height"]
    left, top = column * width, row * height
    with _opened(sprite) as sheet:
        return sheet.crop((left, top, left + width, top + height))


def _opened(rendition: Rendition | None) -> Image.Image:
    if rendition is None:
        raise NoCropError("This file has no picture to cut the face from.")
    try:
        with rendition.file.open("rb") as stored:
            picture = Image.open(BytesIO(stored.read()))
    except OSError as error:
        raise NoCropError("The rendition cannot be read.") from error
    return picture


def _padded(fact: Annotation, width: int, height: int) -> tuple[int, int, int, int]:
    """The box in pixels, with room around it, inside the frame and at least one pixel large."""
    x, y, w, h = fact.x or 0.0, fact.y or 0.0, fact.w or 1.0, fact.h or 1.0
    left, top = max(0.0, x - PADDING * w), max(0.0, y - PADDING * h)
    right, bottom = min(1.0, x + (1 + PADDING) * w), min(1.0, y + (1 + PADDING) * h)
    first = min(int(left * width), width - 1), min(int(top * height), height - 1)
    return (*first, max(first[0] + 1, round(right * width)), max(first[1] + 1, round(bottom * height)))
