"""Pictures of facts, their addresses, and the count of what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from dam.assets.models import Asset, Rendition
from dam.review.models import Batch
from dam.review.said import told
from dam.review.waiting import COUNTED, waiting_count
from indexing import flags
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

register = template.Library()

ROOM = 0.25
"""Share of a region's longer side that is shown around it."""
LARGE = 0.4
"""Share of the frame from which the small thumbnail shows enough of a region."""


@dataclass(frozen=True)
class Picture:
    """A picture to cut from: its address, its size, and where the frame lies in it, all in pixels."""

    url: str
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0


@register.inclusion_tag("review/crop.html")
def crop(fact: Annotation) -> dict[str, Any]:
    """The region of a fact with some room around it, or the whole frame; in a film, at its middle second."""
    asset = fact.asset
    width, height = float(asset.width or 640), float(asset.height or 480)
    picture = _tile(fact, width, height) or _still(fact, width, height)
    return {
        "fact": fact,
        "picture": picture,
        "frame": f"0 0 {width:g} {height:g}",
        "box": " ".join(f"{number:.1f}" for number in _view(fact, width, height)),
        "width": f"{width:g}",
        "height": f"{height:g}",
        "region": _region(fact, width, height),
        "blurred": flags.is_flagged(asset),
    }


@register.filter
def told_batch(batch: Batch) -> str:
    """A batch in a sentence."""
    return told(batch)


@register.filter
def query(parameters: Mapping[str, str]) -> str:
    """Parameters as an address holds them."""
    return f"?{urlencode(parameters)}" if parameters else "?"


@register.simple_tag
def waiting_for_review(user: AnyUser) -> str:
    """How much waits for the user's decision: "" for nothing, "999+" for COUNTED and more."""
    count = waiting_count(user)
    return "" if not count else f"{COUNTED - 1}+" if count >= COUNTED else str(count)


def _view(fact: Annotation, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is shown of the frame, in its pixels."""
    region = _pixels(fact, width, height)
    if region is None:
        return 0.0, 0.0, width, height
    x, y, w, h = region
    room = ROOM * max(w, h)
    left, top = max(0.0, x - room), max(0.0, y - room)
    return left, top, min(width, x + w + room) - left, min(height, y + h + room) - top


def _pixels(fact: Annotation, width: float, height: float) -> tuple[float, float, float, float] | None:
    if fact.x is None or fact.y is None or fact.w is None or fact.h is None:
        return None
    return fact.x * width, fact.y * height, fact.w * width, fact.h * height


def _region(fact: Annotation, width: float, height: float) -> dict[str, str] | None:
    pixels = _pixels(fact, width, height)
    return None if pixels is None else dict(zip("xywh", (f"{each:.1f}" for each in pixels), strict=True))


def _tile(fact: Annotation, width: float, height: float) -> Picture | None:
    """The tile of the scrubbing sheet that shows the fact's second, as large as the frame."""
    sprite = fact.asset.rendition("sprite") if fact.start is not None else None
    if sprite is None or fact.start is None:
        return None
    details = sprite.details
    second = (fact.start + (fact.end or fact.start)) / 2
    index = min(int(second / details["interval"]), details["tiles"] - 1)
    row, column = divmod(index, details["columns"])
    sheet = width * details["columns"], height * details["rows"]
    return Picture(_address(fact.asset, sprite), *sheet, -column * width, -row * height)


def _still(fact: Annotation, width: float, height: float) -> Picture | None:
    small = fact.w is None or max(fact.w, fact.h or 0.0) >= LARGE
    names = ("thumb-small", "thumb-large", "poster")
    order = names if small else (names[1], names[0], names[2])
    found = next((each for each in map(fact.asset.rendition, order) if each), None)
    return Picture(_address(fact.asset, found), width, height) if found else None


def _address(asset: Asset, rendition: Rendition) -> str:
    return reverse("rendition", args=[asset.pk, rendition.name])
