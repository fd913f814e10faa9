"""Chapters: scenes that look alike are kept together, and parted where the picture or the sound changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from indexing.analysers.chapters import SHORTEST_CHAPTER, Chapters
from indexing.analysers.contract import Context, Finding, MediaError, Place, Vector

SPACE = "clip-vit-b-16-image-int8"


class Film:
    """A film of which only the sound can be heard."""

    kind = "video"

    def __init__(self, duration: float, sound: np.ndarray | None = None) -> None:
        self.duration = duration
        self.sound = sound

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        if self.sound is not None:
            yield self.sound


def film_of(scenes: list[tuple[float, int]], shot: float = 5.0) -> tuple[list[Finding], list[Vector]]:
    """Shots of five seconds; each scene (seconds, seed) shows one place with some variation."""
    shots, vectors, now = [], [], 0.0
    for seconds, seed in scenes:
        random = np.random.default_rng(seed)
        base = random.normal(size=64)
        for _ in range(int(seconds / shot)):
            place = Place(now, now + shot)
            value = base + random.normal(0, 0.3, 64)
            vectors.append(Vector(SPACE, (value / np.linalg.norm(value)).astype(np.float32), place))
            frames = [{"second": now + 1, "start": now, "end": now + shot}]
            shots.append(Finding("shot", place=place, details={"keyframe": now + 1, "frames": frames}))
            now += shot
    return shots, vectors


def chapters(
    scenes: list[tuple[float, int]], sound: np.ndarray | None = None, stated: Sequence[Finding] = ()
) -> list[Finding]:
    shots, vectors = film_of(scenes)
    facts = {"shot": shots, "chapter": list(stated)}.get
    context = Context(
        lambda name: Path(name), lambda kind: facts(kind, []), lambda space: vectors if space == SPACE else []
    )
    return list(Chapters(SPACE).analyse(Film(shots[-1].place.end or 0, sound), context))  # type: ignore[arg-type]


def starts(found: list[Finding]) -> list[float | None]:
    return [chapter.place.start for chapter in found]


def test_scenes_become_chapters_that_fill_the_film() -> None:
    found = chapters([(60, 1), (90, 2), (50, 3)])
    assert [chapter.text for chapter in found] == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert [(chapter.place.start, chapter.place.end) for chapter in found] == [(0, 60), (60, 150), (150, 200)]
    for chapter in found:
        assert (chapter.place.start or 0) <= chapter.details["keyframe"] < (chapter.place.end or 0)


def test_a_place_shown_again_between_others_of_its_scene_is_no_new_chapter() -> None:
    found = chapters([(100, 1), (5, 2), (45, 1), (100, 3)])
    assert starts(found) == [0, 150]


def test_chapters_that_the_film_states_are_not_found_again() -> None:
    own = Finding(
        "chapter", "Arrival", place=Place(0, 60), details={"tag": "container chapter"}, accepted=True
    )
    assert chapters([(60, 1), (90, 2), (50, 3)], stated=[own]) == []


def test_a_film_of_a_piece_has_no_chapters() -> None:
    assert chapters([(300, 1)]) == []


def test_a_short_film_has_no_chapters() -> None:
    assert chapters([(85, 1), (85, 2)]) == []


def test_no_chapter_is_shorter_than_it_may_be() -> None:
    found = chapters([(10, seed) for seed in range(30)])
    spans = [(chapter.place.end or 0) - (chapter.place.start or 0) for chapter in found]
    assert min(spans, default=SHORTEST_CHAPTER) >= SHORTEST_CHAPTER


def test_a_film_never_looked_at_has_no_chapters() -> None:
    context = Context(lambda name: Path(name))
    assert list(Chapters(SPACE).analyse(Film(500.0), context)) == []  # type: ignore[arg-type]


def test_a_pause_decides_between_two_cuts() -> None:
    """A scene that neither belongs to the one before nor to the one after goes with the sound."""
    scenes = [(100, 1), (5, 9), (100, 2)]
    for silent, expected in ((100, [0, 100]), (105, [0, 105])):
        sound = np.random.default_rng(1).normal(0, 0.1, 205 * 8000).astype(np.float32)
        sound[int((silent - 1) * 8000) : int((silent + 1) * 8000)] = 0
        assert starts(chapters(scenes, sound)) == expected


def test_sound_that_cannot_be_read_does_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Film, rate: int, seconds: float) -> Iterator[np.ndarray]:
        raise MediaError("The sound is damaged.")

    monkeypatch.setattr(Film, "sample_chunks", broken)
    assert starts(chapters([(100, 1), (100, 2)])) == [0, 100]


def test_it_reads_the_vectors_of_text_image_search() -> None:
    analyser = Chapters.choose({"text-image": SPACE}.__getitem__)
    assert (analyser.model, analyser.weights, analyser.depends) == (
        SPACE,
        (SPACE,),
        ("shots", "clip", "speech"),
    )
