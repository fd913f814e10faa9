"""Unfinished tus uploads: a file that grows, what was said of it beside it, and one writer at a time.

The offset of an upload is the size of its file, so it is true after any crash.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from dam.assets.quarantine import CHUNK, sync, sync_directory
from dam.assets.uploads import KEPT_SECONDS, drop, upload_dir, upload_path

ALGORITHMS = ("sha256", "sha1")


class Busy(Exception):  # noqa: N818
    """Another request is writing to this upload."""


class BadChecksum(Exception):  # noqa: N818
    """The bytes that came are not those that were sent; they have been thrown away."""


class TooMuch(Exception):  # noqa: N818
    """More bytes came than the upload's length allows; they have been thrown away."""


@dataclass(frozen=True)
class Upload:
    """One upload: its length in bytes, what it is called, whose it is, and the job it belongs to."""

    key: uuid.UUID
    length: int
    name: str
    owner: int
    job: int

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return upload_path(self.key)

    @property
    def offset(self) -> int:
        """How many bytes have arrived."""
        return self.path.stat().st_size

    @property
    def expires(self) -> datetime:
        """When it is thrown away unless more arrives."""
        return datetime.fromtimestamp(self.path.stat().st_mtime + KEPT_SECONDS, UTC)


def create(length: int, name: str, owner: int, job: int) -> Upload:
    """Begin an upload; it is on the disk when this returns."""
    upload = Upload(uuid.uuid4(), length, name, owner, job)
    with upload.path.with_suffix(".json").open("xb") as about:
        about.write(json.dumps({**asdict(upload), "key": upload.key.hex}).encode())
        sync(about)
    upload.path.touch(mode=0o600, exist_ok=False)
    sync_directory(upload_dir())
    return upload


def load(key: uuid.UUID) -> Upload | None:
    """The upload of that key, None where there is none or no longer."""
    path = upload_path(key)
    if not path.exists() or not path.with_suffix(".json").exists():
        return None
    about = json.loads(path.with_suffix(".json").read_bytes())
    return Upload(**{**about, "key": key})


def unfinished() -> Iterator[Upload]:
    """Every upload that has been begun and not been dropped."""
    for path in upload_dir().glob("*.json"):
        upload = load(uuid.UUID(path.stem))
        if upload is not None:
            yield upload


@contextmanager
def only_writer(upload: Upload) -> Iterator[None]:
    """Hold the upload against other requests and other processes. Raises Busy where one holds it."""
    with upload.path.with_suffix(".json").open("rb") as about:
        try:
            fcntl.flock(about, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield


def append(upload: Upload, body: BinaryIO, checksum: str = "") -> None:
    """Add the body to the upload, a megabyte in memory at a time; what came before a break is kept.

    With a checksum ("sha256 BASE64") all of the body is added or nothing. Raises TooMuch, BadChecksum,
    ValueError for a checksum that cannot be read, OSError where the disk is full.
    """
    room = upload.length - upload.offset
    if checksum:
        _append_checked(upload, body, room, *_expected(checksum))
        return
    with upload.path.open("ab") as file:
        try:
            _copy(body, file, room)
        finally:
            sync(file)


def _append_checked(upload: Upload, body: BinaryIO, room: int, algorithm: str, expected: bytes) -> None:
    """Bytes join the upload only once they are known to be right: they wait in a file of their own."""
    aside = upload.path.with_suffix(".chunk")
    with aside.open("w+b") as chunk:
        _copy(body, chunk, room)
        chunk.seek(0)
        if hashlib.file_digest(chunk, algorithm).digest() != expected:
            raise BadChecksum
        chunk.seek(0)
        with upload.path.open("ab") as file:
            shutil.copyfileobj(chunk, file, CHUNK)
            sync(file)
    aside.unlink()


def _copy(body: BinaryIO, file: BinaryIO, room: int) -> None:
    start = file.tell()
    while data := body.read(CHUNK):
        room -= len(data)
        if room < 0:
            file.truncate(start)
            raise TooMuch
        file.write(data)


def _expected(checksum: str) -> tuple[str, bytes]:
    algorithm, _, encoded = checksum.partition(" ")
    if algorithm not in ALGORITHMS:
        raise ValueError(f"Checksums may be {' or '.join(ALGORITHMS)}.")
    try:
        return algorithm, base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("The checksum is not in Base64.") from error


def discard(upload: Upload) -> None:
    """Throw an upload away."""
    drop(upload.path)
