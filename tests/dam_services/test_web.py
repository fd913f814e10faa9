"""The web's workers load what a first search would otherwise wait for."""

import subprocess
import sys
import time
from threading import Thread

import pytest

from dam.services import web
from search import meaning

RUNTIMES = {"onnxruntime", "torch", "ctranslate2", "scipy"}


def test_a_worker_understands_a_query_before_the_first_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(meaning, "understand", asked.append)
    web.warm_up()
    assert len(asked) == 1


def test_the_process_that_forks_the_workers_has_loaded_no_model_runtime() -> None:
    """Threads of a runtime are not in the child: it would abort when it ends."""
    code = f"import dam.wsgi, sys; print(sorted({RUNTIMES} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


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
