"""Following an ingest job from a command: what has become of its files, and why some were refused."""

from __future__ import annotations

import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerError

from dam.assets import jobs
from dam.assets.discover import path_of
from dam.assets.models import IngestItem, IngestJob
from dam.celery import app

PAUSE_SECONDS = 0.5
NOT_RUNNING = "The {} does not answer. Start the services with `manage.py up`, then run this again."
NO_WORKERS = "No worker answers. The files wait until `manage.py up` runs."
LABELS = (("imported", "imported"), ("duplicate", "already there"), ("refused", "refused"))


def require_services() -> None:
    """Raise CommandError, saying what to do, where the database or the queue does not answer."""
    try:
        connection.ensure_connection()
        jobs.queue_length()
    except OperationalError as error:
        raise CommandError(NOT_RUNNING.format("database")) from error
    except BrokerError as error:
        raise CommandError(NOT_RUNNING.format("queue")) from error


def follow(job: IngestJob, command: BaseCommand) -> None:
    """Show the job's progress until it is done, then why files were refused.

    Ctrl-C leaves the job running. Raises CommandError where the job is paused.
    """
    if not app.control.ping(timeout=1.0, limit=1):
        command.stderr.write(NO_WORKERS)
    try:
        _until_over(job, command)
    except KeyboardInterrupt:
        command.stdout.write(f"\nJob {job.pk} goes on without being watched.")
        return
    _explain(job, command)


def _until_over(job: IngestJob, command: BaseCommand) -> None:
    shown = ""
    while True:
        job.refresh_from_db()
        line = progress_line(job.counts())
        if line != shown:
            _show(line, command)
            shown = line
        if job.state != IngestJob.State.RUNNING:
            break
        time.sleep(PAUSE_SECONDS)
        jobs.resume()
    if sys.stdout.isatty():
        command.stdout.write("")


def progress_line(counts: dict[str, int]) -> str:
    """How far a job is, e.g. "12 of 40: 11 imported, 1 refused"."""
    total = sum(counts.values())
    parts = [f"{counts[state]} {label}" for state, label in LABELS if counts.get(state)]
    return f"{total - counts.get('waiting', 0)} of {total}: {', '.join(parts) or 'nothing yet'}"


def _show(line: str, command: BaseCommand) -> None:
    """Rewrite the line on a terminal; elsewhere write one more."""
    start, end = ("\r\x1b[K", "") if sys.stdout.isatty() else ("", "\n")
    command.stdout.write(start + line, ending=end)
    command.stdout.flush()


def _explain(job: IngestJob, command: BaseCommand) -> None:
    for item in job.items.filter(state=IngestItem.State.REFUSED).order_by("pk").iterator():
        command.stdout.write(f"refused {str(path_of(item.source))[:300]!r}: {item.reason}")
    if job.state == IngestJob.State.PAUSED:
        waiting = job.items.filter(state=IngestItem.State.WAITING).exclude(reason="").first()
        raise CommandError(f"The job is paused. {waiting.reason if waiting else ''}".strip())
