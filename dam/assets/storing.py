"""Putting files into a storage so that nobody ever sees half of one."""

from __future__ import annotations

import errno
import shutil
import uuid
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from dam.assets.quarantine import Held, quarantine_dir, sync, sync_directory

READ_ONLY = 0o444
READABLE = 0o644


def original_name(sha256: str, extension: str) -> str:
    """Where the original with that SHA-256 is kept; `extension` begins with a dot or is empty."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{extension}"


def store_original(storage: Storage, held: Held, extension: str) -> str:
    """Keep a quarantined file for good under the name of its content, and return that name.

    Bytes that are there already are left alone, so libraries share them. Read-only on a file system.
    """
    name = original_name(held.sha256, extension)
    if isinstance(storage, FileSystemStorage):
        _link(held.path, Path(storage.path(name)))
    elif not storage.exists(name) or storage.size(name) != held.size:
        with held.path.open("rb") as stream:
            storage.save(name, File(stream))
    return name


def store_rendition(storage: Storage, path: Path, name: str) -> str:
    """Keep a derived file under that name in the place of an earlier one, and return the name."""
    if isinstance(storage, FileSystemStorage):
        target = _ready(Path(storage.path(name)))
        beside = _copy_beside(path, target)
        beside.chmod(READABLE)
        beside.replace(target)
        return name
    if storage.exists(name):
        storage.delete(name)
    with path.open("rb") as stream:
        return storage.save(name, File(stream))


def _ready(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _link(path: Path, target: Path) -> None:
    """Give the file its final name in one step; a target that is there already has the same content."""
    if _ready(target).exists():
        return
    path.chmod(READ_ONLY)
    try:
        _link_once(path, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP):
            raise
        beside = _copy_beside(path, target)
        beside.chmod(READ_ONLY)
        beside.replace(target)
    sync_directory(target.parent)


def _link_once(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except FileExistsError:
        return


def _copy_beside(path: Path, target: Path) -> Path:
    """A synced copy on the target's file system: in the quarantine where that is the same one."""
    folder = quarantine_dir()
    if folder.stat().st_dev != target.parent.stat().st_dev:
        folder = target.parent
    beside = folder / f"part-{uuid.uuid4().hex}"
    with path.open("rb") as source, beside.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        sync(copy)
    return beside
