"""Ingest jobs: begun, paused, resumed, finished."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from dam.assets import jobs, uploads
from dam.assets.discover import Found
from dam.assets.models import Asset, IngestItem, IngestJob
from dam.assets.sweeping import sweep
from dam.celery import app
from dam.locks import advisory_lock, held
from tests.factories import make_asset, make_library, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, int]]:
    """What is sent to the workers, while their queue is empty."""
    messages: list[tuple[str, int]] = []
    monkeypatch.setattr(jobs, "send", lambda task, calls: messages.extend((task, *call) for call in calls))
    monkeypatch.setattr(jobs, "queue_length", lambda: 0)
    jobs.cache.set(jobs.SWEEP_TASK, True)
    return messages


def make_job(*sources: str) -> IngestJob:
    """A job of those sources, none of which need exist."""
    job = jobs.start_job(None, make_library(), None, "made")
    jobs.add(job, (Found(source, source) for source in sources))
    return job


def test_a_job_of_folders_counts_what_it_found(tmp_path):
    (tmp_path / "a.jpg").touch()
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    job = jobs.start_job(make_user(), make_library(), None, "made", [tmp_path])
    assert job.counts() == {"waiting": 1, "refused": 1}


def test_a_source_is_in_a_job_once():
    job = make_job("a", "a", "b")
    jobs.add(job, [Found("a", "a")])
    assert sorted(job.items.values_list("source", flat=True)) == ["a", "b"]


def test_a_changed_file_is_brought_in_again():
    job = make_job("a", "b")
    job.items.update(state="imported", attempts=1)
    jobs.finish(IngestJob.objects.all())
    jobs.add(job, [Found("a", "a")], again=True)
    assert job.items.get(source="a").state == "waiting"
    assert job.items.get(source="a").attempts == 0
    assert job.items.get(source="b").state == "imported"
    assert (job.state, job.finished_at) == ("running", None)


def test_many_files_are_added_in_few_queries(django_assert_max_num_queries):
    job = jobs.start_job(None, make_library(), None, "made")
    with django_assert_max_num_queries(15):
        jobs.add(job, (Found(f"/made/{number}", "x") for number in range(3500)))
    assert job.items.count() == 3500


def test_a_job_is_done_when_no_file_waits():
    job = make_job("a", "b")
    job.items.filter(source="a").update(state="imported")
    assert jobs.finish(IngestJob.objects.all()) == 0
    job.items.update(state="refused")
    assert jobs.finish(IngestJob.objects.all()) == 1
    job.refresh_from_db()
    assert job.state == "done"
    assert job.finished_at


def test_resume_sends_what_waits_and_finishes_what_does_not(sent):
    waiting, over = make_job("a", "b"), make_job("c")
    over.items.update(state="imported")
    assert jobs.resume() == 2
    assert sorted(sent) == sorted((jobs.INGEST_TASK, pk) for pk in waiting.items.values_list("pk", flat=True))
    over.refresh_from_db()
    assert over.state == "done"


def test_resume_sends_at_most_so_many_those_tried_least_first(sent):
    job = make_job("a", "b", "c")
    job.items.filter(source="a").update(attempts=2)
    assert jobs.resume(limit=2) == 2
    assert [pk for _, pk in sent] == list(job.items.exclude(source="a").values_list("pk", flat=True))


def test_resume_adds_nothing_to_a_full_queue(sent, monkeypatch):
    make_job("a")
    monkeypatch.setattr(jobs, "queue_length", lambda: jobs.NEARLY_DRY)
    assert jobs.resume() == 0
    assert sent == []


def test_resume_outlives_a_broker_that_is_away(monkeypatch, caplog):
    make_job("a")

    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(jobs, "queue_length", away)
    assert jobs.resume() == 0
    assert "the work waits" in caplog.text


def test_a_paused_job_sends_nothing_until_it_goes_on(sent):
    job = make_job("a")
    jobs.pause(job)
    assert (jobs.resume(), job.state) == (0, "paused")
    jobs.unpause(job)
    assert (jobs.resume(), job.state) == (1, "running")


def test_refused_files_can_be_tried_again(sent):
    job = make_job("a", "b")
    job.items.update(state="refused", reason="It was empty.", attempts=5)
    job.items.filter(source="b").update(state="imported")
    jobs.finish(IngestJob.objects.all())
    assert jobs.retry_refused(job) == 1
    item = job.items.get(source="a")
    assert (item.state, item.reason, item.attempts, job.state) == ("waiting", "", 0, "running")
    assert jobs.resume() == 1


def test_assets_without_renditions_are_sent_after_the_files(sent):
    bare, made, trashed = make_asset(rendered_at=None), make_asset(), make_asset(rendered_at=None)
    Asset.objects.filter(pk=trashed.pk).update(trashed_at="2026-01-01T00:00Z")
    assert jobs.resume() == 1
    assert sent == [(jobs.RENDITIONS_TASK, bare.pk)]
    assert made.pk != bare.pk


def test_messages_reach_the_queue_of_ingest():
    before = jobs.queue_length()
    jobs.send(jobs.INGEST_TASK, [(1,), (2,)])
    assert jobs.queue_length() == before + 2
    with app.connection_for_write() as connection:
        connection.default_channel.queue_purge(jobs.QUEUE)


def test_sending_outlives_a_broker_that_is_away(monkeypatch, caplog):
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    jobs.send(jobs.INGEST_TASK, [(1,)])
    assert "The queue does not answer" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_seen_by_others_and_ends_with_its_block(django_db_blocker):
    import threading

    from django.db import connection

    seen = []

    def other():
        with advisory_lock("made", 7) as ours:
            seen.append(ours)
        connection.close()

    with advisory_lock("made", 7) as ours:
        assert ours
        assert held("made", [7, 8]) == {7}
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    with advisory_lock("made", 8) as free:
        assert free
    assert seen == [False]
    assert held("made", [7, 8]) == set()


def test_the_sweep_removes_what_is_old_and_awaited_by_nobody(sent):
    old, awaited, fresh = (uploads.upload_dir() / name for name in ("a" * 32, "b" * 32, "c" * 32))
    for path in (old, awaited, fresh):
        path.write_bytes(b"x")
    job = make_job(f"{uploads.SOURCE}{awaited.name}")
    now = fresh.stat().st_mtime
    stale = uploads.upload_dir().parent / "item-999999"
    stale.write_bytes(b"x")
    sweep(now + 60)
    assert stale.exists()
    sweep(now + uploads.KEPT_SECONDS + 60)
    assert not stale.exists()
    assert (old.exists(), awaited.exists()) == (False, True)
    uploads.drop(awaited)
    assert IngestItem.objects.filter(job=job).count() == 1
