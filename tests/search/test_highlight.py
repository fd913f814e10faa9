"""Snippets show the words that matched, and lose nothing of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.highlight import LENGTH, snippet
from search.results import Piece


def test_matched_words_are_pieces_of_their_own() -> None:
    assert snippet("A dog, two dogs", {"dog", "dogs"}) == (
        Piece("A ", False),
        Piece("dog", True),
        Piece(", two ", False),
        Piece("dogs", True),
    )


def test_markup_stays_plain_text() -> None:
    pieces = snippet("<script>alert('dog')</script>", {"dog"})
    assert "".join(piece.text for piece in pieces) == "<script>alert('dog')</script>"


def test_a_long_text_is_cut_around_the_first_match() -> None:
    pieces = snippet("before " * 200 + "needle " + "after " * 200, {"needle"})
    assert pieces[0] == pieces[-1] == Piece("…", False)
    assert Piece("needle", True) in pieces
    assert sum(len(piece.text) for piece in pieces) <= LENGTH + 2


def test_a_long_text_without_a_match_is_shown_from_its_beginning() -> None:
    pieces = snippet("word " * 200, set())
    assert pieces[0].text.startswith("word word")
    assert pieces[-1] == Piece("…", False)


def test_a_text_without_gaps_is_cut_all_the_same() -> None:
    pieces = snippet("x" * 5000, set())
    assert sum(len(piece.text) for piece in pieces) <= LENGTH + 1


@given(st.text(max_size=2000), st.sets(st.text(min_size=1, max_size=5), max_size=5))
def test_any_text_has_a_snippet_of_its_own_characters(text: str, matched: set[str]) -> None:
    pieces = snippet(text, matched)
    shown = "".join(piece.text for piece in pieces).strip("…")
    assert shown in " ".join(text.split())
    assert all(piece.text in matched for piece in pieces if piece.matched)
