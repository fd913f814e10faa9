"""Another file under the same record. The earlier one is kept, and no stored byte is ever changed."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import replace as with_changes
from functools import partial
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction

from dam.assets import curation, jobs
from dam.assets.discover import safe_name
from dam.assets.embedded import Embedded, read_embedded
from dam.assets.exiftool import ExifToolError
from dam.assets.files import local_path
from dam.assets.models import Asset, FileVersion, originals, renditions
from dam.assets.quarantine import Held, hold, hold_upload, quarantine_dir, sync
from dam.assets.refusals import Refused
from dam.assets.sniff import sniff
from dam.assets.stated_chapters import stated_chapters
from dam.assets.storing import store_original
from dam.assets.technical import Technical, probe
from dam.describing.record import record_of
from dam.describing.superseding import forget_machines
from dam.describing.unused import STORING, key
from dam.locks import advisory_lock
from dam.sharing.models import User
from indexing.store import import_facts

logger = logging.getLogger(__name__)

SAME = "This is the file that is there already."
BUSY = "The same file is being stored at this moment. Try again."
OTHER_KIND = "This is {found}, and the record is about {kept}. Upload it as an asset of its own instead."
KINDS = {"image": "a picture", "video": "a film", "audio": "a recording"}


class DuplicateError(Refused):
    """The library holds this file already, as the asset `known`."""

    def __init__(self, known: Asset) -> None:
        place = "in the trash of this library" if known.trashed_at else "in this library"
        super().__init__(f"This file is {place} already, as an asset of its own.")
        self.known = known


def replace(asset: Asset, file: File, name: str, user: User) -> None:
    """Put an uploaded file in the place of the asset's original. Raises Refused with the reason."""
    path = quarantine_dir() / f"replace-{uuid.uuid4().hex}"
    try:
        with path.open("xb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
            sync(copy)
        _put(asset, hold_upload(path), safe_name(name), user)
    finally:
        path.unlink(missing_ok=True)


def restore(asset: Asset, version: FileVersion, user: User) -> None:
    """Put an earlier file back in its place; the present one becomes an earlier one. Raises Refused."""
    with (
        local_path(version.original) as path,
        hold(path, f"replace-{uuid.uuid4().hex}") as held,
        transaction.atomic(),
    ):
        _put(asset, held, version.original_name, user)
        version.delete()


def _put(asset: Asset, held: Held, name: str, user: User) -> None:
    _refuse_known(asset, held)
    sniffed = sniff(held.path, name)
    if sniffed.kind != asset.kind:
        raise Refused(OTHER_KIND.format(found=KINDS[sniffed.kind], kept=KINDS[asset.kind]))
    technical, embedded = probe(held.path, sniffed), _embedded(held)
    with advisory_lock(STORING, key(held.sha256)) as ours:
        if not ours:
            raise Refused(BUSY)
        original = store_original(originals(), held, sniffed.extension)
        columns = {"original": original, "original_name": name, "media_type": sniffed.media_type}
        try:
            _swap(asset, held, columns, technical, embedded, user)
        except IntegrityError as error:
            raise Refused(BUSY) from error


def _refuse_known(asset: Asset, held: Held) -> None:
    if asset.sha256 == held.sha256:
        raise Refused(SAME)
    known = Asset.objects.filter(library=asset.library_id, sha256=held.sha256).first()
    if known is not None:
        raise DuplicateError(known)


def _embedded(held: Held) -> Embedded:
    try:
        return read_embedded(held.path)
    except ExifToolError as error:
        logger.warning("The metadata of %s is not imported: %s", held.path.name, error)
        return Embedded([])


@transaction.atomic
def _swap(
    asset: Asset,
    held: Held,
    columns: dict[str, Any],
    technical: Technical,
    embedded: Embedded,
    user: User,
) -> None:
    """Keep the old file as a version, and begin with the new one as if it had just come in."""
    old = Asset.objects.select_for_update().get(pk=asset.pk)
    version = FileVersion.objects.create(
        asset=old,
        sha256=old.sha256,
        size=old.size,
        original=old.original.name,
        original_name=old.original_name,
        media_type=old.media_type,
        replaced_by=user,
    )
    forget_machines(old, version)
    technical = with_changes(technical, details={**technical.details, **_sidecars(old)})
    import_facts(old, [*embedded.findings, *stated_chapters(technical)])
    _write(asset, {**columns, **_measures(held, technical), "taken_at": _taken_at(old, embedded)})
    _renew_renditions(asset)


def _sidecars(asset: Asset) -> dict[str, Any]:
    kept = asset.technical.get("sidecars")
    return {"sidecars": kept} if kept else {}


def _measures(held: Held, technical: Technical) -> dict[str, Any]:
    return {
        "sha256": held.sha256,
        "size": held.size,
        "width": technical.width,
        "height": technical.height,
        "duration": technical.duration,
        "technical": dict(technical.details),
    }


def _taken_at(asset: Asset, embedded: Embedded) -> Any:
    """What a person says of the date outranks the file; the file outranks the one before."""
    said = record_of(asset, ["date"]).values["date"]
    return asset.taken_at if said else embedded.taken_at or asset.taken_at


def _write(asset: Asset, columns: dict[str, Any]) -> None:
    afresh = {"rendered_at": None, "rendering_attempts": 0, "rendering_error": ""}
    for name, value in {**columns, **afresh}.items():
        setattr(asset, name, value)
    curation.save(asset, [*columns, *afresh])


def _renew_renditions(asset: Asset) -> None:
    """Forget the renditions now, delete their files when that is certain, and have new ones made."""
    names = list(asset.renditions.values_list("file", flat=True))
    asset.renditions.all().delete()
    transaction.on_commit(partial(_make_renditions, asset.pk, names))


def _make_renditions(asset_id: int, old: Sequence[str]) -> None:
    for name in old:
        renditions().delete(name)
    jobs.send(jobs.RENDITIONS_TASK, [(asset_id,)])
