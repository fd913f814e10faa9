"""The web's workers load what a first search would otherwise wait for."""

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
