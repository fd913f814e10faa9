"""What pages of other rooms ask about voices."""

from __future__ import annotations

from django import template

from dam.assets.models import Asset
from dam.people.biometrics import VOICE
from dam.people.whereabouts import HOLDING

register = template.Library()


@register.simple_tag
def has_voices(asset: Asset) -> bool:
    """Whether there is a speaker to be named in an asset. No query for a picture."""
    lasts = asset.kind != "image"
    return lasts and asset.annotations.filter(kind=VOICE, status__in=HOLDING).exists()
