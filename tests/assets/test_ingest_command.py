"""`manage.py ingest`: what it says, and what it makes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from dam.assets import following, jobs
from dam.assets.ingest import ingest
from dam.assets.management.commands import ingest as command
from dam.assets.models import IngestJob
from dam.celery import app
from dam.collections.models import Collection, Library
from tests.factories import make_library
from tests.media_made import make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def workers(monkeypatch) -> None:
    """A worker that carries out each message at once, in this process."""

    def carry_out(task, calls):
        if task == jobs.INGEST_TASK:
            for (pk,) in calls:
                ingest(pk)

    monkeypatch.setattr(jobs, "send", carry_out)
    monkeypatch.setattr(app.control, "ping", lambda **_: [{"worker": "pong"}])
    monkeypatch.setattr(following, "PAUSE_SECONDS", 0)


def run(*words: object) -> tuple[str, str]:
    """What the command writes: standard output and standard error."""
    out, err = StringIO(), StringIO()
    call_command("ingest", *map(str, words), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_folder_is_brought_in_and_the_refused_are_explained(tmp_path, workers):
    make_picture(tmp_path / "a.png", seed=31)
    (tmp_path / "copy.png").write_bytes((tmp_path / "a.png").read_bytes())
    (tmp_path / "words.txt").write_text("not media")
    out, err = run(tmp_path, "--collection", "Holiday", "--wait")
    assert "3 files found" in out
    assert "3 of 3: 1 imported, 1 already there, 1 refused" in out
    assert "words.txt': It is a text file, not a picture, film or recording." in out
    assert err == ""
    assert Collection.objects.get(name="Holiday").assets.count() == 1
    assert IngestJob.objects.get().state == "done"


def test_without_waiting_the_files_are_left_to_the_workers(tmp_path, monkeypatch):
    make_picture(tmp_path / "a.png")
    sent = []
    monkeypatch.setattr(jobs, "send", lambda task, calls: sent.extend(calls))
    run(tmp_path, "--no-wait")
    assert IngestJob.objects.get().counts() == {"waiting": 1}
    assert len(sent) >= 1


def test_a_path_that_is_not_there_is_said_before_anything_is_made(tmp_path):
    with pytest.raises(CommandError, match="no such file or folder"):
        run(tmp_path / "absent")
    assert not IngestJob.objects.exists()


def test_services_that_do_not_run_are_said(tmp_path, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "ensure_connection", away)
    with pytest.raises(CommandError, match=r"The database does not answer. Start .* `manage.py up`"):
        run(tmp_path)


def test_a_queue_that_does_not_run_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    with pytest.raises(CommandError, match="The queue does not answer"):
        run(tmp_path)


def test_missing_workers_are_said(tmp_path, workers, monkeypatch):
    make_picture(tmp_path / "a.png", seed=32)
    monkeypatch.setattr(app.control, "ping", lambda **_: [])
    _, err = run(tmp_path, "--wait")
    assert "No worker answers" in err


def test_the_first_library_is_made_and_the_only_one_taken(tmp_path, workers):
    run(tmp_path, "--wait")
    assert Library.objects.get().slug == "library"
    run(tmp_path, "--wait")
    assert Library.objects.count() == 1


def test_with_several_libraries_one_must_be_named(tmp_path, workers):
    one, _ = make_library(), make_library()
    with pytest.raises(CommandError, match=f"--library.*{one.slug}"):
        run(tmp_path)
    with pytest.raises(CommandError, match="no library 'absent'"):
        run(tmp_path, "--library", "absent")
    run(tmp_path, "--library", one.slug, "--wait")
    assert IngestJob.objects.get().library == one


def test_a_paused_job_ends_the_waiting_with_its_reason(tmp_path, workers, monkeypatch):
    make_picture(tmp_path / "a.png", seed=33)

    def full(task, calls):
        job = IngestJob.objects.get()
        job.items.update(reason="The disk is full.")
        jobs.pause(job)

    monkeypatch.setattr(jobs, "send", full)
    with pytest.raises(CommandError, match=r"The job is paused\. The disk is full\."):
        run(tmp_path, "--wait")


def test_a_watch_takes_what_is_there_and_what_comes_later(tmp_path, workers, monkeypatch):
    make_picture(tmp_path / "first.png", seed=34)

    def batches(paths):
        yield []
        later = make_picture(tmp_path / "later.png", seed=35)
        yield [command.Found(str(later), later.name)]
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "settled", batches)
    out, _ = run(tmp_path, "--watch")
    job = IngestJob.objects.get()
    assert job.counts() == {"imported": 2}
    assert "later.png" in out
    out, _ = run(tmp_path, "--watch")
    assert IngestJob.objects.get() == job


def test_a_file_cannot_be_watched(tmp_path):
    with pytest.raises(CommandError, match="Only folders can be watched"):
        run(make_picture(tmp_path / "a.png"), "--watch")
