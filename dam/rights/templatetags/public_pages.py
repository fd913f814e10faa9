"""Addresses on public pages."""

from __future__ import annotations

from django import template

from dam.assets.models import Asset
from dam.rights.public import media_address

register = template.Library()


@register.simple_tag
def public_media(asset: Asset, name: str) -> str:
    """The path of a rendition that everybody may fetch."""
    return media_address(asset, name)
