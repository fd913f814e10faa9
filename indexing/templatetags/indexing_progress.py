"""Lets a page of any room show how far the analysis of an asset has come."""

from django import template

from dam.assets.models import Asset
from indexing import progress

register = template.Library()


@register.simple_tag
def asset_progress(asset: Asset) -> list[progress.StepProgress]:
    """One step for every enabled analyser that applies to the asset."""
    return progress.asset_progress(asset)
