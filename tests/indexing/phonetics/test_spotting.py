"""Finding entries in transcripts, as written and by sound."""

from __future__ import annotations

import random
import time

import pytest

from indexing.phonetics import Entry, Spoken, search
from indexing.phonetics.pronunciation import pronounce


def spoken(text, confidence=0.6, language="en", pause_after=None):
    """Words a third of a second long each, one after the other."""
    words, second = [], 0.0
    for word in text.split():
        words.append(Spoken(word, second, second + 0.3, confidence, language))
        second += 0.3 + (2.0 if word == pause_after else 0.0)
    return words


def entry(text, *ways):
    return Entry(text, tuple(pronounce(way, "en") for way in (text, *ways)))


def found(entries, words, least=0.2):
    return [
        (entries[hit.entry].text, " ".join(word.text for word in words[hit.first : hit.last]), hit.by)
        for hit in search(entries, words, least)
    ]


def test_a_word_is_found_as_written_whatever_its_case_and_punctuation():
    words = spoken("So Mr. MERNEPTAH'S palace, was (Merneptah!) his")
    assert found([Entry("merneptah")], words) == [
        ("merneptah", "MERNEPTAH'S", "words"),
        ("merneptah", "(Merneptah!)", "words"),
    ]


def test_a_phrase_is_found_across_words_and_hyphens():
    words = spoken("a well-known Eiffel Tower guide")
    assert found([Entry("known Eiffel tower")], words) == [
        ("known Eiffel tower", "well-known Eiffel Tower", "words")
    ]
    assert found([Entry("Tower Eiffel")], words) == []


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("Sherburn", "colonel Sherbourne said"),
        ("lynches", "one man lintches a hundred"),
        ("whomsoever", "whom so ever thou"),
        ("palings", "along the pailings there"),
        ("withal", "a city with all the"),
        ("Jameson", "Halsey Jamieson came"),
    ],
)
def test_a_misspelt_name_is_found_by_its_sound(name, heard):
    hits = found([entry(name)], spoken(heard))
    assert [(text, by) for text, _, by in hits] == [(name, "sound")]


def test_another_way_to_say_it_is_found():
    words = spoken("then the nooz hat sang")
    assert found([Entry("Nuzhat", (pronounce("Nuzhat", "en"),))], words, 0.5) == []
    assert found([entry("Nuzhat", "nooz hat")], words, 0.5) == [("Nuzhat", "nooz hat", "sound")]


def test_what_does_not_sound_alike_is_not_found():
    words = spoken("the quick brown fox jumps over the lazy dog", 0.95)
    assert found([entry("Merneptah"), entry("Sherburn"), entry("Constantinople")], words) == []


def test_an_entry_without_sounds_is_found_as_written_only():
    assert found([Entry("Sherburn")], spoken("colonel Sherbourne")) == []


@pytest.mark.parametrize("short", ["Bo", "wot", "Al"])
def test_a_short_entry_is_found_as_written_only(short):
    sure = spoken(f"{short} beau what all awl bow")
    assert found([entry(short)], sure, 0.0) == [(short, short, "words")]


def test_a_sure_spelling_is_less_likely_to_be_wrong():
    (doubted,) = search([entry("palings")], spoken("pailings", 0.2), 0.0)
    (trusted,) = search([entry("palings")], spoken("pailings", 0.99), 0.0)
    assert 0 < trusted.confidence < doubted.confidence < 1
    assert doubted.distance == trusted.distance


def test_nothing_is_found_across_a_pause():
    assert found([entry("withal")], spoken("with all", pause_after="with")) == []
    assert found([entry("withal")], spoken("with all")) == [("withal", "with all", "sound")]


def test_overlapping_finds_of_an_entry_are_one_and_the_spelling_counts_more():
    words = spoken("dear Sherburn said")
    (hit,) = search([entry("Sherburn", "sherburn said")], words, 0.0)
    assert (hit.by, hit.first, hit.last, hit.distance) == ("words", 1, 2, 0.0)
    assert hit.confidence == pytest.approx(0.6)


def test_numbers_are_found_written_and_spoken():
    assert found([Entry("1984")], spoken("in 1984 we")) == [("1984", "1984", "words")]
    assert found([entry("1984")], spoken("in nineteen eighty four we")) == [
        ("1984", "nineteen eighty four", "sound")
    ]


def test_other_scripts_are_found_as_written():
    assert found([entry("Пушкин")], spoken("поэт Пушкин, писал", language="ru")) == [
        ("Пушкин", "Пушкин,", "words")
    ]
    assert found([Entry("東京")], spoken("私は 東京 タワー")) == [("東京", "東京", "words")]
    assert found([Entry("東京")], spoken("大東 京都")) == [("東京", "大東 京都", "words")]


def test_words_of_a_language_without_a_lexicon_are_no_obstacle():
    words = [*spoken("palings"), *spoken("Straße", language="xx"), *spoken("palings")]
    assert [hit.first for hit in search([entry("palings")], words, 0.0)] == [0, 2]


def test_a_phrase_of_more_than_ten_words_is_found_by_sound():
    phrase = "we hold these truths to be self evident that all men are created equal"
    heard = "and we hold these truce to be self evident that all men our created equal indeed"
    ((_, text, by),) = found([entry(phrase)], spoken(heard))
    assert by == "sound"
    assert text.startswith("we hold these truce")
    assert text.endswith("created equal")


def test_nothing_said_or_nothing_watched_finds_nothing():
    assert search([entry("Sherburn")], [], 0.0) == []
    assert search([], spoken("colonel Sherburn"), 0.0) == []
    assert search([Entry("..."), Entry("")], spoken("colonel ... Sherburn"), 0.0) == []


def test_ten_thousand_entries_are_looked_for_in_bounded_time():
    chance = random.Random(7)
    vocabulary = sorted(chance.sample(WORDS, 400))
    phones = [pronounce(word, "en") for word in vocabulary]
    entries = [
        Entry(f"{number}", (chance.choice(phones) + chance.choice(phones),)) for number in range(10_000)
    ]
    words = spoken(" ".join(chance.choices(vocabulary, k=60)), 0.9)
    began = time.process_time()
    hits = search(entries, words, 0.5)
    assert time.process_time() - began < 15
    assert hits


def lexicon_words():
    import sqlite3
    from pathlib import Path

    import gruut_lang_en

    with sqlite3.connect(Path(gruut_lang_en.__file__).parent / "lexicon.db") as database:
        rows = database.execute(
            "SELECT DISTINCT word FROM word_phonemes WHERE word GLOB '[a-z]*' LIMIT 40000"
        )
        return sorted({word for (word,) in rows if word.isalpha() and len(word) > 2})


WORDS = lexicon_words()
