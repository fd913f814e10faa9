"""What indexing tells the rest of the house."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock, Timer

from django.db import connections
from django.dispatch import Signal

logger = logging.getLogger(__name__)

facts_changed = Signal()
"""Sent after commit with `asset_ids`: a list of the assets whose facts are no longer what they were."""

decided = Signal()
"""Sent after commit with `annotation`: a fact on which a person has just decided."""

looking_around = Signal()
"""Sent each time the planner looks around, without anything: what is due elsewhere is done then."""

PATIENCE = 1.0
"""Seconds that a change waits for others at most: what machines find is to be searchable within two."""


class _Waiting:
    """Changes that are told together, PATIENCE seconds after the first of them, or when the block ends.

    They are told from a thread of its own while the one that gathers them is busy with the next analysis.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asset_ids: set[int] = set()
        self._timer: Timer | None = None

    def add(self, asset_ids: Iterable[int]) -> None:
        with self._lock:
            begins = not self._asset_ids
            self._asset_ids.update(asset_ids)
            if begins and self._asset_ids:
                self._timer = Timer(PATIENCE, self._tell_from_thread)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Tell what is left, and wait for what is being told."""
        if self._timer is not None:
            self._timer.cancel()
            self._tell()
            self._timer.join()

    def _tell(self) -> None:
        with self._lock:
            asset_ids, self._asset_ids = self._asset_ids, set()
        if asset_ids:
            _send(sorted(asset_ids))

    def _tell_from_thread(self) -> None:
        try:
            self._tell()
        finally:
            connections.close_all()


_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


def announce(asset_ids: Iterable[int]) -> None:
    """Tell that facts of those assets changed: at once, or with others inside a `gathered` block."""
    waiting = _waiting.get()
    if waiting is None:
        _send(asset_ids)
    else:
        waiting.add(asset_ids)


@contextmanager
def gathered() -> Iterator[None]:
    """Several runs on an asset in quick succession are told once. Leaving the block tells the rest."""
    waiting = _Waiting()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        waiting.close()


def look_around() -> None:
    """Tell that the planner looks around; a listener's fault does not stop it."""
    _log_faults(looking_around.send_robust(sender=None))


def _send(asset_ids: Iterable[int]) -> None:
    """The facts are stored and stay, whatever becomes of the listeners."""
    _log_faults(facts_changed.send_robust(sender=None, asset_ids=list(asset_ids)))


def _log_faults(answers: Iterable[tuple[object, object]]) -> None:
    for receiver, answer in answers:
        if isinstance(answer, Exception):
            logger.error("%s failed", receiver, exc_info=answer)
