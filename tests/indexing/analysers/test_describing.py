"""Descriptions never meet speech, fit their pauses, and say something new."""

from __future__ import annotations

import random

import pytest

from indexing.analysers.contract import Finding, Place
from indexing.analysers.describing import (
    MARGIN,
    SHORTEST,
    STRETCH,
    Span,
    describe,
    pauses,
    seconds_of,
    shortened,
)


def scene(text: str, start: float, end: float, accepted: bool = False) -> Finding:
    return Finding("caption", text, place=Place(start, end), accepted=accepted)


def said(scenes: list[Finding], quiet: list[Span]) -> list[tuple[str, float]]:
    return [(each.text, each.start) for each in describe(scenes, quiet)]


def test_pauses_keep_away_from_speech_on_both_sides() -> None:
    assert pauses([(4.0, 6.0), (5.0, 8.0)], 14.0) == [(0.0, 4.0 - MARGIN), (8.0 + MARGIN, 14.0)]


def test_a_short_pause_is_none_and_a_silent_film_has_many() -> None:
    assert pauses([(0.0, 5.0), (5.0 + 2 * MARGIN + SHORTEST - 0.1, 9.0)], 9.0) == []
    silent = pauses([], 40.0)
    assert len(silent) == 3
    assert silent[0][0] == 0
    assert silent[-1][1] == 40
    assert max(end - start for start, end in silent) <= STRETCH


def test_speech_outside_the_film_and_no_duration_do_no_harm() -> None:
    assert pauses([(8.0, 30.0)], 10.0) == [(0.0, 8.0 - MARGIN)]
    assert pauses([], 0.0) == []


def test_nothing_is_ever_said_over_speech_or_beyond_its_pause() -> None:
    chance = random.Random(5)
    words = ["harbour", "boats", "woman", "door", "with", "street", "and", "two", "dogs", "rain"]
    for _ in range(200):
        duration = chance.uniform(5, 120)
        talk = [(at := chance.uniform(0, duration), at + chance.uniform(0.2, 9)) for _ in range(12)]
        cuts = sorted(chance.uniform(0, duration) for _ in range(8))
        scenes = [
            scene(" ".join(chance.choices(words, k=chance.randint(1, 14))), start, end)
            for start, end in zip([0.0, *cuts], [*cuts, duration], strict=True)
        ]
        quiet = pauses(talk, duration)
        found = describe(scenes, quiet)
        assert len({each.pause for each in found}) == len(found)
        for each in found:
            assert 0 <= each.start < each.end <= duration + 1e-9
            assert all(each.end <= start or each.start >= end for start, end in talk)


def test_a_scene_is_described_when_it_comes_and_not_again() -> None:
    scenes = [scene("A woman opens a door.", 0, 8), scene("Two boats at sea.", 8, 30)]
    assert said(scenes, [(1.0, 6.0), (10.0, 16.0), (18.0, 24.0)]) == [
        ("A woman opens a door.", 1.0),
        ("Two boats at sea.", 10.0),
    ]


def test_the_newer_of_two_scenes_of_a_pause_is_said_where_the_first_is_known() -> None:
    scenes = [scene("A woman opens a door.", 0, 12), scene("Two boats at sea.", 12, 30)]
    assert said(scenes, [(1.0, 5.0), (9.0, 20.0)])[1] == ("Two boats at sea.", 12.0)


def test_what_a_person_accepted_is_said_first() -> None:
    scenes = [scene("A woman opens a door.", 0, 10), scene("A man leaves.", 0, 10, accepted=True)]
    assert said(scenes, [(1.0, 6.0)]) == [("A man leaves.", 1.0)]


def test_a_description_may_come_a_little_before_its_scene() -> None:
    assert said([scene("Two boats at sea.", 6, 20)], [(3.0, 7.0)]) == [("Two boats at sea.", 4.0)]
    assert said([scene("Two boats at sea.", 6, 20)], [(2.0, 6.0)]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A man riding a wave on top of a surfboard", "A man riding a wave."),
        ("Two people, a dog; beach at sunset", "Two people, a dog."),
        ("a dog", "A dog."),
    ],
)
def test_a_caption_is_cut_where_a_phrase_ends(text: str, words: str) -> None:
    assert shortened(text, seconds_of(words)) == words


def test_what_does_not_fit_is_not_cut_to_a_stump() -> None:
    assert shortened("Photographers waiting outside the courthouse", 1.0) == ""
    assert shortened("", 5.0) == ""
