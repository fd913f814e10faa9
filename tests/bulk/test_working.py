"""Jobs move in chunks: they stop anywhere, go on from there, and do nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dam.bulk import housekeeping, jobs, tasks, working
from dam.bulk.models import BulkJob, Selection
from dam.bulk.wishes import Wish
from indexing.models import Annotation
from search.models import MomentDocument
from tests.factories import make_asset

pytestmark = pytest.mark.django_db

TAG = Wish("keywords", "add", ["ship"])


@pytest.fixture
def sent(monkeypatch):
    """The messages that would go to the workers."""
    messages = []
    monkeypatch.setattr(working.messages, "send", lambda task, calls: messages.extend(calls))
    return messages


@pytest.fixture
def running(plan, library, monkeypatch):
    """A job over five assets that has begun, two at a time, and that nobody is at."""
    monkeypatch.setattr(working, "CHUNK", 2)
    job = plan([make_asset(library) for _ in range(5)], TAG)
    monkeypatch.setattr(working, "go_on", lambda job: None)
    jobs.apply(job)
    monkeypatch.undo()
    monkeypatch.setattr(working, "CHUNK", 2)
    job.refresh_from_db()
    return job


def tags():
    return Annotation.objects.filter(kind="keyword", text="ship", status="accepted").count()


def test_what_was_cut_off_goes_on_where_it_stopped(running, monkeypatch):
    real, calls = working.write, []

    def cut(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise DatabaseError("the server went away")
        real(*arguments)

    monkeypatch.setattr(working, "write", cut)
    with pytest.raises(DatabaseError):
        working.advance(running.pk)
    running.refresh_from_db()
    assert (running.position, running.changed, tags()) == (2, 2, 2)
    assert working.advance(running.pk) is False
    running.refresh_from_db()
    assert (running.state, running.changed, tags()) == ("done", 5, 5)
    assert running.changes.count() == 5


def test_a_chunk_that_is_cut_off_leaves_neither_facts_nor_log(running, monkeypatch):
    def after_writing(job, items, ended, *, last):
        raise DatabaseError("the server went away")

    monkeypatch.setattr(working, "_settle", after_writing)
    with pytest.raises(DatabaseError):
        working.advance(running.pk)
    assert tags() == 0
    assert not running.changes.exists()


def test_a_message_that_comes_twice_changes_nothing_twice(running):
    tasks.work(running.pk)
    tasks.work(running.pk)
    assert tags() == 5


def test_a_worker_lets_other_work_in_between(running, sent, monkeypatch):
    monkeypatch.setattr(working.advance, "__defaults__", (0.0,))
    tasks.work(running.pk)
    running.refresh_from_db()
    assert running.position == 2
    assert sent == [(running.pk,)]


def test_a_paused_job_stands_still_until_it_goes_on(running):
    jobs.pause(running)
    assert working.advance(running.pk) is False
    assert tags() == 0
    running.refresh_from_db()
    jobs.resume(running)
    assert (running.state, tags()) == ("done", 5)


def test_a_paused_job_can_be_taken_back_as_far_as_it_came(running, ada):
    working.advance(running.pk, 0.0)
    jobs.pause(running)
    running.refresh_from_db()
    back = jobs.undo(running, ada)
    running.refresh_from_db()
    assert (back.changed, running.state, tags()) == (2, "done", 0)


def test_a_job_at_work_is_not_taken_back(running, ada):
    working.advance(running.pk, 0.0)
    running.refresh_from_db()
    with pytest.raises(jobs.StateError, match="pause it first"):
        jobs.undo(running, ada)


def test_after_three_attempts_a_job_is_paused_with_the_place(running, monkeypatch):
    def cut(*arguments):
        raise DatabaseError("the server went away")

    monkeypatch.setattr(working, "write", cut)
    for _ in range(3):
        with pytest.raises(DatabaseError):
            working.advance(running.pk)
    assert working.advance(running.pk) is False
    running.refresh_from_db()
    assert running.state == BulkJob.State.PAUSED
    assert "at item 1" in running.reason


def test_the_planner_sends_jobs_that_stand_still(running, sent):
    housekeeping.look()
    assert sent == [], "it was touched a moment ago"
    BulkJob.objects.filter(pk=running.pk).update(touched_at=timezone.now() - timedelta(minutes=1))
    housekeeping.look()
    housekeeping.look()
    assert sent == [(running.pk,)]


def test_what_nobody_came_back_to_is_forgotten(plan, library, running):
    old = timezone.now() - timedelta(days=40)
    ready = plan([make_asset(library)], TAG)
    BulkJob.objects.update(touched_at=old)
    Selection.objects.update(made_at=old)
    housekeeping.sweep()
    assert list(BulkJob.objects.all()) == [running]
    assert not BulkJob.objects.filter(pk=ready.pk).exists()
    assert not Selection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_changed_is_found_at_once(change, library):
    assets = [make_asset(library) for _ in range(3)]
    change(assets, TAG)
    found = MomentDocument.objects.filter(kind="keyword", text="ship").values_list("asset", flat=True)
    assert set(found) == {asset.pk for asset in assets}


def test_the_number_of_queries_does_not_grow_with_the_assets(change, library):
    wishes = (TAG, Wish("title", "set", "Pier"), Wish("description", "add", "Scanned."))
    counts = []
    for number in (2, 40):
        assets = [make_asset(library) for _ in range(number)]
        with CaptureQueriesContext(connection) as captured:
            change(assets, *wishes)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


def test_a_closed_account_changes_nothing_more(running, ada):
    ada.is_active = False
    ada.save()
    working.advance(running.pk)
    running.refresh_from_db()
    assert (running.refused, tags()) == (5, 0)
