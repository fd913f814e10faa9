"""The reader's string becomes a tree, whatever the string."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.parser import MAX_CHARACTERS, MAX_WORDS, QueryError, parse
from search.query import And, Node, Not, Or, Phrase, Word


def shape(node: Node) -> object:
    """The tree without positions, in plain lists, to compare with."""
    match node:
        case Word(text=text):
            return text
        case Phrase(words=words, quoted=quoted):
            return ('"' if quoted else "~", *(word.text for word in words))
        case Not(child=child):
            return ("not", shape(child))
        case And(children=children):
            return [shape(child) for child in children]
        case Or(children=children):
            return ("or", *(shape(child) for child in children))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", []),
        ("dog beach", ["dog", "beach"]),
        ('"red balloon" sky', [('"', "red", "balloon"), "sky"]),
        ("dog -cat", ["dog", ("not", "cat")]),
        ('-"red car"', [("not", ('"', "red", "car"))]),
        ("beach dog OR cat", ["beach", ("or", "dog", "cat")]),
        ("a OR b OR c", [("or", "a", "b", "c")]),
        ("dog or cat", ["dog", "or", "cat"]),
        ("OR dog", ["OR", "dog"]),
        ("dog OR", ["dog", "OR"]),
        ("dog OR OR cat", ["dog", ("or", "OR", "cat")]),
        ("ORdog FOR", ["ORdog", "FOR"]),
        ("well-known", [("~", "well", "known")]),
        ("DSC_0042.JPG", [("~", "DSC", "0042", "JPG")]),
        ('"open phrase', [('"', "open", "phrase")]),
        ('a "" b', ["a", "b"]),
        ("- -- -!", []),
        ("!!! ??? &&& ||| <-> :*", []),
        ("(dog) & 'cat'", ["dog", "cat"]),
        ("na\x00me \u200fשלום\u200e 😀", [("~", "na", "me"), "שלום", "😀"]),
        ("\ud800dog", ["dog"]),
    ],
)
def test_a_string_becomes_this_tree(text: str, tree: object) -> None:
    assert shape(parse(text).root) == tree


def test_a_lone_or_beside_another_is_a_word() -> None:
    assert [word.text for word in parse("OR OR OR").words()] == ["OR", "OR", "OR"]


def test_positions_point_into_the_string() -> None:
    text = 'some -not "in here" DSC_01.jpg'
    for word in parse(text).words():
        assert text[word.position :].startswith(word.text)


def test_words_beyond_the_limit_are_counted_not_searched() -> None:
    query = parse("word " * (MAX_WORDS + 5))
    assert (len(query.words()), query.ignored) == (MAX_WORDS, 5)


def test_a_string_that_is_too_long_is_refused_at_the_limit() -> None:
    with pytest.raises(QueryError, match="10,000 characters") as refused:
        parse("a" * (MAX_CHARACTERS + 1))
    assert refused.value.position == MAX_CHARACTERS


def test_what_is_sought_leaves_out_what_is_excluded() -> None:
    query = parse('dog -cat "old house" -"new car"')
    assert [word.text for word in query.sought()] == ["dog", "old", "house"]


def test_meaning_is_asked_of_the_free_words_only() -> None:
    assert parse('a dog OR cat "old house" -rain').meaning() == "a dog cat"


def test_quotes_and_exclusions_are_musts() -> None:
    assert shape(parse('dog "old house" -rain').musts()) == [('"', "old", "house"), ("not", "rain")]


def test_a_correction_keeps_the_rest_of_the_string() -> None:
    query = parse('elefant "big elefant" -elefant')
    corrected = query.corrected({"elefant": "elephant"})
    assert corrected.text == 'elephant "big elephant" -elefant'
    assert shape(corrected.root) == ["elephant", ('"', "big", "elephant"), ("not", "elefant")]


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=400) | st.text(alphabet='ab -"OR\u200f\x00', max_size=400))
def test_any_string_has_a_tree(text: str) -> None:
    query = parse(text)
    assert len(query.words()) <= MAX_WORDS
    for word in query.words():
        assert text[word.position :].startswith(word.text)


@pytest.mark.parametrize("piece", ["a ", '"', '-"', "OR ", "a OR ", "-", '" "', "\x00", "é"])
def test_the_longest_strings_are_read_at_once(piece: str) -> None:
    text = (piece * MAX_CHARACTERS)[:MAX_CHARACTERS]
    started = time.perf_counter()
    parse(text)
    assert time.perf_counter() - started < 1
