"""Uploaded files on their way: in quarantine from the first byte until they have been dealt with."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File

from dam.assets import jobs
from dam.assets.discover import Found, safe_name
from dam.assets.models import IngestItem, IngestJob
from dam.assets.quarantine import quarantine_dir, sync
from dam.collections.models import Collection, Library
from dam.sharing.models import User

SOURCE = "upload:"
KEPT_SECONDS = 7 * 24 * 3600
"""How long an unfinished or refused upload is kept, so that it can go on or be tried again."""


def upload_dir() -> Path:
    """The directory of uploads."""
    return quarantine_dir("uploads")


def upload_path(key: uuid.UUID) -> Path:
    """Where the bytes of that upload are."""
    return upload_dir() / key.hex


def source_of_upload(key: uuid.UUID) -> str:
    """The `source` of the ingest item that an upload becomes."""
    return SOURCE + key.hex


def path_of_upload(source: str) -> Path | None:
    """The file of an item whose source is an upload, None for any other source."""
    if not source.startswith(SOURCE):
        return None
    return upload_path(uuid.UUID(source.removeprefix(SOURCE)))


def receive_upload(
    user: User, library: Library, collection: Collection | None, name: str, file: File
) -> IngestItem:
    """Take in one file of a plain form: it is on the disk, and its item is waiting, when this returns."""
    key = uuid.uuid4()
    with upload_path(key).open("xb") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        sync(copy)
    return enter_upload(jobs.upload_job(user, library, collection), key, name)


def enter_upload(job: IngestJob, key: uuid.UUID, name: str) -> IngestItem:
    """Make a complete upload an item of the job, once, and send it to the workers."""
    source = source_of_upload(key)
    jobs.add(job, [Found(source, safe_name(name))])
    item = job.items.get(source=source)
    jobs.send(jobs.INGEST_TASK, [(item.pk,)])
    return item


def drop(path: Path) -> None:
    """Forget an upload: its bytes and what is written beside them."""
    for each in (path, path.with_suffix(".json"), path.with_suffix(".chunk")):
        each.unlink(missing_ok=True)


def expired(now: float | None = None) -> Iterator[Path]:
    """Uploads that nothing has been added to for KEPT_SECONDS and that no item waits for."""
    oldest = (now or time.time()) - KEPT_SECONDS
    for path in upload_dir().iterdir():
        if path.stat().st_mtime < oldest and not _awaited(path):
            yield path


def _awaited(path: Path) -> bool:
    source = SOURCE + path.stem
    return IngestItem.objects.filter(source=source, state=IngestItem.State.WAITING).exists()
