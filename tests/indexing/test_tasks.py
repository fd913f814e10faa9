import pytest

from indexing import execution, tasks
from indexing.analysers import registry
from indexing.models import Run
from tests.factories import make_asset, make_library, make_run
from tests.indexing.test_pipeline import Made

pytestmark = pytest.mark.django_db


def test_stills_travel_together_with_all_their_analyses_and_films_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "TOGETHER", 2)
    library = make_library()
    stills = [make_asset(library) for _ in range(3)]
    clip = [make_run(still, "clip") for still in stills]
    objects = [make_run(still, "objects") for still in stills]
    films = [make_run(make_asset(library, kind="video"), "objects") for _ in range(2)]
    sent = [ids for queue, ids in tasks.messages([*clip, *objects, *films]) if queue == "cpu"]
    assert sorted(sent) == sorted(
        [
            [clip[0].pk, clip[1].pk, objects[0].pk, objects[1].pk],
            [clip[2].pk, objects[2].pk],
            [films[0].pk],
            [films[1].pk],
        ]
    )


def test_a_worker_knows_the_analysers_before_its_pool_is_forked() -> None:
    registry._collected.cache_clear()
    tasks.know_the_analysers()
    assert registry._collected.cache_info().currsize == 1


def test_every_run_of_a_message_is_carried_out_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [make_run(make_asset(), "objects", state="queued").pk for _ in range(3)]
    order = [runs[2], runs[0], runs[1]]
    done: list[int] = []
    monkeypatch.setattr(execution, "execute", lambda run_ids, opened: done.extend(run_ids))
    monkeypatch.setattr(registry, "enabled", list)
    tasks.analyse(order)
    assert done == order


def test_what_a_run_allows_is_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = Made("tags", depends=("objects",))
    found = Made("objects", model="made")
    monkeypatch.setattr(registry, "enabled", lambda: [found, tags])
    monkeypatch.setattr(registry, "get", {"objects": found, "tags": tags}.__getitem__)
    sent: list[Run] = []
    monkeypatch.setattr(tasks, "send", lambda runs: sent.extend(runs))
    run = make_run(make_asset(original="no/such.jpg"), "objects", state="queued")
    other = make_run(make_asset(), "objects")
    tasks.analyse([run.pk])
    assert [(each.analyser, each.asset_id) for each in sent] == [("tags", run.asset_id)]
    assert not Run.objects.filter(asset=other.asset_id, analyser="tags").exists()
