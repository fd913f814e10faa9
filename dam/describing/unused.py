"""Stored originals that no record needs any more. Libraries share bytes, so nothing is deleted in passing."""

from __future__ import annotations

from dam.assets import jobs
from dam.assets.models import Asset, FileVersion, IngestItem, originals
from dam.describing.models import UnusedOriginal
from dam.locks import advisory_lock, held

STORING = "storing an original"
"""Who stores an original whose bytes may lie there already holds this lock on `key(sha256)`."""
AT_A_TIME = 500


def key(sha256: str) -> int:
    """The number under which the original with that SHA-256 is locked."""
    return int(sha256[:15], 16)


def expect(asset: Asset) -> None:
    """Write down the files of an asset that is about to be deleted, in the same transaction."""
    rows = [UnusedOriginal(name=str(asset.original.name), sha256=asset.sha256)]
    rows += [
        UnusedOriginal(name=str(each.original.name), sha256=each.sha256) for each in asset.versions.all()
    ]
    for sidecar in asset.technical.get("sidecars", ()):
        rows.append(UnusedOriginal(name=sidecar["original"], sha256=sidecar["sha256"]))
    UnusedOriginal.objects.bulk_create(rows, ignore_conflicts=True)


def remove() -> int:
    """Delete the bytes that nothing needs; returns how many files. While any file is being brought in they
    wait: it may be one of them."""
    rows = list(UnusedOriginal.objects.order_by("pk")[:AT_A_TIME])
    if not rows or _is_ingesting():
        return 0
    return sum(_remove(row) for row in rows)


def _remove(row: UnusedOriginal) -> bool:
    with advisory_lock(STORING, key(row.sha256)) as ours:
        if not ours:
            return False
        needed = _is_needed(row)
        if not needed:
            originals().delete(row.name)
        row.delete()
        return not needed


def _is_needed(row: UnusedOriginal) -> bool:
    same = {"sha256": row.sha256, "original": row.name}
    beside = Asset.objects.filter(technical__sidecars__contains=[{"original": row.name}])
    return (
        Asset.objects.filter(**same).exists()
        or FileVersion.objects.filter(**same).exists()
        or (row.name.endswith(".xmp") and beside.exists())
    )


def _is_ingesting() -> bool:
    begun = IngestItem.objects.filter(state=IngestItem.State.WAITING, attempts__gt=0)
    return bool(held(jobs.INGEST_LOCK, begun.values_list("pk", flat=True)))
