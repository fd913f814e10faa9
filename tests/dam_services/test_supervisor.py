"""The supervisor with light children: order, restarts, and nothing left behind however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from dam.services.child import ChildSpec, python_child
from dam.services.leftovers import GroupRecord
from dam.services.processes import is_alive, process_started, spawn, wait_until
from dam.services.supervisor import AlreadyRunningError, ChildFailedError, Supervisor, only_one

pytestmark = pytest.mark.services

SLEEPER = "import time; print('here', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); {SLEEPER}"
SUPERVISED = """
import sys
from pathlib import Path
from dam.services.child import python_child
from dam.services.supervisor import Supervisor
home = Path(sys.argv[1])
with Supervisor(home, home / "log", lambda name, line: print(name, line, flush=True)) as supervisor:
    for number, code in enumerate(sys.argv[2:]):
        supervisor.start(python_child(f"child{number}", ["-c", code]))
    supervisor.run()
"""


class Lines(list[tuple[str, str]]):
    def say(self, name: str, line: str) -> None:
        self.append((name, line))

    def of(self, name: str) -> list[str]:
        return [line for said, line in self if said == name]


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def run_supervised(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], list[int]]]]:
    """Starts a supervisor in a process of its own; returns it with every process id below it."""
    started: list[subprocess.Popen[str]] = []

    def run(*codes: str) -> tuple[subprocess.Popen[str], list[int]]:
        words = [sys.executable, "-c", SUPERVISED, str(tmp_path), *codes]
        process = subprocess.Popen(words, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        started.append(process)
        wanted = sum(2 if code == PARENT else 1 for code in codes)
        for _ in range(wanted):
            assert process.stdout.readline().endswith("here\n")
        return process, [child.pid for child in psutil.Process(process.pid).children(recursive=True)]

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def run_for(supervisor: Supervisor, condition: Callable[[], bool], seconds: float = 8) -> None:
    """Let the supervisor run until the condition holds, then ask it to stop as Ctrl-C does."""
    deadline = time.monotonic() + seconds

    def ask(*_: object) -> None:
        if condition() or time.monotonic() > deadline:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), signal.SIGINT)

    old = signal.signal(signal.SIGALRM, ask)
    before = signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    try:
        supervisor.run()
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
        signal.signal(signal.SIGALRM, old)


def test_children_that_die_start_again_with_growing_pauses(tmp_path: Path, lines: Lines) -> None:
    with Supervisor(tmp_path, tmp_path / "log", lines.say) as supervisor:
        supervisor.start(python_child("short", ["-c", "print('here')"]))
        run_for(supervisor, lambda: len(lines.of("short")) >= 3)
    assert lines.of("short")[:3] == ["here"] * 3
    pauses = [line.rpartition("again in ")[2] for line in lines.of("up")]
    assert pauses[:2] == ["0.5 s.", "1.0 s."]


def test_output_is_shown_with_the_name_and_kept_in_the_log(tmp_path: Path, lines: Lines) -> None:
    with Supervisor(tmp_path, tmp_path / "log", lines.say) as supervisor:
        supervisor.run_to_end(python_child("speaker", ["-c", "print('one\\ntwo', end='')"]))
    assert lines.of("speaker") == ["one", "two"]
    assert (tmp_path / "log" / "speaker.log").read_text() == "one\ntwo\n"


def test_a_child_that_fails_ends_the_start_and_stops_the_others(tmp_path: Path, lines: Lines) -> None:
    pids: list[int] = []

    def launch(output: int) -> subprocess.Popen[bytes]:
        process = spawn([sys.executable, "-c", SLEEPER], output=output)
        pids.append(process.pid)
        return process

    with Supervisor(tmp_path, tmp_path / "log", lines.say) as supervisor:
        supervisor.start(ChildSpec("server", launch))
        failing = python_child("setup", ["-c", "raise SystemExit('no room')"])
        with pytest.raises(ChildFailedError, match=r"setup failed: see .*setup\.log"):
            supervisor.run_to_end(failing)
    assert lines.of("setup") == ["no room"]
    assert not is_alive(pids[0])


def test_servers_stop_after_those_that_use_them(tmp_path: Path, lines: Lines) -> None:
    tells = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye'))); "
    code = tells + "print('here', flush=True); time.sleep(60)"
    with Supervisor(tmp_path, tmp_path / "log", lines.say) as supervisor:
        for name in ("database", "web"):
            heard = lambda name=name: bool(lines.of(name))  # noqa: E731
            supervisor.start(python_child(name, ["-c", code], ready=heard, serves_others=name == "database"))
    assert [name for name, line in lines if line == "bye"] == ["web", "database"]


def test_a_child_that_ignores_the_stop_is_killed_after_its_grace(tmp_path: Path, lines: Lines) -> None:
    with Supervisor(tmp_path, tmp_path / "log", lines.say) as supervisor:
        supervisor.start(
            python_child("deaf", ["-c", STUBBORN], grace=0.5, ready=lambda: bool(lines.of("deaf")))
        )
        pid = int(next(iter(json.loads((tmp_path / "groups.json").read_text())["groups"])))
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert not is_alive(pid)


def test_terminating_it_leaves_no_process(run_supervised: Callable, tmp_path: Path) -> None:
    process, pids = run_supervised(SLEEPER, PARENT)
    assert len(pids) == 4
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert not any(map(is_alive, pids))
    assert json.loads((tmp_path / "groups.json").read_text())["groups"] == {}


def test_killing_it_leaves_no_orphan_after_a_moment(run_supervised: Callable) -> None:
    process, pids = run_supervised(SLEEPER, PARENT)
    process.kill()
    assert wait_until(lambda: not any(map(is_alive, pids)), 10)


def test_killing_it_and_its_warden_leaves_the_rest_to_the_next_start(
    run_supervised: Callable, tmp_path: Path, lines: Lines
) -> None:
    process, pids = run_supervised(STUBBORN)
    warden = next(p for p in map(psutil.Process, pids) if p.cmdline()[-1].endswith("warden.py"))
    warden.kill()
    process.kill()
    (orphan,) = [pid for pid in pids if pid != warden.pid]
    assert is_alive(orphan)
    record = tmp_path / "groups.json"
    groups = json.loads(record.read_text())
    groups["groups"][str(orphan)][1] = signal.SIGKILL
    record.write_text(json.dumps(groups))
    with Supervisor(tmp_path, tmp_path / "log", lines.say):
        assert not is_alive(orphan)
    assert lines.of("up") == ["Ended 1 processes that an earlier run had left."]


def test_a_number_that_belongs_to_another_process_by_now_is_left_alone(tmp_path: Path) -> None:
    bystander = spawn([sys.executable, "-c", SLEEPER], output=subprocess.DEVNULL)
    path = tmp_path / "groups.json"
    record = GroupRecord(path)
    record.add(bystander.pid, signal.SIGTERM)
    kept = json.loads(path.read_text())
    kept["groups"][str(bystander.pid)][0] = process_started(bystander.pid) - 1
    path.write_text(json.dumps(kept))
    assert GroupRecord(path).end_leftovers() == 0
    assert is_alive(bystander.pid)
    bystander.kill()
    bystander.wait()
    record.close()


def test_only_one_may_run_per_home(tmp_path: Path) -> None:
    with (
        only_one(tmp_path / "up.lock"),
        pytest.raises(AlreadyRunningError, match=str(os.getpid())),
        only_one(tmp_path / "up.lock"),
    ):
        pytest.fail("two held the lock")
    with only_one(tmp_path / "up.lock"):
        pass


def test_a_child_whose_end_is_seen_before_its_output_is_read_starts_again(
    tmp_path: Path, lines: Lines
) -> None:
    """The pipe of the dead child is closed while it is finished; its number is free for the next pipe."""
    with Supervisor(tmp_path, tmp_path / "log", lines.say) as supervisor:
        supervisor.start(python_child("speaker", ["-c", SLEEPER]))
        (child,) = supervisor._children
        for _ in range(3):
            assert child.process is not None
            child.process.kill()
            child.process.wait()
            supervisor._look_after(child)
            child.due = 0.0
            supervisor._look_after(child)
        assert child.is_running()
