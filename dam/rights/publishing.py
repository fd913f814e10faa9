"""Giving assets public pages, and taking them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dam.assets.models import Asset
from dam.rights.models import AssetRights
from dam.sharing.models import User

BATCH = 1000


def publish(assets: QuerySet[Asset], user: User) -> tuple[int, datetime]:
    """Give those of the assets a public page that have none yet. Returns how many, and the moment that undoes
    exactly this."""
    now = timezone.now()
    with transaction.atomic():
        ids = list(assets.exclude(rights__published_at__isnull=False).values_list("pk", flat=True))
        rows = [AssetRights(asset_id=pk, published_at=now, published_by=user, changed_by=user) for pk in ids]
        AssetRights.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["asset"],
            update_fields=["published_at", "published_by", "changed_by", "changed_at"],
        )
    return len(ids), now


def withdraw(assets: QuerySet[Asset], since: datetime | None = None) -> int:
    """Take the public pages of those assets back; with `since`, only those given at that moment. Returns how
    many."""
    rows = AssetRights.objects.filter(asset__in=assets.values("pk"), published_at__isnull=False)
    if since is not None:
        rows = rows.filter(published_at=since)
    return rows.update(published_at=None, published_by=None)
