"""Each time the planner looks around: lost jobs go on, and what nobody came back to is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from dam.bulk import jobs, working
from dam.bulk.models import BulkJob, Selection
from indexing.signals import looking_around

SWEPT = "bulk.swept"
SWEEP_SECONDS = 3600
UNAPPLIED = timedelta(days=7)
CHOSEN = timedelta(days=30)


def connect() -> None:
    """Listen to the planner. Connecting twice does no harm."""
    looking_around.connect(look, dispatch_uid="bulk.look")


def look(**_: Any) -> None:
    """Send jobs that stand still to the workers; now and then, sweep."""
    working.send_lost()
    if cache.add(SWEPT, True, SWEEP_SECONDS):
        sweep()


def sweep() -> None:
    """Forget jobs that were never applied, and selections that are old."""
    now = timezone.now()
    waiting = BulkJob.objects.filter(state__in=(BulkJob.State.MATCHING, BulkJob.State.READY))
    for job in waiting.filter(touched_at__lt=now - UNAPPLIED):
        jobs.drop(job)
    Selection.objects.filter(made_at__lt=now - CHOSEN).delete()
