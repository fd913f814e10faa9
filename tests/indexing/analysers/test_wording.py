"""Counted things in English, and alternative text that screen readers can speak."""

from __future__ import annotations

import pytest

from indexing.analysers.wording import ALT_LENGTH, alt_text, counted, cut, listed, plural


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [
        ("dog", 1, "a dog"),
        ("apple", 1, "an apple"),
        ("person", 2, "two people"),
        ("bus", 3, "three buses"),
        ("wine glass", 2, "two wine glasses"),
        ("sheep", 4, "four sheep"),
        ("knife", 10, "ten knives"),
        ("person", 30, "many people"),
        ("scissors", 1, "scissors"),
    ],
)
def test_things_are_counted_in_words(name: str, number: int, words: str) -> None:
    assert counted(name, number) == words


def test_the_last_word_takes_the_plural() -> None:
    assert [plural(name) for name in ("cell phone", "city", "toy", "bench")] == [
        "cell phones",
        "cities",
        "toys",
        "benches",
    ]


def test_a_list_ends_with_and() -> None:
    assert [listed(words) for words in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        ("An image of a dog on a beach.", "A dog on a beach"),
        ("this is a picture of the photo of a cat", "A cat"),
        ("a close up photograph of two roses", "Two roses"),
        ("A view of the harbour; boats", "The harbour; boats"),
        ("Picture frames on a wall.", "Picture frames on a wall"),
        ("IMG_2041.JPG a dog on DSC00012", "A dog on"),
        ("holiday.jpeg", ""),
        ("", ""),
    ],
)
def test_alternative_text_says_what_is_there(caption: str, text: str) -> None:
    assert alt_text(caption) == text


def test_alternative_text_is_cut_where_a_phrase_ends() -> None:
    long = "Two people and a dog on a beach in the evening sun; " + "many boats and many birds " * 6
    short = alt_text(long)
    assert len(short) <= ALT_LENGTH
    assert long.startswith(short)
    assert not short.endswith((" ", ";", ",", "and"))
    assert cut("word " * 40, 50).endswith("word")
    assert len(cut("x" * 80, 50)) == 50
