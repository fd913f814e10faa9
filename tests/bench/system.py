"""The whole system for a benchmark: a home of its own, real servers, workers that come and go."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from dam.services.postgres import EmbeddedPostgres
from dam.services.valkey import EmbeddedValkey

BASE_DIR = Path(__file__).resolve().parents[2]
KEPT = Path(os.environ.get("MEDIATHEQUE_HOME", BASE_DIR / "var"))


@contextmanager
def whole_system() -> Iterator[Path]:
    """Start PostgreSQL and Valkey in a new home, migrate, and set Django up on them; yields the home.

    Nothing that reads dam.env may be imported before: import models inside the block.
    """
    with tempfile.TemporaryDirectory(prefix="mediatheque-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        servers = EmbeddedPostgres(home / "postgres"), EmbeddedValkey(home / "valkey")
        try:
            database, broker = (server.start() for server in servers)
            os.environ.update(
                MEDIATHEQUE_HOME=folder,
                MODELS_DIR=os.environ.get("MODELS_DIR", str(KEPT / "models")),
                MEDIA_STORAGE=f"file://{home / 'media'}",
                DATABASE_URL=database,
                BROKER_URL=broker,
                DJANGO_SETTINGS_MODULE="dam.settings",
            )
            manage("migrate", "--verbosity=0")
            django.setup()
            yield home
        finally:
            for server in servers:
                server.stop()


def manage(*words: str) -> None:
    """Run a management command to its end. Raises CalledProcessError when it fails."""
    subprocess.run([sys.executable, "-W", "ignore", "manage.py", *words], cwd=BASE_DIR, check=True)


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the system for as long as the block lasts, e.g. a worker or the planner."""
    words = [sys.executable, "-W", "ignore", *command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, cwd=BASE_DIR, start_new_session=True, **quiet) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def worker(queue: str, processes: int = 1) -> tuple[str, ...]:
    """The command of Celery's worker of one queue."""
    plain = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    return ("-m", "celery", "-A", "dam.celery", "worker", "-Q", queue, "-c", str(processes), *plain)


def pause() -> None:
    """Make the library, with its analyses paused, so that nothing is queued before the clock runs."""
    from dam.collections.models import Library

    library, _ = Library.objects.get_or_create(slug="library", defaults={"name": "Library"})
    Library.objects.filter(pk=library.pk).update(indexing_paused=True)


def unpause() -> None:
    """Let the analyses begin: the planner's first look is taken now."""
    import dam.celery  # noqa: F401
    from dam.collections.models import Library
    from indexing import pipeline, tasks

    Library.objects.update(indexing_paused=False)
    tasks.send(pipeline.plan())
