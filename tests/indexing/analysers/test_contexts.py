"""Occasions with their mood: only on evidence of two kinds, and the evidence is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from indexing.analysers.contexts import Contexts
from indexing.analysers.contract import Context, Finding, Place
from tests.indexing.analysers.made_media import MadeMedia

WEDDING = Finding("event", "wedding", confidence=0.9)


def speech(text: str, start: float = 0.0, end: float = 5.0, language: str = "en") -> Finding:
    return Finding("speech", text, place=Place(start, end), confidence=0.9, language=language)


def contexts(*facts: Finding) -> list[Finding]:
    def of_kind(kind: str) -> Sequence[Finding]:
        return [fact for fact in facts if fact.kind == kind]

    context = Context(lambda name: Path(name), of_kind)
    return list(Contexts().analyse(MadeMedia("video", duration=60.0), context))


def test_a_likeness_and_what_is_said_make_a_claim_that_names_its_evidence() -> None:
    (found,) = contexts(WEDDING, speech("We are so happy, everybody is laughing"))
    assert (found.kind, found.text) == ("context", "joyful wedding")
    assert 0 < (found.confidence or 0) < 0.9
    assert found.details["event"] == "wedding"
    assert found.details["sentiment"] == "joyful"
    assert [(each["source"], each["says"]) for each in found.details["evidence"]] == [
        ("picture", "wedding"), ("speech", "laughing"), ("speech", "happy"),
    ]  # fmt: skip


def test_a_mood_is_not_taken_from_the_occasion_or_its_looks() -> None:
    assert contexts(WEDDING) == []
    assert contexts(Finding("event", "funeral", confidence=0.99), Finding("scene", "cemetery")) == []


def test_a_machines_caption_and_a_face_are_no_evidence() -> None:
    caption = Finding("caption", "happy people smiling and laughing with joy")
    face = Finding("face", "smiling happy joyful")
    assert contexts(WEDDING, caption, face) == []


def test_words_without_an_occasion_are_no_claim() -> None:
    assert contexts(speech("happy, joyful, delighted")) == []


def test_one_kind_of_source_is_not_enough() -> None:
    stated = Finding("event", "wedding")
    words = Finding("description", "A happy day full of joy and laughter")
    assert contexts(stated, words) == []
    assert [each.text for each in contexts(stated, words, speech("joy and delight"))] == ["joyful wedding"]


def test_a_single_word_however_often_is_not_enough() -> None:
    assert contexts(WEDDING, speech("happy happy"), speech("so happy", 10, 12)) == []


def test_mixed_feelings_are_no_claim() -> None:
    assert contexts(WEDDING, speech("happy and laughing, in tears and sorrow")) == []


def test_what_is_denied_does_not_count() -> None:
    assert contexts(WEDDING, speech("nobody laughed. It was not a happy day, never joyful.")) == []


def test_sounds_count_by_how_sure_they_are() -> None:
    def laughter(confidence: float) -> Finding:
        return Finding("sound", "Laughter", place=Place(1, 3), confidence=confidence)

    assert contexts(WEDDING, laughter(0.4)) == []
    (found,) = contexts(WEDDING, laughter(0.9), speech("what fun"))
    assert {each["source"] for each in found.details["evidence"]} == {"picture", "sound", "speech"}


def test_only_what_is_said_meanwhile_counts() -> None:
    memorial = Finding("event", "memorial service", place=Place(20, 30), confidence=0.8)
    words = "In grief and sorrow we mourn"
    assert contexts(memorial, speech(words, 40, 45)) == []
    (found,) = contexts(memorial, speech(words, 25, 45))
    assert (found.text, found.place) == ("somber memorial service", Place(20, 30))


def test_the_descriptions_of_the_file_hold_for_all_of_it() -> None:
    memorial = Finding("event", "memorial service", place=Place(20, 30), confidence=0.8)
    assert len(contexts(memorial, Finding("description", "Grief and sorrow after the flood"))) == 1


@pytest.mark.parametrize("language", ["de", "fr", "ja"])
def test_other_languages_are_not_read_with_an_english_lexicon(language: str) -> None:
    assert contexts(WEDDING, speech("happy fun joy", language=language)) == []


def test_the_claims_confidence_grows_with_the_evidence() -> None:
    (little,) = contexts(WEDDING, speech("happy, joyful"))
    (much,) = contexts(WEDDING, speech("happy, joyful, laughing, cheering, delighted"))
    assert (little.confidence or 0) < (much.confidence or 0) < (WEDDING.confidence or 0)
