"""How seconds, shares, pictures and icons are written into pages."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dam.assets.models import Asset
from indexing import flags
from indexing.models import Annotation

register = template.Library()

NARROWEST, WIDEST = 0.5, 2.6
AUDIO_RATIO = 1.15


@register.filter
def timecode(seconds: float | None) -> str:
    """Seconds as 1:02 or 1:02:03; empty where there are none."""
    if seconds is None:
        return ""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@register.filter
def point(seconds: float | None) -> str:
    """Seconds as an address writes them, to the millisecond: 12.345."""
    return f"{seconds or 0:.3f}".rstrip("0").rstrip(".")


@register.filter
def percent(share: float | None) -> str:
    """A share of 0..1 as "87 %"; empty where there is none. Also used for places in a frame."""
    return "" if share is None else f"{100 * share:.0f} %"


@register.filter
def css_percent(share: float | None) -> str:
    """A share of 0..1 as CSS and SVG write it: 12.34%."""
    return f"{100 * (share or 0):.2f}%"


@register.filter
def of(part: float, whole: float | None) -> float:
    """A part as a share of the whole, 0..1; 0 where the whole is not known."""
    return min(1.0, part / whole) if whole else 0.0


@register.filter
def ratio(asset: Asset) -> str:
    """Width over height of a tile; extreme proportions are cropped rather than shown as slivers."""
    if not asset.width or not asset.height:
        return str(AUDIO_RATIO)
    return f"{min(WIDEST, max(NARROWEST, asset.width / asset.height)):.3f}"


@register.filter
def plain(value: Any) -> str:
    """A value of embedded or technical metadata as a person reads it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.filter
def flagged(asset: Asset) -> bool:
    """Whether the asset is blurred because it may be sensitive."""
    return flags.is_flagged(asset)


@register.simple_tag
def standing_flags(asset: Asset) -> list[Annotation]:
    """The flags because of which it is blurred, for a person to decide on."""
    return list(flags.flags_of(asset)) if flags.is_flagged(asset) else []


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of the icon sheet, hidden from screen readers: the text beside it says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("img/icons.svg"), name
    )


@register.simple_tag
def rendition_url(asset: Asset, *names: str) -> str:
    """The address of the first of those renditions that the asset has; empty where it has none."""
    found = next((name for name in names if asset.rendition(name)), "")
    return reverse("rendition", args=[asset.pk, found]) if found else ""


@register.inclusion_tag("partials/picture.html")
def picture(
    asset: Asset, second: float | None = None, size: str = "thumb-small", alt: str = ""
) -> dict[str, Any]:
    """A still of the asset: for a film the sprite tile at that second, else its thumbnail, else its kind."""
    still = asset.rendition(size) or asset.rendition("poster") or asset.rendition("thumb-small")
    tile = sprite_tile(asset, second) if second is not None else None
    return {
        "asset": asset,
        "still": still,
        "tile": tile,
        "alt": alt,
        "sources": thumbnails(asset),
        "blurred": flags.is_flagged(asset),
    }


def thumbnails(asset: Asset) -> str:
    """Both thumbnails as an img's srcset, from which the browser takes what the screen calls for."""
    pair = [asset.rendition("thumb-small"), asset.rendition("thumb-large")]
    if None in pair:
        return ""
    addresses = [(reverse("rendition", args=[asset.pk, each.name]), each.width) for each in pair if each]
    return ", ".join(f"{address} {width}w" for address, width in addresses)


def sprite_tile(asset: Asset, second: float) -> dict[str, Any] | None:
    """The place of a second in the sprite sheet, as CSS positions; None where there is no sheet."""
    sprite = asset.rendition("sprite")
    if sprite is None:
        return None
    details = sprite.details
    columns, rows = details["columns"], details["rows"]
    index = min(int(second / details["interval"]), details["tiles"] - 1)
    return {
        "url": reverse("rendition", args=[asset.pk, "sprite"]),
        "columns": columns,
        "rows": rows,
        "x": 100 * (index % columns) / max(1, columns - 1),
        "y": 100 * (index // columns) / max(1, rows - 1),
        "ratio": details["tile_width"] / details["tile_height"],
    }


@register.simple_tag
def sprite_data(asset: Asset) -> dict[str, Any] | None:
    """What the player's scrubbing preview needs to know of the sprite sheet."""
    sprite = asset.rendition("sprite")
    return (
        None if sprite is None else {"url": reverse("rendition", args=[asset.pk, "sprite"]), **sprite.details}
    )


@register.simple_tag
def middle(span: Any) -> float:
    """The second in the middle of a fact's span: the key frame of a shot."""
    return float(span.start + span.end) / 2


@register.simple_tag
def span_share(span: Any, duration: float | None) -> str:
    """How much of the duration a fact's span takes, as CSS writes it."""
    return css_percent(of(span.end - span.start, duration))


@register.simple_tag
def moment_url(asset: Asset, moment: Any) -> str:
    """The asset's page, open at the moment's second with its fact drawn."""
    query = {}
    if moment and moment.start is not None:
        query["t"] = point(moment.start)
    if fact := getattr(moment, "annotation_id", None):
        query["fact"] = str(fact)
    return f"{asset.get_absolute_url()}?{urlencode(query)}" if query else asset.get_absolute_url()


@register.inclusion_tag("search/frame.html")
def moment_frame(asset: Asset, second: float | None, region: Any) -> dict[str, Any]:
    """The picture of a search result: the film at its second, the region outlined."""
    return {"asset": asset, "second": second, "region": region if asset.width and asset.height else None}


@register.simple_tag
def film_moments(hit: Any) -> list[Any]:
    """The moments of a film that stand at a second: each has a picture of its own."""
    return [moment for moment in hit.moments if hit.asset.kind == "video" and moment.start is not None]
