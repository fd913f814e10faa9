"""Deleting assets for good: records, facts and renditions at once, bytes as soon as nothing needs them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from dam.assets import jobs
from dam.assets.models import Asset, renditions
from dam.describing import trash, unused
from dam.describing.models import Purge
from dam.locks import advisory_lock, held
from dam.sharing.models import User
from indexing.signals import facts_changed

LOCK = "purge"
TASK = "dam.describing.tasks.purge"
AT_ONCE = 10
"""Assets that are purged while the person waits; more of them are purged by a worker."""


def start(ids: Sequence[int], user: User | None) -> Purge:
    """Begin to purge trashed assets. A few are gone when this returns."""
    purge = Purge.objects.create(created_by=user, assets=list(ids))
    if purge.total <= AT_ONCE and user is not None:
        run(purge.pk)
        purge.refresh_from_db()
    else:
        jobs.send(TASK, [(purge.pk,)])
    return purge


def run(purge_id: int) -> None:
    """Purge one after the other, unless another worker is at it. It may stop anywhere and be called again."""
    with advisory_lock(LOCK, purge_id) as ours:
        purge = Purge.objects.filter(pk=purge_id, finished_at=None).first() if ours else None
        if purge is None:
            return
        for pk in purge.assets[purge.done :]:
            purge_asset(pk)
            purge.done += 1
            purge.save(update_fields=["done"])
        purge.finished_at = timezone.now()
        purge.save(update_fields=["finished_at"])
    unused.remove()


def purge_asset(pk: int) -> None:
    """Delete one asset with everything that hangs on it; one that left the trash meanwhile stays."""
    with transaction.atomic():
        asset = Asset.objects.select_for_update().filter(pk=pk, trashed_at__isnull=False).first()
        if asset is None:
            return
        unused.expect(asset)
        files = list(asset.renditions.values_list("file", flat=True))
        asset.delete()
        transaction.on_commit(partial(_delete_renditions, files))
        gone = partial(facts_changed.send, sender=Asset, asset_ids=[pk])
        transaction.on_commit(gone, robust=True)


def _delete_renditions(names: Sequence[str]) -> None:
    for name in names:
        renditions().delete(name)


def look() -> None:
    """What is due: send again what a dead worker left, empty the trash by age, delete what nothing needs."""
    waiting = list(Purge.objects.filter(finished_at=None).values_list("pk", flat=True))
    at_work = held(LOCK, waiting) if waiting else set()
    jobs.send(TASK, [(pk,) for pk in waiting if pk not in at_work])
    if not waiting:
        ids = list(trash.overdue().values_list("pk", flat=True)[: trash.MOST])
        if ids:
            start(ids, None)
    unused.remove()
