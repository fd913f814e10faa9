"""Having the renditions of an asset made and kept; what is missing is a query, so it can stop anywhere."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

from django.utils import timezone

from dam.assets.files import local_path
from dam.assets.jobs import RENDITIONS_LOCK
from dam.assets.models import Asset, Rendition, renditions
from dam.assets.quarantine import workspace
from dam.assets.refusals import Refused
from dam.assets.renditions import MadeRendition, make_renditions
from dam.assets.storing import store_rendition
from dam.assets.technical import Technical
from dam.locks import advisory_lock
from indexing.analysers.contract import MediaKind

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


def make(asset_id: int) -> None:
    """Make what the asset's kind calls for, unless another worker is at it or it is done."""
    with advisory_lock(RENDITIONS_LOCK, asset_id) as ours:
        asset = Asset.objects.filter(pk=asset_id).first() if ours else None
        if asset is not None and asset.rendered_at is None:
            _attempt(asset)


def _attempt(asset: Asset) -> None:
    if asset.rendering_attempts >= MAX_ATTEMPTS:
        _end(asset, f"Given up after {MAX_ATTEMPTS} attempts.")
        return
    _write(asset, rendering_attempts=asset.rendering_attempts + 1)
    try:
        _make_all(asset)
        _end(asset)
    except Refused as refusal:
        _end(asset, str(refusal))


def _make_all(asset: Asset) -> None:
    with local_path(asset.original) as path, workspace(f"renditions-{asset.pk}") as folder:
        technical = Technical(asset.width, asset.height, asset.duration, asset.technical)
        for made in make_renditions(path, cast(MediaKind, asset.kind), technical, folder):
            _keep(asset, made)


def _keep(asset: Asset, made: MadeRendition) -> None:
    name = rendition_name(asset, made.name, made.path)
    Rendition.objects.update_or_create(
        asset=asset,
        name=made.name,
        defaults={
            "size": made.path.stat().st_size,
            "file": store_rendition(renditions(), made.path, name),
            "media_type": made.media_type,
            "width": made.width,
            "height": made.height,
            "details": dict(made.details),
        },
    )
    made.path.unlink(missing_ok=True)


def rendition_name(asset: Asset, name: str, path: Path) -> str:
    """Where a rendition is kept: in a folder of the asset, a thousand assets to a folder."""
    return f"{asset.pk // 1000}/{asset.pk}/{name}{path.suffix}"


def _end(asset: Asset, error: str = "") -> None:
    _write(asset, rendered_at=timezone.now(), rendering_error=error)


def _write(asset: Asset, **fields: Any) -> None:
    Asset.objects.filter(pk=asset.pk).update(**fields)


def remake(asset: Asset) -> None:
    """Forget that the renditions were made, so that the next sweep makes them anew."""
    _write(asset, rendered_at=None, rendering_attempts=0, rendering_error="")
