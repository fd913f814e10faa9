"""What workers do for vocabularies; each task takes an id and may be delivered twice."""

from __future__ import annotations

from celery import shared_task

from dam.locks import advisory_lock
from dam.vocabularies import importing

LOCK = "vocabularies.import"


@shared_task(queue="cpu")
def read_import(pk: int) -> None:
    """Read the file of an import, and plan what it would do."""
    with advisory_lock(LOCK, pk) as ours:
        if ours:
            importing.read(pk)


@shared_task(queue="cpu")
def apply_import(pk: int) -> None:
    """Take over what an import holds."""
    with advisory_lock(LOCK, pk) as ours:
        if ours:
            importing.apply(pk)
