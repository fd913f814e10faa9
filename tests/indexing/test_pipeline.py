from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from indexing import pipeline, progress
from indexing.analysers import registry
from indexing.models import Run
from tests.factories import make_asset, make_library, make_run

pytestmark = pytest.mark.django_db


@dataclass
class Made:
    """An analyser made for these tests."""

    name: str
    version: str = "1"
    model: str = "made"
    kinds: tuple[str, ...] = ("object",)
    applies_to: tuple[str, ...] = ("image", "video")
    depends: tuple[str, ...] = ()
    queue: str = "cpu"
    weights: tuple[str, ...] = ()
    spaces: dict[str, int] = field(default_factory=dict)

    def analyse(self, media: Any, context: Any) -> Iterator[Any]:
        yield from ()


@pytest.fixture
def analysers(monkeypatch: pytest.MonkeyPatch) -> list[Made]:
    made = [Made("shots", applies_to=("video",)), Made("objects", depends=("shots",))]
    monkeypatch.setattr(registry, "enabled", lambda: made)
    monkeypatch.setattr(registry, "get", lambda name: next(each for each in made if each.name == name))
    return made


def planned() -> list[tuple[str, int]]:
    return sorted((run.analyser, run.asset_id) for run in pipeline.plan())


def test_an_analyser_gets_the_assets_that_it_applies_to(analysers: list[Made]) -> None:
    still, film, sound = make_asset(), make_asset(kind="video"), make_asset(kind="audio")
    assert planned() == [("objects", still.pk), ("shots", film.pk)]
    assert not Run.objects.filter(asset=sound).exists()


def test_planning_twice_sends_nothing_twice(analysers: list[Made]) -> None:
    make_asset()
    assert len(planned()) == 1
    assert planned() == []


def test_a_dependent_analyser_waits_for_the_one_it_needs(analysers: list[Made]) -> None:
    film = make_asset(kind="video")
    assert planned() == [("shots", film.pk)]
    Run.objects.update(state=Run.State.DONE)
    assert planned() == [("objects", film.pk)]


def test_what_a_worker_is_about_to_send_is_left_to_it(analysers: list[Made]) -> None:
    analysers[:] = [Made("objects"), Made("tags", depends=("objects",))]
    run = make_run(make_asset(), "objects", model="made", finished_at=timezone.now())
    assert pipeline.plan() == []
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now() - pipeline.FOLLOWED)
    assert [each.analyser for each in pipeline.plan()] == ["tags"]


def test_a_failed_dependency_does_not_hold_up_the_rest(analysers: list[Made]) -> None:
    film = make_asset(kind="video")
    make_run(film, "shots", state=Run.State.FAILED)
    assert planned() == [("objects", film.pk)]


@pytest.mark.parametrize("change", [{"version": "2"}, {"model": "newer"}])
def test_a_new_version_or_model_makes_earlier_runs_stale(analysers: list[Made], change: dict) -> None:
    still = make_asset()
    make_run(still, "objects")
    assert planned() == []
    for name, value in change.items():
        setattr(analysers[1], name, value)
    assert planned() == [("objects", still.pk)]


def test_a_failed_run_is_not_planned_again_until_somebody_asks(analysers: list[Made]) -> None:
    still = make_asset()
    make_run(still, "objects", state=Run.State.FAILED, attempts=3, error="It is broken.")
    assert planned() == []
    assert progress.retry_failed(still) == 1
    assert planned() == [("objects", still.pk)]


def test_a_paused_library_is_left_alone(analysers: list[Made]) -> None:
    make_asset(make_library(indexing_paused=True))
    assert planned() == []


def test_a_trashed_asset_is_left_alone(analysers: list[Made]) -> None:
    make_asset(trashed_at=timezone.now())
    assert planned() == []


def test_the_queue_of_an_analyser_is_bounded(analysers: list[Made], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BACKLOG", 2)
    library = make_library()
    for _ in range(5):
        make_asset(library)
    assert len(planned()) == 2
    assert planned() == []


def test_a_run_whose_message_was_lost_is_sent_again(analysers: list[Made]) -> None:
    run = make_run(make_asset(), "objects", state=Run.State.QUEUED)
    Run.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    assert [each.pk for each in pipeline.plan()] == [run.pk]


def test_a_run_whose_worker_died_is_sent_again(analysers: list[Made]) -> None:
    run = make_run(make_asset(), "objects", state=Run.State.RUNNING, attempts=1)
    assert [each.pk for each in pipeline.plan()] == [run.pk]


def test_a_file_that_kills_every_worker_is_given_up_with_a_reason(analysers: list[Made]) -> None:
    run = make_run(make_asset(), "objects", state=Run.State.RUNNING, attempts=pipeline.MAX_ATTEMPTS)
    assert planned() == []
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert "died 3 times" in run.error


def test_progress_counts_every_asset_once(analysers: list[Made]) -> None:
    library = make_library()
    make_run(make_asset(library), "objects")
    make_run(make_asset(library), "objects", state=Run.State.FAILED)
    make_asset(library)
    rows = {row.analyser: row for row in progress.library_progress(library)}
    assert (rows["objects"].done, rows["objects"].failed, rows["objects"].waiting) == (1, 1, 1)
    assert rows["objects"].percent == 66
    assert rows["shots"].finished


def test_progress_of_one_asset_names_the_reason_of_a_failure(analysers: list[Made]) -> None:
    still = make_asset()
    make_run(still, "objects", state=Run.State.FAILED, error="It is broken.")
    assert progress.asset_progress(still) == [progress.StepProgress("objects", "failed", "It is broken.")]
