"""Watching folders for files that have come to rest."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from dam.assets.discover import Found, discover, is_ignored

POLL_MILLISECONDS = 500
REST_SECONDS = 2.0
"""A file is taken once its size and time of change have stayed the same for so long."""

Signature = tuple[int, int]


def settled(
    folders: Iterable[Path], stop: Event | None = None, rest: float = REST_SECONDS
) -> Iterator[list[Found]]:
    """Batches of files that appeared or changed below the folders and that nobody is writing to any more.

    The first batch is empty and says that the watch stands: nothing that happens after it is missed.
    Runs until `stop` is set or the process is interrupted.
    """
    moving: dict[Path, tuple[Signature, float]] = {}
    changes = watch(
        *folders,
        watch_filter=_is_wanted,
        rust_timeout=POLL_MILLISECONDS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
    )
    for changed in changes:
        for path in {Path(name) for _, name in changed}:
            moving.update(_files(path))
        yield list(_come_to_rest(moving, rest))


def _is_wanted(change: Change, path: str) -> bool:
    return change != Change.deleted and not is_ignored(Path(path).name)


def _files(path: Path) -> Iterator[tuple[Path, tuple[Signature, float]]]:
    """The files at or below a path that changed; a folder moved in brings no events for its files."""
    for each in [path] if not path.is_dir() else path.rglob("*"):
        signature = _signature(each)
        if signature and not is_ignored(each.name):
            yield each, (signature, time.monotonic())


def _signature(path: Path) -> Signature | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if path.is_file() else None


def _come_to_rest(moving: dict[Path, tuple[Signature, float]], rest: float) -> Iterator[Found]:
    """Take out of `moving` what has not changed for long enough; keep what has, counting anew."""
    now = time.monotonic()
    for path, (signature, since) in list(moving.items()):
        current = _signature(path)
        if current is None:
            del moving[path]
        elif current != signature:
            moving[path] = (current, now)
        elif now - since >= rest:
            del moving[path]
            yield from discover([path])
