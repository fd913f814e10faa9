"""The decoding child may hang, crash or eat memory: the caller gets a sentence, and the next call works."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import billiard
import pytest

from indexing.analysers.contract import MediaError
from indexing.decoding import child
from indexing.decoding.limits import GIB, LIMITS
from tests.indexing.decoding import misbehaving


def test_work_is_done_in_another_process_that_is_kept() -> None:
    first = child.call(misbehaving.process, seconds=30)
    assert first != os.getpid()
    assert child.call(misbehaving.process, seconds=30) == first


def test_a_hanging_decoder_is_stopped_and_replaced() -> None:
    child.call(misbehaving.double, 1, seconds=30)
    started = time.monotonic()
    with pytest.raises(MediaError, match="longer than 1 seconds"):
        child.call(misbehaving.hang, seconds=1)
    assert time.monotonic() - started < 10
    assert child.call(misbehaving.double, 2, seconds=30) == 4


def test_a_crashing_decoder_is_replaced() -> None:
    with pytest.raises(MediaError, match="crash"):
        child.call(misbehaving.crash, seconds=30)
    assert child.call(misbehaving.double, 3, seconds=30) == 6


def test_memory_is_bounded() -> None:
    with pytest.raises(MediaError, match="2048 MiB"):
        child.call(misbehaving.eat, 3 * GIB, seconds=30)
    assert child.call(misbehaving.eat, 1000, seconds=30) == 1000


def test_the_limits_hold_in_the_child() -> None:
    found = child.call(misbehaving.limits, seconds=30)
    assert found["RLIMIT_CORE"] == 0
    assert 0 < found["RLIMIT_DATA"] <= LIMITS.memory
    assert 0 < found["RLIMIT_FSIZE"] <= LIMITS.output
    assert 0 < found["RLIMIT_NOFILE"] <= LIMITS.open_files


def test_reasons_reach_the_caller_without_naming_places() -> None:
    with pytest.raises(MediaError, match=r"^This is why\.$"):
        child.call(misbehaving.refuse, seconds=30)
    with pytest.raises(MediaError, match="upside down") as caught:
        child.call(misbehaving.fail, Path("/secret/place"), seconds=30)
    assert "/secret" not in str(caught.value)


def test_a_parsers_stumbling_is_told_as_damage() -> None:
    with pytest.raises(MediaError, match=r"damaged and cannot be decoded\.$"):
        child.call(misbehaving.stumble, seconds=30)


def test_threads_may_call_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        doubled = threads.map(lambda number: child.call(misbehaving.double, number, seconds=30), range(20))
    assert list(doubled) == [2 * number for number in range(20)]


def test_a_worker_of_celery_has_a_child_of_its_own_that_dies_with_it() -> None:
    ours = child.call(misbehaving.process, seconds=30)
    context = billiard.get_context("fork")
    told, tell = context.Pipe(duplex=False)
    worker = context.Process(target=_work_and_vanish, args=(tell,), daemon=True)
    worker.start()
    assert told.poll(60)
    theirs = told.recv()
    worker.join()
    assert theirs not in (ours, os.getpid())
    assert _ends(theirs)


def _work_and_vanish(tell: billiard.connection.Connection) -> None:
    tell.send(child.call(misbehaving.process, seconds=30))
    os._exit(0)


def _ends(pid: int) -> bool:
    """True when the process is gone, or a zombie nobody has collected yet, within ten seconds."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
