"""Ingest jobs: what is to be brought in, in small transactions that may stop anywhere and go on."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError

from dam.assets.discover import Found, discover
from dam.assets.models import Asset, IngestItem, IngestJob
from dam.celery import app
from dam.collections.models import Collection, Library
from dam.locks import held
from dam.sharing.models import User

logger = logging.getLogger(__name__)

QUEUE = "io"
INGEST_TASK = "dam.assets.tasks.ingest_item"
RENDITIONS_TASK = "dam.assets.tasks.make_renditions"
SWEEP_TASK = "dam.assets.tasks.sweep"
SWEEP_SECONDS = 3600
CHUNK = 1000
NEARLY_DRY = 10
INGEST_LOCK = "ingest"
RENDITIONS_LOCK = "renditions"
UPLOAD_LABEL = "Upload"

State = IngestItem.State


def start_job(
    user: User | None,
    library: Library,
    collection: Collection | None,
    label: str,
    sources: Iterable[Path] = (),
) -> IngestJob:
    """Make a job of all files at or below the paths. Items may be worked on before the last is found."""
    job = IngestJob.objects.create(library=library, collection=collection, created_by=user, label=label[:500])
    add(job, discover(sources))
    return job


def upload_job(user: User, library: Library, collection: Collection | None) -> IngestJob:
    """The job in which this person's uploads to that place are being gathered now.

    The library's row is locked meanwhile, so that uploads beginning at once share one job.
    """
    place = {"created_by": user, "library": library, "collection": collection, "label": UPLOAD_LABEL}
    open_jobs = IngestJob.objects.filter(**place).exclude(state=IngestJob.State.DONE)
    with transaction.atomic():
        Library.objects.select_for_update().get(pk=library.pk)
        return open_jobs.first() or IngestJob.objects.create(**place)


def add(job: IngestJob, founds: Iterable[Found], again: bool = False) -> int:
    """Add files to a job and return how many were given; one that it has already is added once.

    With `again`, a file that the job has dealt with is brought in anew (it has changed since).
    """
    total = 0
    for chunk in _chunks(founds):
        items = [_item(job, each) for each in chunk]
        if again:
            IngestItem.objects.bulk_create(
                items,
                update_conflicts=True,
                unique_fields=["job", "source"],
                update_fields=["state", "reason", "attempts", "updated_at"],
            )
        else:
            IngestItem.objects.bulk_create(items, ignore_conflicts=True)
        total += len(items)
    _reopen(job)
    return total


def _chunks(founds: Iterable[Found]) -> Iterator[list[Found]]:
    iterator = iter(founds)
    while chunk := list(islice(iterator, CHUNK)):
        yield list({each.source: each for each in chunk}.values())


def _item(job: IngestJob, each: Found) -> IngestItem:
    state = State.REFUSED if each.reason else State.WAITING
    return IngestItem(job=job, source=each.source, name=each.name, reason=each.reason, state=state)


def _reopen(job: IngestJob) -> None:
    waiting = job.items.filter(state=State.WAITING)
    done = IngestJob.objects.filter(pk=job.pk, state=IngestJob.State.DONE)
    done.filter(Exists(waiting)).update(state=IngestJob.State.RUNNING, finished_at=None)
    job.refresh_from_db()


def pause(job: IngestJob, reason: str = "") -> None:
    """Let the job's waiting files wait; the one being read now is finished. A person gives no reason."""
    running = IngestJob.objects.filter(pk=job.pk, state=IngestJob.State.RUNNING)
    running.update(state=IngestJob.State.PAUSED, reason=reason)
    job.refresh_from_db()


def unpause(job: IngestJob) -> None:
    """Go on with a paused job."""
    paused = IngestJob.objects.filter(pk=job.pk, state=IngestJob.State.PAUSED)
    paused.update(state=IngestJob.State.RUNNING, reason="")
    job.refresh_from_db()


def retry_refused(job: IngestJob) -> int:
    """Try the refused files of a job again. Returns how many there are."""
    refused = job.items.filter(state=State.REFUSED)
    count = refused.update(state=State.WAITING, reason="", attempts=0, updated_at=timezone.now())
    _reopen(job)
    return count


def finish(jobs: QuerySet[IngestJob]) -> int:
    """Mark those of the jobs as done that run and of which no file waits. Returns how many."""
    waiting = IngestItem.objects.filter(job=OuterRef("pk"), state=State.WAITING)
    running = jobs.filter(~Exists(waiting), state=IngestJob.State.RUNNING)
    return running.update(state=IngestJob.State.DONE, finished_at=timezone.now())


def resume(limit: int = 500) -> int:
    """Send what still waits to the workers, at most `limit` files, once their queue has nearly run dry.

    Safe to call at any time: a message delivered twice does nothing the second time. Returns how many
    messages were sent.
    """
    finish(IngestJob.objects.all())
    if _busy():
        return 0
    if cache.add(SWEEP_TASK, True, SWEEP_SECONDS):
        send(SWEEP_TASK, [()])
    items = _free(INGEST_LOCK, _waiting_items()[:limit])
    assets = _free(RENDITIONS_LOCK, _without_renditions()[: limit - len(items)])
    send(INGEST_TASK, [(pk,) for pk in items])
    send(RENDITIONS_TASK, [(pk,) for pk in assets])
    return len(items) + len(assets)


def _busy() -> bool:
    try:
        return queue_length() >= NEARLY_DRY
    except OperationalError as error:
        logger.warning("The queue does not answer; the work waits: %s", error)
        return True


def _free(namespace: str, pks: Iterable[int]) -> list[int]:
    """Those of the ids that no worker is at."""
    wanted = list(pks)
    taken = held(namespace, wanted) if wanted else set()
    return [pk for pk in wanted if pk not in taken]


def _waiting_items() -> QuerySet[IngestItem, int]:
    waiting = IngestItem.objects.filter(state=State.WAITING, job__state=IngestJob.State.RUNNING)
    return waiting.order_by("attempts", "pk").values_list("pk", flat=True)


def _without_renditions() -> QuerySet[Asset, int]:
    unmade = Asset.objects.filter(rendered_at=None, trashed_at=None)
    return unmade.order_by("pk").values_list("pk", flat=True)


def queue_length() -> int:
    """Messages that wait in the queue of ingest. Raises OperationalError where the broker is away."""
    with _broker() as connection:
        try:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(queue=QUEUE, passive=True).message_count)
        except connection.channel_errors:
            return 0  # nobody has used the queue yet


def send(task: str, calls: Sequence[tuple[int, ...]]) -> None:
    """Send calls of a task to the workers. Where the broker is away, `resume` sends them later."""
    if not calls:
        return
    try:
        with _broker() as connection, app.amqp.Producer(connection) as producer:
            for arguments in calls:
                app.send_task(task, arguments, queue=QUEUE, producer=producer, retry=False)
    except OperationalError as error:
        logger.warning("The queue does not answer; the work waits: %s", error)


@contextmanager
def _broker() -> Iterator[Connection]:
    """A connection to the broker that is tried once, not for ever; its errors come as OperationalError."""
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)
        try:
            yield connection
        except connection.recoverable_connection_errors as error:
            raise OperationalError(str(error)) from error
