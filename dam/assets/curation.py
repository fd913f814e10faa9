"""What people do to an asset as a whole: give it a title, put it in the trash, take it out again."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils import timezone

from dam.assets.models import Asset
from dam.sharing.models import User
from indexing.signals import facts_changed


def retitle(asset: Asset, title: str) -> None:
    """Give the asset that title; it is found by it at once."""
    asset.title = title
    save(asset, ["title"])


def trash(asset: Asset, user: User | None = None) -> None:
    """Put the asset in the trash; its original, renditions and facts stay where they are."""
    asset.trashed_at, asset.trashed_by = timezone.now(), user
    save(asset, ["trashed_at", "trashed_by"])


def restore(asset: Asset) -> None:
    """Take the asset out of the trash."""
    asset.trashed_at = asset.trashed_by = None
    save(asset, ["trashed_at", "trashed_by"])


def save(asset: Asset, columns: Collection[str]) -> None:
    """Save those columns of the asset; it is found by what it is now as soon as that is committed."""
    with transaction.atomic():
        asset.save(update_fields=columns)
        announce = partial(facts_changed.send, sender=Asset, asset_ids=[asset.pk])
        transaction.on_commit(announce, robust=True)
