"""Words and the turns they fall into."""

from __future__ import annotations

import random
import time
from typing import NamedTuple

from indexing.speakers import Turn, assigned, parts, speaker_of


class Word(NamedTuple):
    text: str
    start: float
    end: float


def words(text: str, start: float = 0.0, length: float = 0.5) -> list[Word]:
    return [Word(w, start + n * length, start + (n + 1) * length) for n, w in enumerate(text.split())]


def test_a_word_belongs_to_the_turn_that_covers_most_of_it() -> None:
    turns = [Turn(0.0, 1.2, 1), Turn(1.2, 3.0, 2)]
    assert assigned(words("a b c d"), turns) == [1, 1, 2, 2]
    assert assigned([Word("long", 1.0, 1.3)], turns) == [1]


def test_turns_may_come_in_any_order() -> None:
    assert assigned(words("a b c d"), [Turn(1.2, 3.0, 2), Turn(0.0, 1.2, 1)]) == [1, 1, 2, 2]


def test_where_nobody_speaks_the_nearest_turn_counts() -> None:
    turns = [Turn(0.0, 1.0, 1), Turn(5.0, 6.0, 2)]
    found = assigned([Word("after", 1.2, 1.5), Word("before", 4.5, 4.9), Word("last", 9.0, 9.5)], turns)
    assert found == [1, 2, 2]


def test_a_long_turn_that_ended_last_is_nearer_than_a_short_one_that_began_later() -> None:
    turns = [Turn(0.0, 10.0, 1), Turn(2.0, 3.0, 2), Turn(30.0, 31.0, 3)]
    assert assigned([Word("x", 11.0, 11.5)], turns) == [1]


def test_where_two_speak_at_once_the_one_who_spoke_before_goes_on() -> None:
    turns = [Turn(0.0, 4.0, 1), Turn(1.0, 2.0, 2)]
    assert assigned(words("a b c d e f"), turns) == [1] * 6
    assert assigned([Word("yes", 1.2, 1.5)], turns) == [2], "out of context the shorter turn is meant"


def test_without_turns_nobody_is_known() -> None:
    assert assigned(words("a b"), []) == [None, None]
    assert speaker_of(words("a b"), []) is None
    assert speaker_of([], [Turn(0.0, 1.0, 1)]) is None
    assert [part.speaker for part in parts(words("a b"), [])] == [None]
    assert parts([], [Turn(0.0, 1.0, 1)]) == []


def test_a_sentence_is_cut_where_the_speaker_changes() -> None:
    found = parts(words("how are you fine thanks"), [Turn(0.0, 1.5, 1), Turn(1.5, 2.5, 2)])
    assert [(part.speaker, " ".join(word.text for word in part.words)) for part in found] == [
        (1, "how are you"),
        (2, "fine thanks"),
    ]


def test_a_slip_of_a_border_does_not_cut_a_sentence() -> None:
    turns = [Turn(0.0, 1.0, 1), Turn(1.0, 1.3, 2), Turn(1.3, 3.0, 1)]
    told = [*words("one two"), Word("the", 1.0, 1.3), *words("three four", 1.3)]
    (part,) = parts(told, turns)
    assert (part.speaker, len(part.words)) == (1, 5)


def test_a_short_answer_alone_stays_who_said_it() -> None:
    (part,) = parts([Word("no", 1.0, 1.2)], [Turn(0.0, 0.9, 1), Turn(0.95, 1.3, 2)])
    assert part.speaker == 2


def test_every_word_is_kept_once_and_in_order() -> None:
    chance = random.Random(4)
    turns = [Turn(s, s + chance.uniform(0.1, 3), chance.randint(1, 3)) for s in range(0, 40, 2)]
    told = words(" ".join(f"w{n}" for n in range(100)), length=0.37)
    assert [word for part in parts(told, turns) for word in part.words] == told


def test_the_speaker_of_a_sentence_says_most_of_it() -> None:
    assert speaker_of(words("a b c"), [Turn(0.0, 0.6, 1), Turn(0.6, 1.5, 2)]) == 2


def test_twelve_hours_are_done_in_seconds() -> None:
    turns = [Turn(2.0 * n, 2.0 * n + 1.9, n % 5) for n in range(21_600)]
    told = words("w " * 100_000, length=0.43)
    begin = time.process_time()
    assert len(assigned(told, turns)) == len(told)
    assert time.process_time() - begin < 10
