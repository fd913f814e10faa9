"""A composed caption says what accepted and confident facts say, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexing.analysers.composing import Composed, Facts, compose
from indexing.analysers.contract import Finding, Place


def told(*found: Finding) -> Facts:
    def facts(kind: str) -> Sequence[Finding]:
        return [finding for finding in found if finding.kind == kind]

    return facts


def said(*found: Finding, **how: Any) -> Composed:
    """What is composed, which must be something."""
    composed = compose(told(*found), **how)
    assert composed is not None
    return composed


def thing(label: str, confidence: float | None = 0.9, start: float | None = None, count: int = 1) -> Finding:
    if start is None:
        return Finding("object", label, confidence=confidence, accepted=confidence is None)
    place = Place(start, start + 4.0)
    return Finding("object", label, place=place, confidence=confidence, details={"count": count})


def test_things_tags_and_writing_make_a_sentence() -> None:
    composed = said(
        thing("person", 0.8),
        thing("person", 0.95),
        thing("dog"),
        Finding("scene", "beach", confidence=0.7),
        Finding("text", "LIDO\nab", confidence=0.99),
        Finding("place", "Venice, Veneto, Italy"),
    )
    assert composed.text == "Two people and a dog; beach; text reads 'LIDO'; Venice, Veneto, Italy."
    assert composed.confidence == 0.7
    assert list(composed.kinds) == ["object", "scene", "text", "place"]


def test_what_is_doubtful_is_left_out() -> None:
    doubtful = [
        thing("cat", 0.4),
        Finding("scene", "street", confidence=0.3),
        Finding("text", "x!", confidence=0.9),
    ]
    assert compose(told(*doubtful)) is None
    assert compose(told()) is None


def test_a_vouched_fact_needs_no_confidence() -> None:
    composed = said(thing("cat", None))
    assert (composed.text, composed.confidence) == ("A cat.", 1.0)


def test_a_proposed_name_is_never_said() -> None:
    assert compose(told(Finding("person", "Anna Berg", confidence=0.99))) is None


def test_a_named_person_is_not_counted_again() -> None:
    anna = Finding("person", "Anna Berg", accepted=True)
    alone = said(anna, thing("person"))
    together = said(anna, thing("person"), thing("person"), thing("horse"))
    assert alone.text == "Anna Berg."
    assert together.text == "Anna Berg, another person and a horse."


def test_moods_and_landmarks_are_said_only_when_vouched_for() -> None:
    assert compose(told(Finding("landmark", "Eiffel Tower", confidence=0.99))) is None
    composed = said(Finding("landmark", "Eiffel Tower", accepted=True))
    assert composed.text == "Eiffel Tower."


def test_only_people_count_beyond_two() -> None:
    assert said(*[thing("cat")] * 3).text == "Several cats."
    assert said(*[thing("cat", None)] * 3).text == "Three cats."
    assert said(*[thing("cat", None)] * 11).text == "Many cats."


def test_a_shot_is_told_by_the_facts_of_its_span() -> None:
    facts = thing("dog", start=0.0), thing("car", start=8.0, count=3), Finding("place", "Paris, France")
    assert said(*facts, span=Place(0.0, 5.0)).text == "A dog."
    assert said(*facts, span=Place(5.0, 12.0)).text == "Several cars."
    assert compose(told(*facts), Place(20.0, 30.0)) is None


def test_a_whole_film_names_what_lasts_longest_first() -> None:
    scenes = [
        Finding("scene", name, place=Place(0.0, end), confidence=0.9)
        for name, end in (("street", 3.0), ("beach", 9.0))
    ]
    composed = said(*scenes, Finding("place", "Paris, France"), tags=3, joint=". ")
    assert composed.text == "Beach and street. Paris, France."


def test_long_writing_is_cut_and_marks_are_not_writing() -> None:
    composed = said(Finding("text", "word " * 30, confidence=0.95))
    assert len(composed.text) < 80
    for mark in ("---- ·", "IMG_2041.JPG"):
        assert compose(told(Finding("text", mark, confidence=0.95))) is None


def test_the_content_of_a_code_is_not_writing() -> None:
    code = Finding("text", "https://example.org", confidence=1.0, details={"symbology": "QR"})
    assert compose(told(code)) is None
