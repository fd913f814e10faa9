"""Where an asset was taken, for its page."""

from __future__ import annotations

from django import template

from dam.assets.models import Asset
from dam.vocabularies import places

register = template.Library()


@register.simple_tag
def asset_positions(asset: Asset) -> list[dict[str, object]]:
    """The positions of an asset: "latitude" and "longitude" in degrees and the "name" of each. One query."""
    return places.of_asset(asset)
