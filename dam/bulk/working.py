"""A job moves in chunks, each one transaction with its log: cut off anywhere, it goes on from there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from dam.assets import jobs as messages
from dam.bulk import reading
from dam.bulk.considering import consider
from dam.bulk.files import FileError
from dam.bulk.models import BUSY, BulkItem, BulkJob
from dam.bulk.writing import write
from dam.locks import advisory_lock, held
from indexing.signals import announce, gathered

logger = logging.getLogger(__name__)

TASK = "dam.bulk.tasks.work"
LOCK = "bulk"
CHUNK = 200
"""Assets that are changed in one transaction."""
AHEAD = 500
"""Assets that are looked at together to see what would change."""
SLICE = 20.0
"""Seconds after which a worker lets other work come in between."""
LOST_AFTER = timedelta(seconds=30)
"""A job that nobody has touched for so long is sent again: its message or its worker was lost."""
MOST_ATTEMPTS = 3
GIVEN_UP = "It was cut off {} times at item {:,}. Look at the log of the workers, then go on."
Items = Sequence[BulkItem]


def go_on(job: BulkJob, seconds: float = 1.0) -> None:
    """Do what can be done at once, and have a worker do the rest."""
    if advance(job.pk, seconds):
        messages.send(TASK, [(job.pk,)])
    job.refresh_from_db()


def advance(pk: int, seconds: float = SLICE) -> bool:
    """Deal with chunk after chunk for so many seconds, unless another process is at it. True where this
    process is to go on."""
    with advisory_lock(LOCK, pk) as ours:
        if not ours or not _begin(pk):
            return False
        deadline = time.monotonic() + seconds
        while more := _chunk(pk):
            if time.monotonic() >= deadline:
                break
        return more


def send_lost() -> int:
    """Send the jobs that stand still to the workers; returns how many."""
    still = BulkJob.objects.filter(state__in=BUSY, touched_at__lt=timezone.now() - LOST_AFTER)
    lost = set(still.values_list("pk", flat=True))
    free = sorted(lost - held(LOCK, lost)) if lost else []
    BulkJob.objects.filter(pk__in=free).update(touched_at=timezone.now())
    messages.send(TASK, [(pk,) for pk in free])
    return len(free)


def _begin(pk: int) -> bool:
    """Count the attempt, and tell of the last chunk again: who did it may have been killed before that."""
    job = BulkJob.objects.filter(pk=pk, state__in=BUSY).first()
    if job is None:
        return False
    job.attempts += 1
    if job.attempts > MOST_ATTEMPTS:
        job.reason = GIVEN_UP.format(MOST_ATTEMPTS, job.position + 1)
        job.state, job.attempts = BulkJob.State.PAUSED, 0
    elif job.state == BulkJob.State.RUNNING:
        last = job.items.filter(number__gt=job.position - CHUNK, number__lte=job.position)
        if told := list(last.filter(state=BulkItem.State.CHANGED).values_list("asset", flat=True)):
            announce(told)
    job.save(update_fields=["attempts", "state", "reason"])
    return job.busy


def _chunk(pk: int) -> bool:
    with gathered(), transaction.atomic():
        jobs = BulkJob.objects.select_for_update(of=("self",)).select_related("owner", "library", "undoes")
        job = jobs.filter(pk=pk, state__in=BUSY).first()
        if job is None:
            return False
        STEPS[BulkJob.State(job.state)](job)
        job.attempts, job.touched_at = 0, timezone.now()
        job.save()
    return job.busy


def _check(job: BulkJob) -> None:
    """See what would change."""
    items = list(job.items.filter(number__gt=job.position)[:AHEAD])
    consider(job, items)
    _settle(job, items, BulkJob.State.READY, last=len(items) < AHEAD)


def _run(job: BulkJob) -> None:
    """Change what is to be changed."""
    items = list(job.items.filter(number__gt=job.position)[:CHUNK])
    planned = consider(job, items, lock=True)
    if planned and job.owner is not None:
        with pghistory.context(user=job.owner.pk):
            write(job, job.owner, planned)
    for item in items:
        if item.state == BulkItem.State.WILL_CHANGE:
            item.state = BulkItem.State.CHANGED
    _settle(job, items, BulkJob.State.DONE, last=len(items) < CHUNK)


def _settle(job: BulkJob, items: Items, ended: str, *, last: bool) -> None:
    """Write down what became of the items, and where the job stands."""
    BulkItem.objects.bulk_update(items, ["state", "reason", "told"], batch_size=AHEAD)
    count(job, items)
    if last:
        job.state = BulkJob.State(ended)
        job.finished_at = timezone.now() if job.state == BulkJob.State.DONE else None


def count(job: BulkJob, items: Items) -> None:
    """Add the items to the job's counts."""
    states = [item.state for item in items]
    job.changed += states.count(BulkItem.State.CHANGED) + states.count(BulkItem.State.WILL_CHANGE)
    job.unchanged += states.count(BulkItem.State.UNCHANGED)
    job.refused += states.count(BulkItem.State.REFUSED)
    job.position = items[-1].number if items else job.position


def _read(job: BulkJob) -> None:
    """Take in rows, and see what they would change. A file that cannot be read on is matched anew."""
    try:
        items = reading.next_items(job)
    except FileError as error:
        begin_anew(job, BulkJob.State.MATCHING, str(error))
        return
    consider(job, items)
    BulkItem.objects.bulk_create(items)
    count(job, items)
    job.total = job.passed
    if len(items) < reading.ROWS:
        job.state = BulkJob.State.READY


def begin_anew(job: BulkJob, state: str, reason: str = "") -> None:
    """Forget the rows that were read, and let the job stand in that state."""
    job.items.all().delete()
    job.state, job.reason = BulkJob.State(state), reason
    job.position = job.total = job.changed = job.unchanged = job.refused = 0


STEPS: dict[BulkJob.State, Callable[[BulkJob], None]] = {
    BulkJob.State.READING: _read,
    BulkJob.State.CHECKING: _check,
    BulkJob.State.RUNNING: _run,
}
