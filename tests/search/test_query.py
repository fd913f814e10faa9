"""What a tree says of itself: its words, what must hold, what is searched by meaning."""

from __future__ import annotations

from search.parser import parse
from search.unparse import unparse, written


def texts(text: str) -> list[str]:
    return [word.text for word in parse(text).sought()]


def test_what_is_sought_leaves_out_what_is_excluded() -> None:
    assert texts('dog -cat "old house" -"new car" -said:x') == ["dog", "old", "house"]
    assert texts("said:(a -b) c WITH d e NOT WHILE f type:video") == ["a", "c", "d", "e"]


def test_meaning_is_asked_of_the_free_words_only() -> None:
    assert parse('a dog OR cat "old house" -rain said:engine type:video b WITH c').meaning() == "a dog cat"
    assert parse("(dog OR said:cat) (a b) wed*").meaning() == "a b wed"


def test_all_but_free_words_must_hold() -> None:
    query = parse('dog "old house" -rain said:a OR b type:video like:3 x WHILE y')
    assert written(query.musts()) == '"old house" -rain said:a OR b type:video like:3 x WHILE y'


def test_a_correction_keeps_the_rest_of_the_string() -> None:
    query = parse('elefant "big elefant" -elefant said:elefant  (object:elefant WITH b)')
    corrected = query.corrected({"elefant": "elephant"})
    assert corrected.text == 'elephant "big elephant" -elefant said:elephant  (object:elephant WITH b)'
    assert unparse(corrected) == unparse(parse(corrected.text))
