"""Sentences cut out of segments, and their places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from indexing.analysers.sentences import LONGEST, finding, moved, sentences
from indexing.engines.speech import Segment, Word


def segment(text: str, pauses: dict[int, float] | None = None, length: float = 0.4) -> Segment:
    """Words of `length` seconds, each after the one before, with pauses before those named by number."""
    words, second = [], 0.0
    for number, word in enumerate(text.split()):
        second += (pauses or {}).get(number, 0.0)
        words.append(Word(word, second, second + length, 0.5 + 0.1 * (number % 2)))
        second += length
    return Segment(text, 0.0, second, "en", 0.5, words)


def texts(found: Iterator[Segment]) -> list[str]:
    return [each.text for each in found]


def test_sentences_end_at_marks_and_pauses() -> None:
    whole = segment("It was late at night. Was it? so it seemed then nothing", {9: 1.0})
    assert texts(sentences([whole])) == ["It was late at night.", "Was it? so it", "seemed then nothing"]


def test_an_abbreviation_at_the_start_does_not_end_a_sentence() -> None:
    assert texts(sentences([segment("Mr. Jones was late for tea.")])) == ["Mr. Jones was late for tea."]


def test_endless_speech_is_cut_and_keeps_every_word() -> None:
    whole = segment(" ".join(f"word{number}" for number in range(120)))
    parts = list(sentences([whole]))
    assert all(part.end - part.start <= LONGEST + 1e-6 for part in parts)
    assert " ".join(part.text for part in parts) == whole.text
    assert all(before.end <= after.start + 1e-6 for before, after in pairwise(parts))


def test_a_sentence_is_as_sure_as_its_words_on_average() -> None:
    (part,) = sentences([segment("two words")])
    assert part.confidence == pytest.approx(0.55)


def test_a_segment_without_timed_words_passes_unchanged() -> None:
    bare = Segment("Hello.", 1.0, 2.0, "en", 0.9)
    assert list(sentences([bare])) == [bare]


def test_a_moved_segment_stays_within_its_window() -> None:
    placed = moved(segment("one two three"), 10.0, 11.0)
    assert (placed.start, placed.end) == (10.0, 11.0)
    assert [(word.start, word.end) for word in placed.words] == [(10.0, 10.4), (10.4, 10.8), (10.8, 11.0)]


def test_words_are_the_parts_of_the_fact() -> None:
    fact = finding(segment("one two"), {"channel": 1})
    assert (fact.kind, fact.text, fact.language) == ("speech", "one two", "en")
    assert [(word.kind, word.text, word.details) for word in fact.children] == [
        ("word", "one", {"channel": 1}),
        ("word", "two", {"channel": 1}),
    ]
