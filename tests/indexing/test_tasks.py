import pytest

from indexing import execution, tasks
from tests.factories import make_asset, make_library, make_run

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


def test_every_run_of_a_message_is_carried_out_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [make_run(make_asset(), "objects", state="queued").pk for _ in range(3)]
    order = [runs[2], runs[0], runs[1]]
    done: list[int] = []
    monkeypatch.setattr(execution, "execute", lambda run_ids, opened: done.extend(run_ids))
    tasks.analyse(order)
    assert done == order
