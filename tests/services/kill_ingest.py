"""A whole installation in a home of its own, files to bring in, and kill -9 for each of its parts."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import psycopg
from django.conf import settings
from PIL import Image

from dam.services.ports import free_port

START_SECONDS = 240
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


def make_files(folder: Path, count: int, duplicates: int, refused: int) -> None:
    """Write `count` different pictures, copies of some of them, and files that are no media."""
    folder.mkdir()
    pictures = [folder / f"{number:04}.png" for number in range(count)]
    for number, path in enumerate(pictures):
        pixels = np.random.default_rng(number).integers(0, 256, (24, 32, 3), np.uint8)
        Image.fromarray(pixels).save(path)
    for number in range(duplicates):
        (folder / f"copy-{number:04}.png").write_bytes(pictures[number].read_bytes())
    for number in range(refused):
        (folder / f"words-{number:04}.jpg").write_text(f"these are words, number {number}\n")


class Installation:
    """`manage.py up` with its own database, queue and workers below a home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port(18000)
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "BROKER_URL", "MEDIA_STORAGE")
        }
        self.environment = {**kept, "MEDIATHEQUE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        self.supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything and return when the web answers and the workers have been started."""
        words = [
            "up",
            "--no-browser",
            "--no-sample",
            "--port",
            str(self.port),
            "--workers",
            "web=1,io=2,cpu=0",
        ]
        with (self.home / "up.log").open("ab") as log:
            self.supervisor = subprocess.Popen(
                [*MANAGE, *words], env=self.environment, stdout=log, stderr=log, cwd=settings.BASE_DIR
            )
        self.wait_for(lambda: bool(self.workers()), "the worker", START_SECONDS)

    def stop(self) -> None:
        """Stop everything as Ctrl-C does."""
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
            self.supervisor.wait(60)

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        """Return when the condition holds. Raises AssertionError with the log's end when it never does."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.supervisor is None or self.supervisor.poll() in (None, -signal.SIGKILL), self.log()
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s.\n{self.log()}"
            time.sleep(0.1)

    def log(self) -> str:
        """The end of what the installation has said."""
        return (self.home / "up.log").read_text(errors="replace")[-4000:]

    def ingest(self, folder: Path) -> None:
        """Enter a folder as a job, without waiting for it."""
        words = [*MANAGE, "ingest", str(folder), "--no-wait"]
        subprocess.run(words, env=self.environment, cwd=settings.BASE_DIR, check=True, timeout=120)

    def sweep_as_if_tomorrow(self) -> None:
        """Tidy the quarantine as the sweep of the next day does."""
        code = "import time; from dam.assets.sweeping import sweep; sweep(time.time() + 86_500)"
        words = [*MANAGE, "shell", "-v", "0", "-c", code]
        subprocess.run(words, env=self.environment, cwd=settings.BASE_DIR, check=True, timeout=120)

    def query(self, sql: str) -> list[tuple]:
        """The rows of a query; none while the database is away."""
        address = self.home / "services" / "database.url"
        if not address.exists():
            return []
        url = address.read_text().strip()
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                return connection.execute(sql).fetchall()
        except psycopg.OperationalError:
            return []

    def waiting(self) -> int | None:
        """How many files wait; None while the database is away."""
        rows = self.query("SELECT count(*) FROM assets_ingestitem WHERE state = 'waiting'")
        return rows[0][0] if rows else None

    def has_settled(self, share: float, total: int) -> bool:
        """True when at least that share of all files has been dealt with."""
        waiting = self.waiting()
        return waiting is not None and waiting <= total * (1 - share)

    def workers(self) -> list[psutil.Process]:
        """The processes of the io worker: the main one first, then those that do the work."""
        return [process for process in self._processes() if "io@%h" in _command(process)]

    def _processes(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.supervisor.pid).children(recursive=True) if self.supervisor else []
        except psutil.NoSuchProcess:
            return []

    def kill_working_process(self) -> None:
        """Kill -9 a process that is bringing in files."""
        self.workers()[-1].kill()

    def kill_worker(self) -> None:
        """Kill -9 the main process of the worker."""
        self.workers()[0].kill()

    def kill_database(self) -> None:
        """Kill -9 the postmaster; its backends end themselves."""
        [pid_file] = (self.home / "services" / "postgres").rglob("postmaster.pid")
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)

    def kill_supervisor(self) -> None:
        """Kill -9 `manage.py up` itself."""
        assert self.supervisor is not None
        self.supervisor.kill()
        self.supervisor.wait()


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def ingest_with_kills(installation: Installation, folder: Path, seconds: float) -> dict[str, int]:
    """Bring the folder in while each part is killed in turn; return how many items stand in each state."""
    total = sum(1 for _ in folder.iterdir())
    installation.start()
    installation.ingest(folder)
    kills = (
        (0.1, installation.kill_working_process),
        (0.2, installation.kill_worker),
        (0.4, installation.kill_database),
        (0.6, installation.kill_supervisor),
    )
    for share, kill in kills:
        installation.wait_for(
            lambda share=share: installation.has_settled(share, total), kill.__name__, seconds
        )
        kill()
    installation.start()
    installation.wait_for(lambda: installation.waiting() == 0, "the rest", seconds)
    return dict(installation.query("SELECT state, count(*) FROM assets_ingestitem GROUP BY state"))


def faults(installation: Installation, folder: Path) -> list[str]:
    """What is wrong with the library after all that: files lost, doubled, cut, or left lying about.

    A process killed after its last commit leaves its copy in quarantine; tomorrow's sweep must find it.
    """
    installation.sweep_as_if_tomorrow()
    rows = installation.query("SELECT sha256, original FROM assets_asset")
    stored = [sha256 for sha256, _ in rows]
    sent = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.png")}
    found = [f"lost: {sha256}" for sha256 in sent - set(stored)]
    found += [f"twice: {sha256}" for sha256 in set(stored) if stored.count(sha256) > 1]
    originals = installation.home / "media" / "originals"
    for sha256, name in rows:
        if hashlib.sha256((originals / name).read_bytes()).hexdigest() != sha256:
            found.append(f"cut: {name}")
    kept = {str(path.relative_to(originals)) for path in originals.rglob("*") if path.is_file()}
    found += [f"unknown: {name}" for name in kept - {name for _, name in rows}]
    found += [f"left: {path.name}" for path in (installation.home / "quarantine").glob("item-*")]
    return found
