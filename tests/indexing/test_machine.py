"""Larger models serve where the machine bears them."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing import machine
from indexing.manifest import Model
from indexing.weights import Shelf

NEEDS = {"memory": 2, "cores": 8}


def made(monkeypatch: pytest.MonkeyPatch, gigabytes: int, cores: int, gpu: bool = False) -> None:
    monkeypatch.setattr(machine, "memory", lambda: gigabytes * 2**30)
    monkeypatch.setattr(machine, "cores", lambda: cores)
    monkeypatch.setattr(machine, "has_gpu", lambda: gpu)


@pytest.mark.parametrize(
    ("gigabytes", "cores", "gpu", "borne"),
    [
        (4, 8, False, True),
        (3, 8, False, False),
        (64, 4, False, False),
        (64, 4, True, True),
        (3, 8, True, False),
    ],
)
def test_a_model_is_borne_with_memory_to_spare_and_cores_or_a_gpu(
    monkeypatch: pytest.MonkeyPatch, gigabytes: int, cores: int, gpu: bool, borne: bool
) -> None:
    made(monkeypatch, gigabytes, cores, gpu)
    assert machine.bears(NEEDS) is borne


def test_this_machine_bears_what_needs_nothing_and_not_what_needs_all() -> None:
    assert machine.bears({})
    assert not machine.bears({"memory": 10**6})
    assert machine.cores() >= 1
    assert machine.memory() > 2**28


def test_the_limit_of_a_container_counts(tmp_path: Path) -> None:
    (tmp_path / "limited").write_text("1073741824\n")
    (tmp_path / "unlimited").write_text("max\n")
    assert machine._limit(tmp_path / "limited") == 2**30
    assert machine._limit(tmp_path / "unlimited") is None
    assert machine._limit(tmp_path / "absent") is None


def test_a_large_model_serves_only_when_it_was_fetched_and_the_machine_bears_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    models = {
        "base": Model("base", "speech", "Base", "MIT", []),
        "large": Model("large", "speech", "Large", "MIT", [], automatic=False, needs=NEEDS),
        "other": Model("other", "speech", "Other", "AGPL-3.0", [], automatic=False),
    }
    shelf = Shelf(models, tmp_path)
    made(monkeypatch, 64, 16)
    assert shelf.candidates("speech") == ["large", "base"]
    monkeypatch.setattr(Shelf, "available", lambda self, name: name != "large")
    assert shelf.candidates("speech") == ["base"]
    monkeypatch.undo()
    made(monkeypatch, 64, 2)
    assert shelf.chosen("speech") == "base"
    assert Shelf(models, tmp_path, choices={"speech": "large"}).chosen("speech") == "large"
