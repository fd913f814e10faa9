"""One supervised child: how it is started and stopped, and where its words go."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from dam.services.processes import spawn
from dam.services.warden import signal_group

PROJECT = Path(__file__).resolve().parents[2]
LOG_BYTES, OLD_LOGS = 5_000_000, 2
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a child that died is started again: doubled each time, up to the longest."""
STEADY = 60.0
"""A child that lived this many seconds is trusted again: its next pause is the first one."""


@dataclass(frozen=True)
class ChildSpec:
    """How to run one child.

    `launch` starts it in a process group of its own with the given file descriptor as its output. `ready`
    tells when those that follow may start. `grace` is the seconds it has to end after `stop_signal`. A child
    that runs `once` is not started again; one that `serves_others` is stopped after those others.
    """

    name: str
    launch: Callable[[int], subprocess.Popen[bytes]]
    ready: Callable[[], bool] | None = None
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    once: bool = False
    serves_others: bool = False


def python_child(name: str, words: Sequence[str], **options: object) -> ChildSpec:
    """The spec of a child that runs this Python with those words in the project's folder."""
    command = [sys.executable, *words]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}

    def launch(output: int) -> subprocess.Popen[bytes]:
        return spawn(command, output=output, environment=environment, folder=PROJECT)

    return ChildSpec(name, launch, **options)  # type: ignore[arg-type]


class Child:
    """A child's current process, its output and its next start."""

    def __init__(self, spec: ChildSpec, log_dir: Path, say: Callable[[str, str], None]) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.output: int | None = None
        self.due: float | None = None
        self._pause = FIRST_PAUSE
        self._began = 0.0
        self._unfinished = b""
        self._say = say
        self.log_path = log_dir / f"{spec.name}.log"
        self._log = _bounded_log(self.log_path)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process; its output is then read with `read`."""
        self.due = None
        self._began = time.monotonic()
        self.output, write_end = os.pipe()
        os.set_blocking(self.output, False)
        try:
            self.process = self.spec.launch(write_end)
        finally:
            os.close(write_end)
        return self.process

    def read(self) -> None:
        """Pass on what the child has said so far, line by line; close its output at the end."""
        while self.output is not None:
            try:
                chunk = os.read(self.output, 65536)
            except BlockingIOError:
                return
            *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
            for line in lines if chunk else [self._unfinished]:
                self._tell(line)
            if not chunk:
                self.close()

    def close(self) -> None:
        """Stop listening to the child."""
        if self.output is not None:
            os.close(self.output)
        self.output, self._unfinished = None, b""

    def plan_restart(self) -> float:
        """Fix the time of the next start; returns the seconds until then."""
        if time.monotonic() - self._began > STEADY:
            self._pause = FIRST_PAUSE
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        self.due = time.monotonic() + pause
        return pause

    def is_running(self) -> bool:
        """True while the process lives; it is reaped here when it has ended."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Signal the child's leading process; SIGKILL goes to its whole group."""
        if self.process is None:
            return
        if number == signal.SIGKILL:
            signal_group(self.process.pid, number)
        elif self.is_running():
            self.process.send_signal(number)

    def _tell(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        if text:
            self._log.info(text)
            self._say(self.spec.name, text)


def _bounded_log(path: Path) -> logging.Logger:
    """A logger that writes bare lines into a file that is rotated before it grows large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding="utf-8")
    log = logging.Logger(path.stem)
    log.addHandler(handler)
    return log
