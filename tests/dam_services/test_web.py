"""The web's workers load what a first search would otherwise wait for."""

import time
from threading import Thread

import pytest

from dam.services import web
from search import meaning


def test_a_worker_understands_a_query_before_the_first_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(meaning, "understand", asked.append)
    web.warm_up()
    assert len(asked) == 1


def test_without_a_model_there_is_nothing_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def off(text: str) -> None:
        raise meaning.MeaningOff

    monkeypatch.setattr(meaning, "understand", off)
    web.warm_up()


def test_a_worker_that_ends_waits_for_the_model_that_it_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []

    def load() -> None:
        time.sleep(0.2)
        loaded.append("model")

    monkeypatch.setattr(web, "warming", Thread(target=load, daemon=True))
    web.post_worker_init(worker=None)
    web.worker_exit(server=None, worker=None)
    assert loaded == ["model"]
