"""Highlights: which moments are chosen, how they are framed, and what is left out."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from indexing.analysers.contract import Context, Finding, Place
from indexing.analysers.highlights import LONGEST, SHORTEST, Highlights


def fact(kind: str, text: str, start: float, end: float, confidence: float = 0.9, **more: Any) -> Finding:
    return Finding(kind, text, place=Place(start, end), confidence=confidence, **more)


def found(facts: Sequence[Finding], duration: float = 600.0) -> list[Finding]:
    def of(kind: str) -> list[Finding]:
        return [each for each in facts if each.kind == kind]

    media: Any = SimpleNamespace(kind="video", duration=duration)
    return list(Highlights().analyse(media, Context(weights=Path, facts=of)))


def test_what_happens_together_outranks_what_happens_alone() -> None:
    alone = fact("sound", "laughter", 100, 103)
    together = fact("mention", "Lido", 300, 301), fact("sound", "applause", 303, 307)
    first, second = found([alone, *together])
    assert (first.number, first.text) == (1.0, "“Lido” is said; Applause")
    assert first.place.start is not None
    assert first.place.start <= 300 < 307 <= (first.place.end or 0)
    assert second.text == "Laughter"
    assert (first.confidence or 0) > (second.confidence or 0)


def test_a_moment_begins_and_ends_where_a_sentence_does() -> None:
    speech = [fact("speech", "one", 96, 101), fact("speech", "two", 101, 108)]
    (moment,) = found([*speech, fact("mention", "Lido", 102, 103)])
    assert (moment.place.start, moment.place.end) == (96, 108)


def test_moments_are_neither_too_short_nor_too_long() -> None:
    lasting = [fact("sound", "applause", 50, 400), fact("mention", "Lido", 500, 500.2)]
    lengths = [(each.place.end or 0) - (each.place.start or 0) for each in found(lasting)]
    assert len(lengths) == 2
    assert all(SHORTEST <= length <= LONGEST for length in lengths)


def test_moments_do_not_overlap_and_their_number_is_bounded() -> None:
    many = [fact("mention", f"word {number}", number * 5.0, number * 5.0 + 1) for number in range(700)]
    spans = sorted((each.place.start or 0, each.place.end or 0) for each in found(many, 3600.0))
    assert len(spans) == 30
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_a_person_is_news_once() -> None:
    seen = [fact("person", "Ada Zabel", second, second + 2, accepted=True) for second in (10, 200, 400)]
    (moment,) = found(seen)
    assert moment.text == "Ada Zabel appears"
    assert moment.place.start is not None
    assert moment.place.start < 12


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [fact("sound", "engine", 10, 20)],
        [fact("sound", "laughter", 10, 12, confidence=0.2)],
        [Finding("mention", "Lido")],
    ],
)
def test_where_nothing_matters_nothing_is_claimed(facts: list[Finding]) -> None:
    assert found(facts) == []
