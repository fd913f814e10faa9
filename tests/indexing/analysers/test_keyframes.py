"""The frames of a film that analysers look at, with the spans that they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.keyframes import key_frames
from tests.indexing.analysers.made_media import SHOTS, MadeMedia, bare_context, shots_context


def shot(start: float, end: float, **details: Any) -> Finding:
    return Finding("shot", place=Place(start, end), details=details)


def context(*shots: Finding) -> Context:
    return Context(lambda name: Path(name), lambda kind: shots if kind == "shot" else ())


def test_each_frame_comes_with_the_span_it_stands_for() -> None:
    halves = [{"second": 1.0, "start": 0.0, "end": 2.5}, {"second": 3.0, "start": 2.5, "end": 4.0}]
    film = MadeMedia("video", duration=6.0)
    found = list(key_frames(film, context(shot(4, 6, frames=[]), shot(0, 4, frames=halves)), 64))
    assert [place for place, _ in found] == [Place(0.0, 2.5), Place(2.5, 4.0)]
    assert [int(pixels[0, 0, 0]) for _, pixels in found] == [10, 30]


def test_shots_that_only_name_a_key_frame_have_one() -> None:
    found = list(key_frames(MadeMedia("video", duration=10.0), shots_context(), 64))
    assert [(place.start, place.end) for place, _ in found] == [(start, end) for start, end, _ in SHOTS]


def test_a_film_without_shots_counts_as_one() -> None:
    film = MadeMedia("video", duration=10.0)
    ((place, _),) = key_frames(film, bare_context(), 64)
    assert (place, film.asked) == (Place(0.0, 10.0), [5.0])
