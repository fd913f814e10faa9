"""Where and what an audio describer says: scenes put into the pauses of speech, shortened to fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from indexing.analysers.contract import Finding
from indexing.analysers.wording import sentence

WORDS = 160 / 60
"""Words a second: the slower end of the 160 to 180 a minute at which English audio description is read."""
LETTERS = 16.0
"""Characters a second: the same pace in words of five letters with their spaces, for texts of long words."""
MARGIN = 0.3
"""Seconds kept free after speech and before it."""
SHORTEST = 1.5
"""Seconds within its margins that make a pause worth using: room for four words."""
STRETCH = 15.0
"""Seconds; a longer pause counts as several, so that a silent film is described as it goes on."""
AHEAD = 2.0
"""Seconds by which a description may come before what it describes, where it would not fit otherwise."""
RECENT = 8
"""Descriptions that a new one is compared with."""
NEW = 0.5
"""Share of a description's words that must not have been in a recent one."""
FEWEST = 2
"""Words; a shorter remainder of a caption says too little."""
PHRASE = re.compile(
    r"(?<=[.;:,!?])\s+|\s+(?=(?:and|with|while|as|in|on|at|by|near|under|over|next|behind|that|which|who)\b)"
)
EMPTY_WORDS = frozenset(
    {"a", "an", "the", "of", "in", "on", "at", "by", "with", "and", "or", "to", "is", "are"}
)

Span = tuple[float, float]


class Description(NamedTuple):
    """What is to be said, when (seconds), in which pause, and the caption that says it."""

    text: str
    start: float
    end: float
    pause: Span
    scene: Finding


def seconds_of(text: str) -> float:
    """How long reading the text aloud takes, in seconds, by WORDS or LETTERS, whichever is longer."""
    return max(len(text.split()) / WORDS, len(text) / LETTERS)


def pauses(talk: Iterable[Span], duration: float) -> list[Span]:
    """The spans of [0, duration) that are MARGIN away from all talk and last SHORTEST to STRETCH seconds."""
    found, begin = [], 0.0
    for start, end in sorted(talk):
        found.append((begin, start - MARGIN))
        begin = max(begin, end + MARGIN)
    found.append((begin, duration))
    inside = ((max(0.0, start), min(end, duration)) for start, end in found)
    return [piece for span in inside for piece in _pieces(span) if piece[1] - piece[0] >= SHORTEST]


def _pieces(span: Span) -> Iterator[Span]:
    """A span in equal pieces of at most STRETCH seconds."""
    start, end = span
    number = max(1, -int(-(end - start) // STRETCH))
    step = (end - start) / number
    return ((start + at * step, start + (at + 1) * step) for at in range(number))


def describe(scenes: Sequence[Finding], quiet: Sequence[Span]) -> list[Description]:
    """At most one description a pause: of the scene shown there that says most that is new.

    `scenes` are captions with a span; one that a person accepted comes first. A pause in which nothing new
    is shown, or nothing fits, stays silent.
    """
    said: list[frozenset[str]] = []
    chosen = []
    for pause in sorted(quiet):
        fitting = [each for scene in scenes if (each := _fitted(scene, pause))]
        fresh = [each for each in fitting if _novelty(each.text, said) >= NEW]
        if fresh:
            best = max(fresh, key=lambda each: (each.scene.accepted, _novelty(each.text, said), -each.start))
            chosen.append(best)
            said = [*said, _content(best.scene.text)][-RECENT:]
    return chosen


def _fitted(scene: Finding, pause: Span) -> Description | None:
    """The scene's caption in that pause, from its own beginning or, to say more of it, a little before."""
    begin, end = scene.place.start or 0.0, scene.place.end or 0.0
    if begin >= pause[1] or end <= pause[0]:
        return None
    starts = (max(pause[0], begin), max(pause[0], begin - AHEAD))
    start = max(starts, key=lambda second: len(shortened(scene.text, pause[1] - second)))
    text = shortened(scene.text, pause[1] - start)
    return Description(text, start, start + seconds_of(text), pause, scene) if text else None


def shortened(text: str, seconds: float) -> str:
    """The text, or as many of its first phrases as can be said in that time; empty where too few fit."""
    phrases = PHRASE.split(" ".join(text.split()))
    for count in range(len(phrases), 0, -1):
        said = sentence(" ".join(phrases[:count]))
        if seconds_of(said) <= seconds:
            return said if len(said.split()) >= min(FEWEST, len(text.split())) else ""
    return ""


def _novelty(text: str, said: Sequence[frozenset[str]]) -> float:
    """1 where no recent description had any of its words, 0 where one had them all."""
    words = _content(text)
    return 1 - max((len(words & earlier) / max(1, len(words)) for earlier in said), default=0.0)


def _content(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - EMPTY_WORDS
