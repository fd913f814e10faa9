"""Makes analysers of what is declared, keeps the sound ones and puts them in order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple, get_args

from indexing import kinds
from indexing.analysers.contract import Analyser, MediaKind, Queue

logger = logging.getLogger(__name__)

TEXTS = ("name", "version", "model")
LISTS = ("kinds", "applies_to", "depends", "weights")
Chosen = Callable[[str], str]


class Problem(NamedTuple):
    """An analyser that is left out, and why."""

    name: str
    reason: str


def collect(loaders: Mapping[str, Callable[[], Any]], chosen: Chosen) -> tuple[list[Analyser], list[Problem]]:
    """The sound analysers among what the loaders give, each after those it depends on; and the others.

    A loader gives an analyser, or a class or function that makes one. A class that can work with any of
    several models has a class method `choose`, which is given `chosen`: a use in, the name of a model out.
    """
    sound: dict[str, Analyser] = {}
    broken: list[Problem] = []
    for name, load in loaders.items():
        try:
            analyser = _made(load(), chosen)
            _validate(analyser, sound)
            sound[analyser.name] = analyser
        except Exception as problem:  # noqa: BLE001 - foreign code may raise anything; it is logged and told
            broken.append(_problem(name, f"{type(problem).__name__}: {problem}"))
    lonely = _without_support(sound)
    circular = _in_circles(sound)
    return _ordered(sound), broken + lonely + circular


def _made(loaded: Any, chosen: Chosen) -> Any:
    if hasattr(loaded, "choose"):
        return loaded.choose(chosen)
    return loaded() if isinstance(loaded, type) or not hasattr(loaded, "analyse") else loaded


def _validate(analyser: Any, others: Mapping[str, Analyser]) -> None:
    """Raise ValueError, AttributeError or KeyError where the analyser does not keep to the contract."""
    for field in TEXTS:
        if not isinstance(getattr(analyser, field), str):
            raise ValueError(f"its {field} is not a text")
    for field in LISTS:
        value = getattr(analyser, field)
        if isinstance(value, str) or not all(isinstance(name, str) for name in value):
            raise ValueError(f"its {field} is not a list of names")
    if not analyser.name or not analyser.version or analyser.name in others:
        raise ValueError(f"its name {analyser.name!r} or version {analyser.version!r} is empty or taken")
    if set(analyser.applies_to) - set(get_args(MediaKind)) or analyser.queue not in get_args(Queue):
        raise ValueError(f"it applies to {analyser.applies_to} on the queue {analyser.queue!r}")
    if not callable(analyser.analyse) or not isinstance(analyser.spaces, Mapping):
        raise ValueError("it has no analyse() or no spaces")
    for kind in analyser.kinds:
        kinds.get(kind)


def _without_support(sound: dict[str, Analyser]) -> list[Problem]:
    """Take out, again and again, what depends on an analyser that is not there."""
    problems = []
    while lost := [name for name, analyser in sound.items() if set(analyser.depends) - sound.keys()]:
        for name in lost:
            absent = ", ".join(sorted(set(sound[name].depends) - sound.keys()))
            problems.append(_problem(name, f"it depends on {absent}, which is not there"))
        for name in lost:
            del sound[name]
    return problems


def _in_circles(sound: dict[str, Analyser]) -> list[Problem]:
    """Take out what depends on itself, and then what depended on that."""
    problems = []
    while circle := _circle(sound):
        for name in circle:
            problems.append(_problem(name, f"it depends on itself: {' on '.join([*circle, circle[0]])}"))
            del sound[name]
        problems += _without_support(sound)
    return problems


def _circle(sound: Mapping[str, Analyser]) -> Sequence[str]:
    try:
        _ordered(sound)
    except CycleError as problem:
        return list(problem.args[1][1:])
    return ()


def _ordered(sound: Mapping[str, Analyser]) -> list[Analyser]:
    graph = {name: analyser.depends for name, analyser in sound.items()}
    return [sound[name] for name in TopologicalSorter(graph).static_order()]


def _problem(name: str, reason: str) -> Problem:
    logger.error("The analyser %s is left out: %s", name, reason)
    return Problem(name, reason)
