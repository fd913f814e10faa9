"""Addresses in the pages of guests."""

from __future__ import annotations

from django import template
from django.urls import reverse

from dam.assets.models import Asset
from dam.sharing.guest_files import SHOWN

register = template.Library()


@register.simple_tag
def guest_rendition_url(token: str, asset: Asset, *names: str) -> str:
    """Where a guest gets the first of those renditions that the asset has; empty where it has none."""
    found = next((name for name in names if name in SHOWN and asset.rendition(name)), "")
    return reverse("guest-rendition", args=[token, asset.pk, found]) if found else ""
