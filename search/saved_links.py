"""Whole addresses for messages that leave the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from django.urls import reverse

from dam.assets.models import Asset
from search.saved_models import SavedSearch


@dataclass(frozen=True)
class Links:
    """Addresses of the page of a saved search, of its answers, and of assets."""

    page: str
    results: str
    assets: list[tuple[Asset, str]]


def links(saved: SavedSearch, assets: Iterable[Asset]) -> Links:
    """The addresses on the site where the alerts were set up."""
    results = f"{reverse('search')}?{urlencode({'q': saved.text})}"
    return Links(
        urljoin(saved.site, saved.get_absolute_url()),
        urljoin(saved.site, results),
        [(asset, urljoin(saved.site, asset.get_absolute_url())) for asset in assets],
    )
