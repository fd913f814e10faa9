"""Lanes: what is drawn in time, and what is left to the list beside."""

import pytest

from dam.assets.lanes import BARS, ROWS, lanes
from indexing.models import Annotation


def span(kind, text, start, end):
    return Annotation(kind=kind, text=text, start=start, end=end)


def by_kind(*facts):
    return {kind: [fact for fact in facts if fact.kind == kind] for kind in {fact.kind for fact in facts}}


def test_values_that_last_longest_come_first():
    cats = span("object", "cat", 0, 2), span("object", "cat", 4, 5)
    (lane,) = lanes(by_kind(*cats, span("object", "dog", 3, 9)))
    assert [(row.label, len(row.bars)) for row in lane.rows] == [("dog", 1), ("cat", 2)]


def test_chapters_and_unnamed_faces_share_one_row():
    drawn = lanes(by_kind(span("chapter", "Chapter 1", 0, 50), span("chapter", "Chapter 2", 50, 90)))
    assert [[(row.label, len(row.bars)) for row in lane.rows] for lane in drawn] == [[("", 2)]]


def test_facts_of_the_whole_film_are_not_drawn():
    assert lanes(by_kind(span("object", "dog", None, None))) == []


def test_a_film_full_of_facts_is_drawn_within_bounds():
    many = [span("object", f"thing {number}", number, number + 1) for number in range(50)]
    often = [span("object", "dog", number, number + 1) for number in range(500)]
    (lane,) = lanes(by_kind(*many, *often))
    assert (len(lane.rows), lane.more) == (ROWS, 51 - ROWS)
    assert len(lane.rows[0].bars) == BARS


@pytest.mark.parametrize("kind", ["metadata", "translation", "voice"])
def test_what_has_a_place_of_its_own_on_the_page_gets_no_lane(kind):
    assert lanes(by_kind(span(kind, "x", 0, 1))) == []


def test_turns_bear_the_names_of_their_speakers():
    turns = span("turn", "Speaker 1", 0, 9), span("turn", "Speaker 2", 9, 12)
    for number, turn in enumerate(turns, 1):
        turn.details = {"speaker": number}
    (lane,) = lanes(by_kind(*turns), {2: "Ada Zabel"})
    assert [row.label for row in lane.rows] == ["Speaker 1", "Ada Zabel"]
