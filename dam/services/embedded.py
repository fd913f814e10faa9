"""What the embedded servers share: a folder, kept credentials, a start that waits, a stop that is sure."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from dam.services import credentials
from dam.services.credentials import Credentials
from dam.services.processes import command_line, is_alive, spawn, stop_process
from dam.services.unprivileged import Account


class ServiceError(RuntimeError):
    """An embedded server could not be made or started; the message holds the server's own words."""


class EmbeddedServer(ABC):
    """One server on the loopback interface, all of whose state lies in `data_dir`."""

    name: str
    stop_signals: Sequence[tuple[int, float]]
    death_signal: int = signal.SIGTERM
    account: Account | None = None

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that clients use, password included."""

    @property
    @abstractmethod
    def pid_path(self) -> Path:
        """Where the server writes its process id, on the first line."""

    @property
    @abstractmethod
    def mark(self) -> str:
        """Words in the server's command line that no other process has."""

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The words that start the server on the kept port."""

    @abstractmethod
    def answers(self) -> bool:
        """True when clients can work with the server."""

    def prepare(self) -> None:
        """Make what the first start needs, and settle on a free port. Raises ServiceError."""
        credentials.load_with_free_port(self._credentials_path)

    def start(self, seconds: float = 60) -> str:
        """Return the address of a server that answers: the running one, else one started now.

        Raises ServiceError, with the end of the server's log, when none answers within the seconds.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_running():
                self.prepare()
                with self.log_path.open("wb") as log:
                    self.launch(log)
            if self._wait_for_answer(deadline):
                return self.url
            time.sleep(0.3)
        raise ServiceError(f"{self.name} did not start within {seconds:.0f} s. {self._last_words()}")

    def launch(self, output: IO[bytes] | int | None = None) -> subprocess.Popen[bytes]:
        """Start the prepared server without waiting for it."""
        self._remove_stale_pid_file()
        self.process = spawn(
            self.command(),
            output=output,
            death_signal=self.death_signal,
            account=self.account,
            environment=server_environment(),
            folder=Path("/"),
        )
        return self.process

    def stop(self) -> None:
        """Shut the server down, whoever started it. Raises TimeoutError when it does not go."""
        pid = self.server_pid()
        if pid is None and self.process is not None and self.process.poll() is None:
            pid = self.process.pid
        if pid is not None:
            stop_process(pid, self.stop_signals)
        if self.process is not None:
            self.process.wait()
            self.process = None

    def is_running(self) -> bool:
        """True while the server has a process, ours or one that an earlier start left."""
        return self.server_pid() is not None

    def server_pid(self) -> int | None:
        """The process id of the running server, None when there is none."""
        pid = self._pid_written()
        if pid is None or not is_alive(pid):
            return None
        words = command_line(pid)
        return pid if words is None or self.mark in words else None

    @property
    def log_path(self) -> Path:
        """What the server said since `start`."""
        return self.data_dir / "server.log"

    @property
    def credentials(self) -> Credentials:
        """The port and password, kept between starts."""
        return credentials.load(self._credentials_path)

    @property
    def _credentials_path(self) -> Path:
        return self.data_dir / "credentials.json"

    def _wait_for_answer(self, deadline: float) -> bool:
        while time.monotonic() < deadline and self._lives():
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def _lives(self) -> bool:
        """True while our own child lives, even before it wrote its pid file, or an earlier one does."""
        return (self.process is not None and self.process.poll() is None) or self.is_running()

    def _pid_written(self) -> int | None:
        try:
            first_line = self.pid_path.read_text().partition("\n")[0].strip()
        except FileNotFoundError:
            return None
        return int(first_line) if first_line.isdigit() else None

    def _remove_stale_pid_file(self) -> None:
        """Drop the pid file of a killed server, whose number may belong to some other process by now."""
        if self.server_pid() is None:
            self.pid_path.unlink(missing_ok=True)

    def _last_words(self) -> str:
        if not self.log_path.exists():
            return "It wrote no log."
        return "Its log ends: " + self.log_path.read_text(errors="replace")[-600:].strip()


def server_environment() -> dict[str, str]:
    """The variables that the servers see: nothing of ours, no secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
