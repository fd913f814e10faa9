"""The rights of an asset, for its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from dam.assets.models import Asset
from dam.rights import gate, resolution
from dam.rights.models import AssetRights, LibraryRights
from dam.rights.public import address_of

register = template.Library()


@register.simple_tag
def rights_of(asset: Asset) -> resolution.Rights:
    """The rights that hold for the asset."""
    return resolution.of(asset)


@register.simple_tag
def under_embargo(asset: Asset) -> bool:
    """Whether the asset's embargo has not ended."""
    return asset.embargo_until is not None and asset.embargo_until > timezone.now()


@register.simple_tag
def own_record(asset: Asset) -> AssetRights | None:
    """The asset's own record: why it is under embargo, and since when it is published."""
    return AssetRights.objects.filter(asset=asset.pk).first()


@register.simple_tag
def public_address(asset: Asset) -> str:
    """The path of its public page, "" while its library has none."""
    return address_of(asset) if LibraryRights.of(asset.library_id).public_pages else ""


@register.simple_tag(takes_context=True)
def original_is_open(context: dict[str, Any], asset: Asset) -> bool:
    """Whether the reader may have the original at once: by role, and with all terms accepted."""
    return not gate.obstacle(context["request"].user, asset)


@register.filter
def as_said(value: Any) -> str:
    """A value of a form as a sentence shows it: lists with commas, nothing as a dash."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "—"
    return str(value) if value not in (None, "") else "—"
