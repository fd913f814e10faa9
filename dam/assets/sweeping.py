"""Tidying the quarantine: what a killed process left behind is finished or removed."""

from __future__ import annotations

import shutil
import time

from dam.assets import tus_store
from dam.assets.models import IngestItem, IngestJob
from dam.assets.quarantine import leftovers
from dam.assets.tus_store import Upload
from dam.assets.uploads import drop, enter_upload, expired, source_of_upload

STALE_SECONDS = 24 * 3600


def sweep(now: float | None = None) -> None:
    """Enter complete uploads that nobody entered, drop expired ones, remove stale leftovers."""
    for upload in tus_store.unfinished():
        _enter_forgotten(upload)
    for path in list(expired(now)):
        drop(path)
    for path in leftovers((now or time.time()) - STALE_SECONDS):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _enter_forgotten(upload: Upload) -> None:
    if upload.offset < upload.length:
        return
    if IngestItem.objects.filter(source=source_of_upload(upload.key)).exists():
        return
    job = IngestJob.objects.filter(pk=upload.job).first()
    if job is not None:
        enter_upload(job, upload.key, upload.name)
