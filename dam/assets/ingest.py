"""The path of one file into the library. A process may die anywhere on it: nothing is lost or doubled."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial

from django.db import InterfaceError, OperationalError, transaction

from dam.assets import jobs
from dam.assets.discover import path_of, sidecars_of
from dam.assets.embedded import Embedded, read_embedded
from dam.assets.exiftool import ExifToolError
from dam.assets.models import Asset, IngestItem, IngestJob, originals
from dam.assets.quarantine import Held, hold, hold_upload
from dam.assets.refusals import Refused
from dam.assets.signals import asset_ingested
from dam.assets.sniff import Sniffed, sniff
from dam.assets.stated_chapters import stated_chapters
from dam.assets.storing import store_original
from dam.assets.technical import Technical, probe
from dam.assets.uploads import drop, path_of_upload, receive_upload
from dam.collections.models import CollectionItem
from dam.locks import advisory_lock
from indexing.store import import_facts

__all__ = ["ingest", "receive_upload"]

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
GIVEN_UP = "Given up after {} attempts, each of which ended unexpectedly. {}"
METADATA_ERROR = "metadata_error"
IN_TRASH = "This file is in the trash of the library; restore it there."

State = IngestItem.State


def ingest(item_id: int) -> Asset | None:
    """Bring in one file of a job, unless another worker is at it or it is done; return a new asset.

    Never raises for what a file may hold. Raises database errors; the file then goes on waiting.
    """
    with advisory_lock(jobs.INGEST_LOCK, item_id) as ours:
        item = _claim(item_id) if ours else None
        return None if item is None else _attempt(item)


def _claim(item_id: int) -> IngestItem | None:
    item = IngestItem.objects.select_related("job__library", "job__collection").filter(pk=item_id).first()
    if item is None or item.state != State.WAITING or item.job.state == IngestJob.State.PAUSED:
        return None
    if item.attempts >= MAX_ATTEMPTS:
        _settle(item, State.REFUSED, GIVEN_UP.format(item.attempts, item.reason).strip())
        return None
    item.attempts += 1
    item.save(update_fields=["attempts", "updated_at"])
    return item


def _attempt(item: IngestItem) -> Asset | None:
    try:
        return _bring_in(item)
    except Refused as refusal:
        _settle(item, State.REFUSED, str(refusal))
    except (OperationalError, InterfaceError):
        raise
    except OSError as error:
        _pause_or_note(item, error)
    except Exception as error:
        logger.exception("Ingest of %s failed", item.source)
        _note(item, error)
    return None


def _pause_or_note(item: IngestItem, error: OSError) -> None:
    """A full disk is nobody's fault: the job waits for room and this attempt does not count."""
    if error.errno not in DISK_FULL:
        logger.error("Ingest of %s failed", item.source, exc_info=error)
        _note(item, error)
        return
    logger.error("The disk is full; job %s is paused.", item.job_id)
    item.settle(State.WAITING, attempts=0)
    jobs.pause(item.job, "The disk is full. Make room, then go on with the job.")


def _note(item: IngestItem, error: Exception) -> None:
    reason = f"{type(error).__name__}: {error}".replace("\x00", "")
    if item.attempts < MAX_ATTEMPTS:
        item.settle(State.WAITING, reason)
    else:
        _settle(item, State.REFUSED, GIVEN_UP.format(item.attempts, reason))


def _settle(item: IngestItem, state: str, reason: str = "", asset: Asset | None = None) -> None:
    item.settle(state, reason, asset=asset)
    jobs.finish(IngestJob.objects.filter(pk=item.job_id))


def _bring_in(item: IngestItem) -> Asset | None:
    with _held(item) as held:
        known = Asset.objects.filter(library=item.job.library, sha256=held.sha256).first()
        new = None if known else _import(item, held)
        if known:
            _record_duplicate(item, known)
    upload = path_of_upload(item.source)
    if upload is not None:
        drop(upload)
    return new


@contextmanager
def _held(item: IngestItem) -> Iterator[Held]:
    upload = path_of_upload(item.source)
    if upload is not None:
        yield hold_upload(upload)
        return
    with hold(path_of(item.source), f"item-{item.pk}") as held:
        yield held


def _import(item: IngestItem, held: Held) -> Asset | None:
    sniffed = sniff(held.path, item.name)
    technical = probe(held.path, sniffed)
    with ExitStack() as stack:
        sidecars = [stack.enter_context(sidecar) for sidecar in _sidecars(item)]
        embedded, notes = _embedded(held, sidecars)
        kept = [_keep_sidecar(sidecar) for sidecar in sidecars]
    original = store_original(originals(), held, sniffed.extension)
    details = {**technical.details, **notes, **({"sidecars": kept} if kept else {})}
    return _record(item, held, original, sniffed, replace(technical, details=details), embedded)


def _sidecars(item: IngestItem) -> Iterator[AbstractContextManager[Held]]:
    """Copies of the sidecars that lie beside a file of a folder; an upload comes alone."""
    if path_of_upload(item.source) is None:
        for number, path in enumerate(sidecars_of(path_of(item.source))):
            yield hold(path, f"item-{item.pk}-{number}.xmp")


def _embedded(held: Held, sidecars: Sequence[Held]) -> tuple[Embedded, dict[str, str]]:
    """What the file and its sidecars say. Where it cannot be read, nothing, and a note of the reason."""
    try:
        return read_embedded(held.path, [sidecar.path for sidecar in sidecars]), {}
    except ExifToolError as error:
        logger.warning("The metadata of %s is not imported: %s", held.path.name, error)
        return Embedded([]), {METADATA_ERROR: str(error)}


def _keep_sidecar(sidecar: Held) -> dict[str, str]:
    name = store_original(originals(), sidecar, ".xmp")
    return {"sha256": sidecar.sha256, "original": name}


@transaction.atomic
def _record(
    item: IngestItem,
    held: Held,
    original: str,
    sniffed: Sniffed,
    technical: Technical,
    embedded: Embedded,
) -> Asset | None:
    """Write down asset, place, facts and the item's end together; None where another item was first."""
    asset, created = Asset.objects.get_or_create(
        library=item.job.library,
        sha256=held.sha256,
        defaults={
            "size": held.size,
            "original": original,
            "original_name": item.name,
            "kind": sniffed.kind,
            "media_type": sniffed.media_type,
            "title": _title(embedded),
            "width": technical.width,
            "height": technical.height,
            "duration": technical.duration,
            "technical": dict(technical.details),
            "taken_at": embedded.taken_at,
            "added_by": item.job.created_by,
        },
    )
    if not created:
        _record_duplicate(item, asset)
        return None
    import_facts(asset, [*embedded.findings, *stated_chapters(technical)])
    _place(item, asset)
    _settle(item, State.IMPORTED, asset=asset)
    transaction.on_commit(partial(asset_ingested.send, sender=Asset, asset=asset), robust=True)
    return asset


def _title(embedded: Embedded) -> str:
    titles = (each.text for each in embedded.findings if each.kind == "title")
    return next(titles, "").replace("\x00", "")[:500]


@transaction.atomic
def _record_duplicate(item: IngestItem, asset: Asset) -> None:
    _place(item, asset)
    _settle(item, State.DUPLICATE, IN_TRASH if asset.trashed_at else "", asset=asset)


def _place(item: IngestItem, asset: Asset) -> None:
    if item.job.collection is not None:
        CollectionItem.objects.get_or_create(collection=item.job.collection, asset=asset)
