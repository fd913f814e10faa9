"""What a worker holds is not handed out a second time, and what a killed worker held is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from dam.env import BASE_DIR
from dam.services.valkey import EmbeddedValkey

pytestmark = pytest.mark.services

SLOW = """
import os, time
from celery import Celery
from dam import messages

messages.EVERY = 0.3
app = Celery("slow", broker=os.environ["BROKER_URL"])
app.conf.update(
    broker_transport_options={
        "visibility_timeout": 1, "unacked_restore_interval": 0.3, "unacked_restore_throttle": 1
    },
    task_acks_late=True, worker_prefetch_multiplier=1, task_ignore_result=True,
)
app.steps["consumer"].add(messages.KeepMessages)

@app.task
def work(path, seconds):
    with open(path, "a") as file:
        file.write("begun ")
    time.sleep(seconds)
    with open(path, "a") as file:
        file.write("done ")
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """worker(): starts a worker of `SLOW` beside a Valkey of its own."""
    (tmp_path / "slow.py").write_text(SLOW)
    server = EmbeddedValkey(tmp_path / "valkey")
    os.environ["BROKER_URL"], before = server.start(), os.environ["BROKER_URL"]
    begun: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        path = os.pathsep.join((str(tmp_path), str(BASE_DIR)))
        words = [sys.executable, "-m", "celery", "-A", "slow", "worker", "-c", "2", "--without-mingle"]
        begun.append(subprocess.Popen(words, env={**os.environ, "PYTHONPATH": path}, start_new_session=True))
        return begun[-1]

    yield start
    for process in begun:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    server.stop()
    os.environ["BROKER_URL"] = before


def send(path: Path, seconds: float) -> None:
    from celery import Celery

    Celery(broker=os.environ["BROKER_URL"]).send_task("slow.work", (str(path), seconds))


def wait_for(path: Path, text: str) -> None:
    deadline = time.monotonic() + 30
    while not path.is_file() or text not in path.read_text():
        assert time.monotonic() < deadline, path.read_text() if path.is_file() else "never begun"
        time.sleep(0.05)


def test_work_that_takes_longer_than_the_visibility_timeout_is_done_once(worker, tmp_path) -> None:
    worker()
    send(tmp_path / "log", 4)
    wait_for(tmp_path / "log", "done")
    time.sleep(1)
    assert (tmp_path / "log").read_text() == "begun done "
    assert not redis.Redis.from_url(os.environ["BROKER_URL"]).exists("unacked")


def test_what_a_killed_worker_held_comes_back(worker, tmp_path) -> None:
    first = worker()
    send(tmp_path / "log", 3)
    wait_for(tmp_path / "log", "begun")
    os.killpg(first.pid, signal.SIGKILL)
    worker()
    wait_for(tmp_path / "log", "begun begun done")
