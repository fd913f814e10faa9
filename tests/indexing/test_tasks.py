import pytest

from indexing import execution, tasks
from tests.factories import make_asset, make_library, make_run

pytestmark = pytest.mark.django_db


def test_stills_of_one_analyser_travel_together_and_films_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "TOGETHER", 2)
    library = make_library()
    stills = [make_run(make_asset(library), "objects") for _ in range(3)]
    films = [make_run(make_asset(library, kind="video"), "objects") for _ in range(2)]
    sent = [(queue, ids) for queue, ids in tasks.messages([*stills, *films])]
    assert sorted(sent) == sorted(
        [
            ("cpu", [stills[0].pk, stills[1].pk]),
            ("cpu", [stills[2].pk]),
            ("cpu", [films[0].pk]),
            ("cpu", [films[1].pk]),
        ]
    )


def test_every_run_of_a_message_is_carried_out_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(execution, "execute", done.append)
    tasks.analyse([3, 1, 2])
    assert done == [3, 1, 2]
