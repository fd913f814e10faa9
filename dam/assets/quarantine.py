"""The place where a file stays until it is known to be whole and what it says it is."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from dam.assets.refusals import Refused

CHUNK = 1 << 20
CHANGED = "The file changed while it was being read. Try again when no program is writing to it."
NOT_A_FILE = "This is not a regular file: pipes, sockets and devices are not taken in."
UNREADABLE = {
    errno.ENOENT: "The file is no longer there.",
    errno.EACCES: "There is no permission to read this file.",
    errno.EPERM: "There is no permission to read this file.",
    errno.ELOOP: "The link leads in a circle.",
    errno.ENAMETOOLONG: "The path of this file is too long.",
    errno.ENXIO: NOT_A_FILE,
    errno.EISDIR: NOT_A_FILE,
}


@dataclass(frozen=True)
class Held:
    """A whole file in quarantine: where it is, the SHA-256 of its bytes in hexadecimal, their number."""

    path: Path
    sha256: str
    size: int


def quarantine_dir(*parts: str) -> Path:
    """A directory below the quarantine, made where missing and closed to other accounts."""
    path = Path(settings.QUARANTINE_DIR, *parts)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def digest(stream: BinaryIO, copy: BinaryIO | None = None) -> tuple[str, int]:
    """The SHA-256 and the length of what is left of the stream, written to `copy` on the way."""
    sha256, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        sha256.update(chunk)
        size += len(chunk)
        if copy is not None:
            copy.write(chunk)
    return sha256.hexdigest(), size


def sync(stream: BinaryIO) -> None:
    """Return once the written bytes are on the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_directory(path: Path) -> None:
    """Return once the names in the directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading; never waits on a pipe. Raises Refused where it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Refused(
            UNREADABLE.get(error.errno or 0, f"The file cannot be opened: {error.strerror}.")
        ) from error
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise Refused(NOT_A_FILE)
        yield stream


def _read_unchanged(path: Path, copy: BinaryIO | None = None) -> tuple[str, int]:
    with open_regular(path) as stream:
        before = os.fstat(stream.fileno())
        sha256, size = digest(stream, copy)
        after = os.fstat(stream.fileno())
    if _signature(before) != _signature(after) or size != before.st_size:
        raise Refused(CHANGED)
    return sha256, size


@contextmanager
def hold(source: Path, name: str) -> Iterator[Held]:
    """Copy a file into quarantine under that name; the copy is gone when the block ends.

    A leftover of the same name is removed first, never written into: it may be another name of a stored
    original. Raises Refused where the file cannot be read or changes meanwhile, OSError where the
    quarantine cannot be written (disk full).
    """
    path = quarantine_dir() / name
    path.unlink(missing_ok=True)
    try:
        with path.open("xb") as copy:
            sha256, size = _read_unchanged(source, copy)
            sync(copy)
        yield Held(path, sha256, size)
    finally:
        path.unlink(missing_ok=True)


def hold_upload(path: Path) -> Held:
    """An uploaded file, which is in quarantine already and stays there."""
    sha256, size = _read_unchanged(path)
    return Held(path, sha256, size)


@contextmanager
def workspace(name: str) -> Iterator[Path]:
    """An empty directory in quarantine, gone when the block ends; leftovers of that name are cleared."""
    path = quarantine_dir() / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=0o700)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def leftovers(older_than: float) -> Iterator[Path]:
    """What lies in the quarantine itself (not among the uploads) unchanged since that POSIX time."""
    for path in quarantine_dir().iterdir():
        with suppress(FileNotFoundError):
            if path.name != "uploads" and path.stat().st_mtime < older_than:
                yield path
