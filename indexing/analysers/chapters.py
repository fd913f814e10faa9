"""Chapters: neighbouring shots that look alike, or speech about one topic, titled by its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np

from indexing.analysers.contract import (
    Context,
    Finding,
    Media,
    MediaError,
    MediaKind,
    Place,
    Queue,
    Vector,
)
from indexing.analysers.keyframes import moments
from indexing.analysers.topics import counted, phrases_of, title_of, topics

SHORTEST_FILM = 180.0
"""Seconds; shorter films have no chapters."""
SHORTEST_TALK, SHORTEST_TOPIC = 300.0, 60.0
"""Seconds of what has chapters by its speech alone, and of each of them."""
SHORTEST_CHAPTER, MOST_CHAPTERS = 20.0, 40
"""A chapter lasts 20 seconds at least, and as long as an equal share of the most chapters that a film has."""
UNLIKENESS = 0.35
"""How much more alike the frames of two chapters must be apart than together, in squared distance of unit
vectors per second of the shortest chapter. Chosen on made scenes, see docs/analysers/chapters.md."""
PAUSE = 0.5
"""The share of that which a silence makes up for."""
RATE, WINDOW, NEAR, QUIET = 8000, 0.5, 1.5, 20.0
"""Samples a second, seconds of one level, seconds around a boundary, decibels below the usual for silence."""


class Unit(NamedTuple):
    """A stretch of film that is not parted, and the sum of its vectors, each as heavy as it is long."""

    start: float
    end: float
    total: np.ndarray


class Chapters:
    """The chapters of a film or a recording; none where it is short or all of a piece, or states its own.

    A film is parted by what is seen; a recording, and a film that looks the same throughout, by what is
    said.
    Titles are put together from the words that tell a chapter from the others (details["composed"] is true,
    details["phrases"] has them all); "Chapter 1", "Chapter 2" ... where nothing telling is said.
    details["keyframe"] is the second of the frame that is most like the rest of the chapter.
    """

    name = "chapters"
    version = "2"
    kinds: Sequence[str] = ("chapter",)
    applies_to: Sequence[MediaKind] = ("video", "audio")
    depends: Sequence[str] = ("shots", "clip", "speech")
    queue: Queue = "cpu"
    spaces: Mapping[str, int] = {}

    def __init__(self, model: str) -> None:
        self.model = model
        self.weights: Sequence[str] = (model,)

    @classmethod
    def choose(cls, chosen: Callable[[str], str]) -> Self:
        """The analyser that reads the vectors of text-image search."""
        return cls(chosen("text-image"))

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        length = media.duration or 0.0
        if length < SHORTEST_FILM or any("tag" in each.details for each in context.facts("chapter")):
            return
        vectors = [each for each in context.vectors(self.model) if each.place.start is not None]
        spans = _seen(media, context, vectors, length) if len(vectors) > 1 else []
        speech = [each for each in context.facts("speech") if each.place.start is not None]
        if len(spans) > 1:
            yield from _findings(spans, vectors, speech, context)
        else:
            yield from _spoken(speech, length)


def _seen(
    media: Media, context: Context, vectors: Sequence[Vector], length: float
) -> list[tuple[float, float]]:
    """The spans of chapters that look alike."""
    shortest = max(SHORTEST_CHAPTER, length / MOST_CHAPTERS)
    units = _units(vectors, _boundaries(context, shortest), shortest / 4)
    pauses = _pauses(_levels(media), [unit.start for unit in units])
    return _spans(units, pauses, shortest)


def _spoken(speech: Sequence[Finding], length: float) -> Iterator[Finding]:
    """A chapter for each topic, from the first word of one to that of the next."""
    found = topics(speech, max(SHORTEST_TOPIC, length / MOST_CHAPTERS))
    if length < SHORTEST_TALK or len(found) < 2:
        return
    starts = [0.0, *(topic.start for topic in found[1:])]
    ends = [*starts[1:], max(length, found[-1].end)]
    for number, (start, end, topic) in enumerate(zip(starts, ends, found, strict=True), 1):
        yield _chapter(number, Place(start, end), _language(speech, start, end), topic.phrases, {})


def _chapter(
    number: int, place: Place, language: str, phrases: Sequence[str], details: Mapping[str, object]
) -> Finding:
    title = title_of(phrases)
    if not title:
        return Finding("chapter", f"Chapter {number}", place=place, language="en", details=details)
    composed = {**details, "composed": True, "phrases": list(phrases)}
    return Finding("chapter", title, place=place, language=language, details=composed)


def _language(speech: Sequence[Finding], start: float, end: float) -> str:
    """The language in which most segments of that span are."""
    spoken = Counter(each.language for each in speech if start <= (each.place.start or 0.0) < end)
    return spoken.most_common(1)[0][0] if spoken else ""


def _boundaries(context: Context, shortest: float) -> set[float]:
    """Seconds at which a chapter may begin: where a shot does, and inside shots as long as a chapter."""
    found: set[float] = set()
    for shot in context.facts("shot"):
        start, end = shot.place.start or 0.0, shot.place.end or 0.0
        inside = shot.details.get("frames", []) if end - start >= shortest else []
        found |= {round(start, 3), *(round(each["start"], 3) for each in inside)}
    return found


def _units(vectors: Sequence[Vector], boundaries: set[float], least: float) -> list[Unit]:
    """Neighbouring frames put together up to the next boundary that is at least that many seconds away."""
    units: list[Unit] = []
    for vector in vectors:
        start, end = vector.place.start or 0.0, vector.place.end or 0.0
        heavy = (end - start) * np.asarray(vector.values, np.float64)
        if units and (round(start, 3) not in boundaries or start - units[-1].start < least):
            units[-1] = Unit(units[-1].start, end, units[-1].total + heavy)
        else:
            units.append(Unit(start, end, heavy))
    return units


def _spans(units: Sequence[Unit], pauses: np.ndarray, shortest: float) -> list[tuple[float, float]]:
    """The partition into chapters that leaves the frames of each most alike, for a price for each chapter.

    Optimal partitioning (Jackson et al., "An algorithm for optimal partitioning of data on an interval",
    2005) of |sum of vectors|^2 / seconds, which grows as the vectors of a chapter agree.
    """
    starts = np.array([unit.start for unit in units])
    ends = np.array([unit.end for unit in units])
    sums = np.concatenate([np.zeros((1, len(units[0].total))), np.cumsum([unit.total for unit in units], 0)])
    prices = UNLIKENESS * shortest * (1 - PAUSE * pauses)
    best, came_from = np.full(len(units) + 1, -np.inf), np.zeros(len(units) + 1, int)
    best[0] = 0.0
    for last in range(1, len(units) + 1):
        lengths = ends[last - 1] - starts[:last]
        worth = ((sums[last] - sums[:last]) ** 2).sum(1) / np.maximum(lengths, 1e-6)
        scores = np.where(lengths >= shortest, best[:last] + worth - prices[:last], -np.inf)
        came_from[last] = int(scores.argmax())
        best[last] = scores[came_from[last]]
    return _walked(came_from, starts, ends) if np.isfinite(best[-1]) else []


def _walked(came_from: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> list[tuple[float, float]]:
    spans, last = [], len(starts)
    while last > 0:
        first = int(came_from[last])
        spans.append((float(starts[first]), float(ends[last - 1])))
        last = first
    return spans[::-1]


def _levels(media: Media) -> np.ndarray:
    """The level of each half second of the sound in decibels; empty without sound that can be read."""
    size = int(RATE * WINDOW)
    levels: list[float] = []
    try:
        for chunk in media.sample_chunks(RATE, 60.0):
            rows = chunk[: len(chunk) // size * size].reshape(-1, size)
            levels += (10 * np.log10(np.square(rows, dtype=np.float64).mean(1) + 1e-10)).tolist()
    except MediaError:
        return np.empty(0)
    return np.array(levels)


def _pauses(levels: np.ndarray, seconds: Sequence[float]) -> np.ndarray:
    """How silent it becomes around each of those seconds: 0 (as ever) to 1 (silence)."""
    if not len(levels):
        return np.zeros(len(seconds))
    usual = float(np.median(levels))
    around = [
        levels[max(0, int((second - NEAR) / WINDOW)) : int((second + NEAR) / WINDOW) + 1]
        for second in seconds
    ]
    lowest = np.array([near.min() if len(near) else usual for near in around])
    return np.clip((usual - lowest) / QUIET, 0, 1)


def _findings(
    spans: Sequence[tuple[float, float]],
    vectors: Sequence[Vector],
    speech: Sequence[Finding],
    context: Context,
) -> Iterator[Finding]:
    whole = counted(speech)
    shown_at = {round(place.start or 0.0, 3): second for place, second in moments(context)}
    for number, (start, end) in enumerate(spans, 1):
        inside = [each for each in vectors if start <= (each.place.start or 0.0) < end]
        typical = _most_typical(inside)
        second = shown_at.get(round(typical.place.start or 0.0, 3), typical.place.start)
        said = [each.text for each in speech if start <= (each.place.start or 0.0) < end]
        phrases = phrases_of(" ".join(said), whole)
        details = {"keyframe": second, "frames": len(inside)}
        yield _chapter(number, Place(start, end), _language(speech, start, end), phrases, details)


def _most_typical(vectors: Sequence[Vector]) -> Vector:
    values = np.stack([vector.values for vector in vectors])
    return vectors[int((values @ values.mean(0)).argmax())]
