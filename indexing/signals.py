"""What indexing tells the rest of the house."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.dispatch import Signal

logger = logging.getLogger(__name__)

facts_changed = Signal()
"""Sent after commit with `asset_ids`: a list of the assets whose facts are no longer what they were."""

decided = Signal()
"""Sent after commit with `annotation`: a fact on which a person has just decided."""

PATIENCE = 1.0
"""Seconds that a change waits for others at most: what machines find is to be searchable within two."""


@dataclass
class _Waiting:
    asset_ids: set[int] = field(default_factory=set)
    since: float = 0.0


_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


def announce(asset_ids: Iterable[int]) -> None:
    """Tell that facts of those assets changed: at once, or with others inside a `gathered` block."""
    waiting = _waiting.get()
    if waiting is None:
        _send(asset_ids)
        return
    waiting.since = waiting.since if waiting.asset_ids else time.monotonic()
    waiting.asset_ids.update(asset_ids)
    if time.monotonic() - waiting.since >= PATIENCE:
        _flush(waiting)


@contextmanager
def gathered() -> Iterator[None]:
    """Several runs on an asset in quick succession are told once. Leaving the block tells the rest."""
    waiting = _Waiting()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        _flush(waiting)


def _flush(waiting: _Waiting) -> None:
    asset_ids, waiting.asset_ids = waiting.asset_ids, set()
    if asset_ids:
        _send(sorted(asset_ids))


def _send(asset_ids: Iterable[int]) -> None:
    """A listener's fault is logged; the facts are stored and stay."""
    for receiver, answer in facts_changed.send_robust(sender=None, asset_ids=list(asset_ids)):
        if isinstance(answer, Exception):
            logger.error("%s did not follow the facts", receiver, exc_info=answer)
