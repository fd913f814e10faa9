"""Models held in memory: loaded once for a process, let go when nobody has used them for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, TypeVar

Engine = TypeVar("Engine")

_engines: dict[Hashable, Any] = {}
_used: dict[Hashable, float] = {}
_lock = RLock()


def loaded(key: Hashable, load: Callable[[], Engine]) -> Engine:
    """The engine of that key, loaded at the first call. What `load` raises passes through."""
    with _lock:
        if key not in _engines:
            _engines[key] = load()
        _used[key] = time.monotonic()
        engine: Engine = _engines[key]
        return engine


def release_idle(seconds: float) -> int:
    """Let go of every engine unused for that many seconds. Returns how many."""
    with _lock:
        idle = [key for key, last in _used.items() if time.monotonic() - last >= seconds]
        for key in idle:
            del _engines[key], _used[key]
        return len(idle)
