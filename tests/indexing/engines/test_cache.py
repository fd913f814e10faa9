"""Engines are loaded once and let go when idle."""

from __future__ import annotations

import gc
import weakref

import pytest

from indexing.engines import cache


class Engine:
    """Something heavy."""


def test_an_engine_is_loaded_once() -> None:
    first = cache.loaded(("test", "once"), Engine)
    assert cache.loaded(("test", "once"), Engine) is first
    assert cache.loaded(("test", "other"), Engine) is not first


def test_an_idle_engine_is_let_go_and_loaded_again_when_needed() -> None:
    gone = weakref.ref(cache.loaded(("test", "idle"), Engine))
    assert cache.release_idle(3600) == 0
    assert gone() is not None
    assert cache.release_idle(0) >= 1
    gc.collect()
    assert gone() is None
    assert isinstance(cache.loaded(("test", "idle"), Engine), Engine)


def test_a_failure_to_load_is_told_and_not_kept() -> None:
    def fail() -> Engine:
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        cache.loaded(("test", "failing"), fail)
    assert isinstance(cache.loaded(("test", "failing"), Engine), Engine)
