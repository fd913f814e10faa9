"""Starts children in order, starts those again that die, and stops them all, the last one first."""

from __future__ import annotations

import fcntl
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from dam.services.child import Child, ChildSpec
from dam.services.leftovers import GroupRecord

TURN = 0.2
"""Seconds that one turn of the loop waits for output at most."""
STOP_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AlreadyRunningError(RuntimeError):
    """Another supervisor holds the lock of this home."""


class ChildFailedError(RuntimeError):
    """A child ended, or did not become ready, while the others were waiting for it."""


class StopRequestedError(RuntimeError):
    """Somebody asked the supervisor to stop while it was still starting."""


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock file for the block. Raises AlreadyRunningError naming the process that holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise AlreadyRunningError(stream.read().strip()) from None
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


class Supervisor:
    """Runs children until it is asked to stop; use it as a context manager in the main thread.

    `state_dir` remembers the running process groups, `log_dir` gets one bounded log per child, and `say`
    receives each line of output with the name of the child that wrote it.
    """

    def __init__(self, state_dir: Path, log_dir: Path, say: Callable[[str, str], None]) -> None:
        self._children: list[Child] = []
        self._log_dir = log_dir
        self._say = say
        self._record = GroupRecord(state_dir / "groups.json")
        self._selector = selectors.DefaultSelector()
        self._requests = 0
        self._old_handlers: dict[int, signal.Handlers | Callable | int | None] = {}

    def __enter__(self) -> Supervisor:
        ended = self._record.end_leftovers()
        if ended:
            self._say("up", f"Ended {ended} processes that an earlier run had left.")
        for number in STOP_REQUESTS:
            self._old_handlers[number] = signal.signal(number, self._request_stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.stop_all()
        finally:
            self._record.close()
            self._selector.close()
            for number, handler in self._old_handlers.items():
                signal.signal(number, handler)

    def start(self, spec: ChildSpec, seconds: float = 90) -> None:
        """Start a child and wait until it is ready.

        Raises ChildFailedError when it ends or is not ready in time, StopRequestedError when asked to stop.
        """
        child = Child(spec, self._log_dir, self._say)
        self._children.append(child)
        self._start(child)
        if spec.ready is not None:
            self._wait(child, spec.ready, seconds, f"{spec.name} did not become ready")

    def run_to_end(self, spec: ChildSpec, seconds: float = 600) -> None:
        """Run a child and wait until it has ended. Raises ChildFailedError unless it succeeded."""
        child = Child(spec, self._log_dir, self._say)
        self._children.append(child)
        process = self._start(child)
        self._wait(child, lambda: process.poll() == 0, seconds, f"{spec.name} failed")
        self._finish(child)
        self._children.remove(child)

    def run(self) -> None:
        """Keep the children running until somebody asks to stop."""
        while not self._requests:
            self._turn()
            for child in list(self._children):
                self._look_after(child)

    def stop_all(self) -> None:
        """Stop every child with its grace, servers that others use last; a second request to stop kills."""
        for child in self._children:
            if not child.spec.serves_others:
                child.signal(child.spec.stop_signal)
        for child in reversed(self._children):
            self._stop(child)
        self._children.clear()

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self._requests += 1

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        process = child.start()
        self._record.add(process.pid, child.spec.stop_signal)
        if child.output is not None:
            self._selector.register(child.output, selectors.EVENT_READ, child)
        return process

    def _wait(self, child: Child, condition: Callable[[], bool], seconds: float, complaint: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            self._turn(0.05)
            if self._requests:
                raise StopRequestedError
            if not child.is_running() and not condition():
                child.read()
                raise ChildFailedError(f"{complaint}: see {child.log_path}.")
            if time.monotonic() > deadline:
                raise ChildFailedError(f"{complaint} within {seconds:.0f} s.")

    def _look_after(self, child: Child) -> None:
        if child.due is not None:
            if time.monotonic() >= child.due:
                self._start(child)
        elif not child.is_running():
            code = child.process.returncode if child.process else None
            self._finish(child)
            if child.spec.once:
                self._children.remove(child)
            else:
                pause = child.plan_restart()
                self._say("up", f"{child.spec.name} ended with status {code}; again in {pause:.1f} s.")

    def _stop(self, child: Child) -> None:
        if child.spec.serves_others:
            child.signal(child.spec.stop_signal)
        deadline = time.monotonic() + child.spec.grace
        while child.is_running() and time.monotonic() < deadline and self._requests < 2:
            self._turn(0.05)
        self._finish(child)

    def _finish(self, child: Child) -> None:
        """Take in a child's last words, and leave nothing of its process group."""
        if child.process is None or child.due is not None:
            return
        child.signal(signal.SIGKILL)
        child.process.wait()
        if child.output is not None:
            self._selector.unregister(child.output)
        child.read()
        child.close()
        self._record.remove(child.process.pid)

    def _turn(self, seconds: float = TURN) -> None:
        for key, _ in self._selector.select(seconds):
            child: Child = key.data
            descriptor = key.fd
            child.read()
            if child.output is None:
                self._selector.unregister(descriptor)
