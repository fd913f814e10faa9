"""What is read in neighbouring frames becomes one fact where it is one text."""

from __future__ import annotations

from indexing.analysers.contract import Finding, Place, Region
from indexing.analysers.screen_text import staying

TITLE = Region(0.1, 0.1, 0.4, 0.1)
FOOT = Region(0.1, 0.8, 0.4, 0.1)


def read(text: str, region: Region = TITLE, confidence: float = 0.9) -> Finding:
    word = Finding("word", text.split()[0], place=Place(region=region), confidence=confidence)
    return Finding("text", text, place=Place(region=region), confidence=confidence, children=[word])


def spans(*frames: list[Finding]) -> list[tuple[str, float | None, float | None]]:
    """Text, start and end of what stays, with a frame for every second."""
    found = staying((Place(float(at), at + 1.0), each) for at, each in enumerate(frames))
    return [(each.text, each.place.start, each.place.end) for each in found]


def test_the_surest_reading_stands_for_all_of_the_span() -> None:
    frames = (
        [read("HARB0UR NEWS", confidence=0.82)],
        [read("HARBOUR NEWS", confidence=0.97)],
        [read("HARBOUR NEW")],
    )
    (found,) = staying((Place(float(at), at + 1.0), each) for at, each in enumerate(frames))
    assert (found.text, found.confidence, found.place) == ("HARBOUR NEWS", 0.97, Place(0.0, 3.0, TITLE))
    assert found.details["frames"] == 3
    assert found.children[0].place == Place(0.0, 3.0, TITLE)


def test_another_text_in_the_same_place_is_another_fact() -> None:
    assert spans([read("Anna Berg")], [read("Directed by")]) == [("Anna Berg", 0, 1), ("Directed by", 1, 2)]


def test_a_frame_without_the_text_parts_the_spans() -> None:
    assert spans([read("LIDO")], [], [read("LIDO")]) == [("LIDO", 0, 1), ("LIDO", 2, 3)]


def test_text_that_moves_is_followed_and_a_short_word_elsewhere_is_not() -> None:
    assert spans([read("Camera: Ines Roth")], [read("Camera: Ines Roth", FOOT)]) == [
        ("Camera: Ines Roth", 0, 2)
    ]
    assert spans([read("TAXI")], [read("TAXI", FOOT)]) == [("TAXI", 0, 1), ("TAXI", 1, 2)]


def test_two_equal_texts_at_once_are_two_facts() -> None:
    both = [read("ALDWYCH"), read("ALDWYCH", FOOT)]
    assert spans(both, both) == [("ALDWYCH", 0, 2), ("ALDWYCH", 0, 2)]


def test_without_text_there_is_nothing() -> None:
    assert spans([], []) == []
