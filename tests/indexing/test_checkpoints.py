"""Long runs that are cut off go on where they were."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from dam.assets.models import Asset
from dam.env import BASE_DIR
from indexing import checkpoints, execution, tasks
from indexing.analysers import registry
from indexing.analysers.contract import Context, Finding, Media
from indexing.analysers.speech import Speech
from indexing.checkpoints import FileCheckpoint
from indexing.engines import speech_windows
from indexing.engines.speech import RATE
from indexing.models import Run
from tests.factories import make_asset, make_run
from tests.indexing.analysers.test_speech import Level, Recording, no_weights, noise
from tests.indexing.test_execution import Given, asset  # noqa: F401

WORKER = """
import sys, time, django
django.setup()
from pathlib import Path
import numpy as np
from indexing.analysers.contract import Context
from indexing.analysers.speech import Speech
from indexing.checkpoints import FileCheckpoint
from indexing.engines import speech_windows
from tests.indexing.analysers.test_speech import Level, Recording, no_weights

speech_windows.WINDOW = 10.0
level = Level()
Speech._transcriber = lambda self, context: level

def slowly(second):
    if second > 25:
        time.sleep(60)

context = Context(no_weights, checkpoint=FileCheckpoint(Path(sys.argv[1])), progress=slowly)
list(Speech().analyse(Recording(np.load(sys.argv[2])), context))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path / "checkpoints")
    return tmp_path / "checkpoints"


def test_what_was_saved_last_is_loaded_until_it_is_forgotten(folder: Path) -> None:
    checkpoint = FileCheckpoint(folder / "one")
    assert checkpoint.load() is None
    checkpoint.save(b"first")
    checkpoint.save(b"second")
    assert FileCheckpoint(folder / "one").load() == b"second"
    assert [path.name for path in folder.iterdir()] == ["one"]
    checkpoint.forget()
    checkpoint.forget()
    assert checkpoint.load() is None


def test_a_save_that_fails_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = FileCheckpoint(folder / "one")
    checkpoint.save(b"first")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(b"second")
    assert checkpoint.load() == b"first"


def test_only_stale_checkpoints_are_swept(folder: Path) -> None:
    assert checkpoints.sweep() == 0
    for name in ("old", "new"):
        FileCheckpoint(folder / name).save(b"")
    os.utime(folder / "old", (time.time() - checkpoints.KEPT - 60,) * 2)
    assert checkpoints.sweep() == 1
    assert [path.name for path in folder.iterdir()] == ["new"]


@pytest.mark.django_db
def test_the_planner_sweeps_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "send", lambda runs: None)
    FileCheckpoint(folder / "old").save(b"")
    os.utime(folder / "old", (0, 0))
    call_command("plan")
    assert not list(folder.iterdir())


@pytest.mark.django_db
def test_a_checkpoint_belongs_to_one_file_one_analyser_and_its_weights() -> None:
    first, other = make_asset(), make_asset()
    runs = [
        make_run(first, "speech"),
        make_run(first, "speech", version="2"),
        make_run(first, "speech", model="small"),
        make_run(first, "sounds"),
        make_run(other, "speech"),
        make_run(other, "speech", version="9", weights_sha256="ab"),
    ]
    assert len({checkpoints.of(run).path for run in runs}) == len(runs)
    assert checkpoints.of(runs[0]).path == checkpoints.of(Run.objects.get(pk=runs[0].pk)).path


def carried_out(run: Run, monkeypatch: pytest.MonkeyPatch, work: Callable[..., Iterable[Finding]]) -> Run:
    monkeypatch.setattr(registry, "get", lambda name: Given(work))
    execution.execute_all([run.pk])
    run.refresh_from_db()
    return run


@pytest.mark.django_db
def test_a_run_that_broke_down_goes_on_and_its_checkpoint_goes_with_its_success(
    asset: Asset,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
) -> None:
    def breaks_down(media: Media, context: Any) -> Iterable[Finding]:
        context.checkpoint.save(b"half")
        raise RuntimeError("out of memory")

    def goes_on(media: Media, context: Any) -> Iterable[Finding]:
        return [Finding("object", context.checkpoint.load().decode())]

    run = make_run(asset, state=Run.State.QUEUED)
    assert carried_out(run, monkeypatch, breaks_down).state == Run.State.FAILED
    assert len(list(folder.iterdir())) == 1
    Run.objects.update(state=Run.State.QUEUED)
    assert carried_out(run, monkeypatch, goes_on).state == Run.State.DONE
    assert run.annotations.get().text == "half"
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
def test_progress_is_written_now_and_then_and_forgotten_by_the_next_attempt(
    asset: Asset,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[float | None] = []

    def works(media: Media, context: Any) -> Iterable[Finding]:
        for second, every in ((60.0, 0), (120.0, 3600), (180.0, 0)):
            monkeypatch.setattr(execution, "TELL_EVERY", every)
            context.progress(second)
            seen.append(Run.objects.get().progress)
        return []

    run = make_run(asset, state=Run.State.QUEUED, progress=7.0)
    carried_out(run, monkeypatch, works)
    assert seen == [60.0, 60.0, 180.0]
    Run.objects.update(state=Run.State.QUEUED)
    carried_out(run, monkeypatch, lambda media, context: [])
    assert run.progress is None


def test_a_worker_that_is_killed_is_followed_by_one_that_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = noise(40) * np.repeat(np.linspace(0.1, 1, 40), RATE).astype(np.float32)
    np.save(tmp_path / "sound.npy", sound)
    checkpoint = FileCheckpoint(tmp_path / "checkpoint")
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(checkpoint.path), str(tmp_path / "sound.npy")],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "dam.settings"},
    )
    until = time.monotonic() + 60
    while b'"passed": 2' not in (checkpoint.load() or b"") and time.monotonic() < until:
        time.sleep(0.1)
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(10) == -signal.SIGKILL
    monkeypatch.setattr(speech_windows, "WINDOW", 10.0)
    again, whole = Level(), Level()
    monkeypatch.setattr(Speech, "_transcriber", lambda self, context: again)
    resumed = list(Speech().analyse(Recording(sound), Context(no_weights, checkpoint=checkpoint)))
    monkeypatch.setattr(Speech, "_transcriber", lambda self, context: whole)
    assert resumed == list(Speech().analyse(Recording(sound), Context(no_weights)))
    assert 0 < len(again.asked) < len(whole.asked)
