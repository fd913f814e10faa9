"""`manage.py up` as an operator sees it: all starts from nothing, answers, and goes without a trace."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dam import env
from dam.services.installation import parse_workers
from dam.services.ports import free_port
from dam.services.processes import is_alive, wait_until
from dam.services.supervisor import only_one

pytestmark = pytest.mark.services
REPLACED = ("DATABASE_URL", "BROKER_URL")


@pytest.fixture
def up(server_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """`manage.py up` in a home of its own, with the embedded servers and one worker."""
    kept = {name: value for name, value in os.environ.items() if name not in REPLACED}
    options = ["--port", str(free_port()), "--workers", "io=1,cpu=0,web=1", "--no-browser", "--no-sample"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", *options],
        cwd=settings.BASE_DIR,
        env={**kept, "MEDIATHEQUE_HOME": str(server_dir / "home"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def read_until(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    lines = []
    for line in process.stdout:
        lines.append(line)
        found = re.search(pattern, line)
        if found:
            return found
    raise AssertionError(f"{pattern!r} was never said:\n{''.join(lines[-40:])}")


def test_it_starts_everything_from_nothing_and_leaves_nothing(
    up: subprocess.Popen[str], server_dir: Path
) -> None:
    address = read_until(up, r"Mediatheque is at (\S+)")[1]
    password = read_until(up, r"admin@localhost with the one-time password (\S+)")[1]
    read_until(up, r"worker-io \| .*ready\.")
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 (our own address)
        assert answer.status == 200
    services = server_dir / "home" / "services"
    with psycopg.connect((services / "database.url").read_text().strip()) as connection:
        users = connection.execute("SELECT email, is_superuser, one_time_password FROM sharing_user")
        assert users.fetchall() == [("admin@localhost", True, True)]
        assert connection.execute("SELECT slug FROM collections_library").fetchall() == [("library",)]
    pids = [child.pid for child in psutil.Process(up.pid).children(recursive=True)]
    up.send_signal(signal.SIGINT)
    read_until(up, "Everything has stopped")
    assert up.wait(timeout=30) == 0
    assert wait_until(lambda: not any(map(is_alive, pids)), 5)
    assert not list(services.glob("*.url"))
    assert all(password not in log.read_text() for log in (server_dir / "home" / "log").iterdir())


def test_a_second_up_in_the_same_home_is_refused() -> None:
    with (
        only_one(env.SERVICES_DIR / "up.lock"),
        pytest.raises(CommandError, match=rf"already runs in .* \(process {os.getpid()}\)"),
    ):
        call_command("up", "--no-browser")


def test_a_taken_port_is_named_before_anything_starts(live_port: int) -> None:
    with pytest.raises(CommandError, match=f"Port {live_port} is taken"):
        call_command("up", "--no-browser", "--port", str(live_port))


@pytest.fixture
def live_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_workers_are_laid_over_the_defaults_and_mistakes_are_named() -> None:
    assert parse_workers("gpu=1,io=4") == {"web": 2, "io": 4, "cpu": 1, "gpu": 1}
    for mistake in ("disk=1", "io", "io=many", "web=0"):
        with pytest.raises(ValueError, match=r"like io=2|at least one"):
            parse_workers(mistake)
