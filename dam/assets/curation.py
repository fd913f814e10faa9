"""What people do to an asset as a whole: give it a title, put it in the trash, take it out again."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from dam.assets.models import Asset
from indexing.signals import facts_changed


def retitle(asset: Asset, title: str) -> None:
    """Give the asset that title; it is found by it at once."""
    asset.title = title
    _save(asset, "title")


def trash(asset: Asset) -> None:
    """Put the asset in the trash; its original, renditions and facts stay where they are."""
    asset.trashed_at = timezone.now()
    _save(asset, "trashed_at")


def restore(asset: Asset) -> None:
    """Take the asset out of the trash."""
    asset.trashed_at = None
    _save(asset, "trashed_at")


def _save(asset: Asset, field: str) -> None:
    with transaction.atomic():
        asset.save(update_fields=[field])
        announce = partial(facts_changed.send, sender=Asset, asset_ids=[asset.pk])
        transaction.on_commit(announce, robust=True)
