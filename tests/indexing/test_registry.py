"""Analysers are collected, checked against the contract and put in order; broken ones are left out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexing import weights
from indexing.analysers import registry
from indexing.analysers.collection import collect
from indexing.weights import Shelf


class Sound:
    """Keeps to the contract."""

    version = "1"
    model = "none"
    kinds = ("object",)
    applies_to = ("image",)
    queue = "cpu"
    weights: tuple[str, ...] = ()
    spaces: dict[str, int] = {}

    def __init__(self, name: str = "sound", depends: Iterable[str] = (), **changes: Any) -> None:
        self.name = name
        self.depends = tuple(depends)
        self.__dict__.update(changes)

    def analyse(self, media: object, context: object) -> list[object]:
        return []


class Choosing(Sound):
    """Takes the model it is given."""

    @classmethod
    def choose(cls, chosen: Any) -> Sound:
        return cls("choosing", model=chosen("test"))


def collected(*analysers: Any) -> tuple[list[str], dict[str, str]]:
    loaders = {f"{number}": (lambda made=made: made) for number, made in enumerate(analysers)}
    sound, problems = collect(loaders, lambda use: f"the model for {use}")
    return [analyser.name for analyser in sound], dict(problems)


def test_those_that_others_need_come_first() -> None:
    names, problems = collected(Sound("b", ["a"]), Sound("c", ["b"]), Sound("a"))
    assert (names, problems) == (["a", "b", "c"], {})


def test_a_class_a_function_and_a_made_one_will_do() -> None:
    names, problems = collected(Sound, lambda: Sound("made"), Sound("ready"))
    assert (sorted(names), problems) == (["made", "ready", "sound"], {})


def test_a_class_that_chooses_is_told_the_model() -> None:
    (analyser,), _ = collect({"choosing": lambda: Choosing}, lambda use: f"the model for {use}")
    assert analyser.model == "the model for test"


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": ("nobody registered this",)},
        {"kinds": "object"},
        {"applies_to": ("smell",)},
        {"queue": "fast"},
        {"version": ""},
        {"name": ""},
        {"model": None},
        {"weights": (1,)},
        {"spaces": ["space"]},
        {"analyse": None},
    ],
)
def test_one_that_breaks_the_contract_is_left_out(changes: dict[str, Any]) -> None:
    names, problems = collected(Sound("broken", **changes) if "name" not in changes else Sound(""), Sound())
    assert names == ["sound"]
    assert list(problems) == ["0"]


def test_one_that_raises_is_logged_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    def explode() -> Any:
        raise RuntimeError("no such luck")

    with caplog.at_level(logging.ERROR):
        names, problems = collected(explode, Sound())
    assert names == ["sound"]
    assert "no such luck" in problems["0"]
    assert "no such luck" in caplog.text


def test_a_name_is_given_once() -> None:
    names, problems = collected(Sound("same"), Sound("same"))
    assert names == ["same"]
    assert "taken" in problems["1"]


def test_what_depends_on_an_absent_one_goes_and_so_does_what_depends_on_that() -> None:
    names, problems = collected(Sound("a", ["absent"]), Sound("b", ["a"]), Sound("c"))
    assert names == ["c"]
    assert "absent" in problems["a"]
    assert "a, which is not there" in problems["b"]


def test_a_circle_is_taken_out_with_what_hangs_on_it() -> None:
    names, problems = collected(Sound("a", ["b"]), Sound("b", ["a"]), Sound("c", ["a"]), Sound("d"))
    assert names == ["d"]
    assert set(problems) == {"a", "b", "c"}
    assert "itself" in problems["a"]


@pytest.fixture
def fresh() -> Iterator[None]:
    registry._collected.cache_clear()
    yield
    registry._collected.cache_clear()


@pytest.fixture
def plug_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    """An installed package with an analyser that works and one that cannot be imported."""
    about = tmp_path / "brought-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: brought\nVersion: 1.0\n")
    points = "works = brought_analysers:Brought\nbroken = brought_analysers_that_are_not_there:Brought\n"
    (about / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{points}")
    source = "from tests.indexing.test_registry import Sound\nBrought = lambda: Sound('brought', ['shots'])\n"
    (tmp_path / "brought_analysers.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_built_in_ones_are_sound(fresh: None) -> None:
    names = [analyser.name for analyser in registry.all()]
    assert registry.problems() == []
    assert {"shots", "clip", "objects", "speech"} <= set(names)
    assert names.index("shots") < names.index("clip")


def test_installed_packages_bring_analysers_and_broken_ones_stop_nothing(plug_ins: None) -> None:
    assert registry.get("brought").depends == ("shots",)
    assert registry.get("clip").name == "clip"
    (problem,) = registry.problems()
    assert "brought_analysers_that_are_not_there" in problem.reason


def test_an_unknown_name_is_a_key_error(fresh: None) -> None:
    with pytest.raises(KeyError):
        registry.get("nothing")


def test_without_weights_an_analyser_is_disabled_with_the_way_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plug_ins: None
) -> None:
    empty = Shelf(weights.shelf().models, tmp_path / "models")
    monkeypatch.setattr(weights, "shelf", lambda: empty)
    reasons = {analyser.name: reason for analyser, reason in registry.disabled()}
    assert "models fetch rtdetr-r18" in reasons["objects"]
    assert "models fetch clip-vit-b-32-laion2b" in reasons["clip"]
    enabled = [analyser.name for analyser in registry.enabled()]
    assert "brought" in enabled
    assert not set(enabled) & set(reasons)


def test_the_operators_choice_of_detector_is_used_or_its_mistake_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None
) -> None:
    for choice in ("yolov5n", "no-such-detector"):
        shelf = Shelf(weights.shelf().models, tmp_path, choices={"objects": choice})
        monkeypatch.setattr(weights, "shelf", lambda shelf=shelf: shelf)
        if choice == "yolov5n":
            assert registry.get("objects").model == "yolov5n"
        else:
            assert "no-such-detector" in dict(registry.problems())["objects"]


def test_the_operator_may_choose_among_the_analysers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "WANTED", ["shots"])
    assert {analyser.name for analyser in registry.enabled()} <= {"shots"}
    reasons = {analyser.name: reason for analyser, reason in registry.disabled()}
    assert "ANALYSERS" in reasons["clip"]
