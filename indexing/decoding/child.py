"""One replaceable decoding child per process: it may hang, crash or eat memory, and only its file is lost."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as ChildTimeout
from multiprocessing import process
from pathlib import Path
from typing import Any, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from indexing.analysers.contract import MediaError
from indexing.decoding.confine import confine
from indexing.decoding.limits import LIMITS, MIB

Output = TypeVar("Output")
WORDED = (OSError, RuntimeError)


def call(function: Callable[..., Output], *args: Any, seconds: float) -> Output:
    """What `function` returns, called in the decoding child with at most `seconds` of wall time.

    The function lives in an importable module, and what goes in and out can be pickled.
    Raises MediaError where the function fails in any way; the child is replaced where it must be.
    """
    task = functools.partial(_guarded, function, args)
    try:
        return cast(Output, _pool().schedule(task, timeout=seconds).result())
    except ChildTimeout:
        raise MediaError(f"Decoding took longer than {seconds:.0f} seconds and was stopped.") from None
    except ProcessExpired:
        raise MediaError("The file made the decoder crash; it is probably damaged.") from None


def _guarded(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run in the child. Decoders raise anything on hostile bytes: all of it is a MediaError to the parent."""
    try:
        return function(*args)
    except MediaError:
        raise
    except MemoryError:
        allowed = LIMITS.memory // MIB
        raise MediaError(f"Decoding needs more than the {allowed} MiB of memory allowed.") from None
    except Exception as error:
        raise MediaError(_sentence(error, args)) from error


def _sentence(error: Exception, args: tuple[Any, ...]) -> str:
    """The last line a decoder said, without the places on this machine that it names; a parser's own
    stumbling (ValueError and the like) says nothing to a person."""
    if not isinstance(error, WORDED):
        return "The file is damaged and cannot be decoded."
    said = error.args[0] if error.args else ""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(error)
    for path in (each for each in args if isinstance(each, Path)):
        text = text.replace(repr(str(path)), "it").replace(str(path), "it")
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [type(error).__name__]
    return f"The file cannot be decoded: {lines[-1][:300].rstrip('.')}."


def _pool() -> ProcessPool:
    """The pool of this process, made anew where it has broken down (no child could be started)."""
    if not _made(os.getpid()).active:
        _made.cache_clear()
    return _made(os.getpid())


@functools.cache
def _made(owner: int) -> ProcessPool:
    """The pool of the process `owner`; a forked worker starts its own and never touches its parent's."""
    _leave_billiard()
    return ProcessPool(
        max_workers=1,
        max_tasks=LIMITS.calls_per_child,
        initializer=_start,
        context=multiprocessing.get_context("spawn"),
    )


def _start() -> None:
    """First thing in the child, before any decoder is imported: one thread a library, silence, limits."""
    os.environ.update({"VIPS_CONCURRENCY": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(sink, stream)
    confine(LIMITS.memory, LIMITS.output, LIMITS.open_files)


def _leave_billiard() -> None:
    """In Celery's workers the standard library takes billiard's process for the current one, and refuses to
    start children of a daemon. Give it a process of its own: our children die with their parent anyway."""
    current = process.current_process()
    if not isinstance(current, process.BaseProcess):
        own = process.BaseProcess(name=current.name)
        own._config = {"authkey": process.AuthenticationString(os.urandom(32)), "semprefix": "/mp"}
        process._current_process = own  # type: ignore[attr-defined]
