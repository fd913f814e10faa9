"""Finding the files to bring in: a walk that keeps little in memory and accounts for all that it passes."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from dam.assets.quarantine import NOT_A_FILE, UNREADABLE

LONGEST_NAME = 1000
IGNORED = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "lost+found"})
SIDECAR = ".xmp"
BYTES = "bytes:"
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINKED_FOLDER = "This is a link to a folder. Links to folders are not followed; name the folder itself."
LONE_SIDECAR = "This sidecar describes no file beside it."


@dataclass(frozen=True)
class Found:
    """One file found. `source` says where it is read from; a `reason` says why it cannot be."""

    source: str
    name: str
    reason: str = ""


def source_of(path: Path) -> str:
    """An absolute path as text that a database can hold; bytes that are no UTF-8 are percent-encoded."""
    text = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
    try:
        text.encode()
    except UnicodeEncodeError:
        return BYTES + quote_from_bytes(os.fsencode(text))
    return text


def path_of(source: str) -> Path:
    """The path that source_of wrote down."""
    if source.startswith(BYTES):
        return Path(os.fsdecode(unquote_to_bytes(source.removeprefix(BYTES))))
    return Path(source)


def safe_name(name: str) -> str:
    """A name fit to be shown: its last path part, without control characters, at most 1000 long."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join("\ufffd" if _hidden_meaning(character) else character for character in last)
    stem, dot, extension = shown.rpartition(".")
    if dot and len(extension) < 20:
        return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension
    return shown[:LONGEST_NAME] or "unnamed"


def _hidden_meaning(character: str) -> bool:
    return character in DIRECTIONS or unicodedata.category(character) in ("Cc", "Cs")


def found(path: Path, reason: str = "") -> Found:
    """The entry of one path."""
    return Found(source_of(path), safe_name(path.name), reason)


def is_ignored(name: str) -> bool:
    """True for hidden files and for what operating systems leave in folders."""
    return name.startswith(".") or name.lower() in IGNORED


def sidecars_of(path: Path) -> list[Path]:
    """The XMP files beside a media file, in either case: photo.jpg.xmp outranks photo.xmp."""
    names = [name + suffix for name in (path.name, path.stem) for suffix in (SIDECAR, SIDECAR.upper())]
    return [beside for beside in map(path.with_name, names) if beside != path and _is_regular(beside)]


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def discover(paths: Iterable[Path]) -> Iterator[Found]:
    """Every file at or below the paths; what cannot be taken comes with its reason.

    Links to files are read; links to folders are not followed, so no circle can hold the walk. Hidden
    files are passed over, and so are sidecars that travel with a file beside them.
    """
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir() raises where a path is too long
            yield from _walk(path)
        else:
            yield found(path, _refusal(path))


def _walk(top: Path) -> Iterator[Found]:
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            yield from _files(folder, waiting)
        except OSError as error:
            yield found(folder, f"This folder cannot be read: {error.strerror}.")


def _files(folder: Path, waiting: list[Path]) -> Iterator[Found]:
    """The files of one folder; its folders are put on the waiting list."""
    stems = cache(partial(_media_stems, folder))
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if is_ignored(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif not (path.suffix.lower() == SIDECAR and path.stem in stems()):
                yield found(path, _refusal(path))


def _media_stems(folder: Path) -> frozenset[str]:
    """What a sidecar in that folder may be called after: names of files, with and without extension."""
    with os.scandir(folder) as entries:
        names = [Path(entry.name) for entry in entries]
    media = [name for name in names if name.suffix.lower() != SIDECAR]
    return frozenset(part for name in media for part in (name.name, name.stem))


def _refusal(path: Path) -> str:
    """Why that path cannot be taken in, or an empty string."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return UNREADABLE.get(error.errno or 0, f"The file cannot be read: {error.strerror}.")
    if stat.S_ISDIR(mode):
        return LINKED_FOLDER
    if not stat.S_ISREG(mode):
        return NOT_A_FILE
    return LONE_SIDECAR if path.suffix.lower() == SIDECAR else ""
