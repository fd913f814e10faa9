"""Which language is spoken where."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from indexing.engines.speech import RATE
from indexing.engines.speech_faster_whisper import _weight, detect
from indexing.engines.speech_languages import Stretch, grouped, heard, spoken, stretches

EN, DE, UNSURE = {"en": 0.99, "de": 0.01}, {"de": 0.9999, "en": 0.0001}, {"de": 0.6, "en": 0.4}


def seconds(*spans: tuple[float, float]) -> list[tuple[int, int]]:
    return [(round(start * RATE), round(end * RATE)) for start, end in spans]


@pytest.mark.parametrize(
    ("guesses", "before", "expected"),
    [
        ([], "", []),
        ([EN, EN], "", ["en", "en"]),
        ([EN, UNSURE, EN], "", ["en", "en", "en"]),
        ([UNSURE], "en", ["en"]),
        ([EN, DE, DE], "", ["en", "de", "de"]),
        ([EN, DE, EN], "", ["en", "de", "en"]),
        ([DE], "en", ["de"]),
        ([{"cy": 0.2, "la": 0.1}, {"la": 0.4, "cy": 0.3}], "", ["cy", "cy"]),
    ],
)
def test_a_language_changes_only_on_good_evidence(
    guesses: list[dict[str, float]], before: str, expected: list[str]
) -> None:
    assert spoken(guesses, before) == expected


def test_groups_are_long_enough_to_tell_a_language() -> None:
    spans = seconds((0, 1), (1.2, 2), (2.1, 4), (5, 9), (9.2, 14), (14.1, 15))
    assert grouped(spans) == seconds((0, 4), (5, 14), (14.1, 15))
    assert grouped([]) == []


def test_three_languages_in_one_window_are_parted_in_the_pauses() -> None:
    level = {0.1: {"en": 0.99}, 0.2: {"de": 0.99}, 0.3: {"fr": 0.99}}
    sound = np.concatenate([np.full(20 * RATE, each, np.float32) for each in level])
    spans = seconds((0, 9), (9.2, 19.5), (20.5, 30), (30.2, 39.5), (40.5, 50), (50.2, 59))
    asked: list[float] = []

    def detect(probe: np.ndarray) -> dict[str, float]:
        asked.append(len(probe) / RATE)
        return level[round(float(probe[0]), 1)]

    found = stretches(sound, spans, detect)
    assert [(each.start / RATE, each.end / RATE, each.language) for each in found] == [
        (0, 20, "en"), (20, 40, "de"), (40, 60, "fr"),
    ]  # fmt: skip
    assert len(asked) == 6


def test_without_voice_there_is_no_language() -> None:
    assert stretches(np.zeros(RATE, np.float32), [], lambda probe: {"en": 1.0}, "en") == []


DOUBT = {"ar": 0.43, "en": 0.38, "la": 0.1}


@pytest.mark.parametrize(
    ("guess", "before", "other"),
    [(DOUBT, "", "en"), (DOUBT, "en", ""), ({"ar": 0.5, "en": 0.4}, "", ""), ({"en": 0.4}, "", "")],
)
def test_a_second_language_comes_into_question_only_in_doubt(
    guess: dict[str, float], before: str, other: str
) -> None:
    (found,) = stretches(np.zeros(5 * RATE, np.float32), seconds((0, 5)), lambda probe: guess, before)
    assert found.other == other
    assert found.language == (before or max(guess, key=guess.__getitem__))


@pytest.mark.parametrize(
    ("arabic", "english", "expected"),
    [
        ([(-0.9, 10)], [(-0.3, 10)], "en"),
        ([(-0.3, 10)], [(-0.9, 10)], "ar"),
        ([(-0.2, 1), (-0.9, 30)], [(-0.5, 30)], "en"),
        ([(-0.9, 10)], [], "ar"),
        ([], [], "ar"),
    ],
)
def test_of_two_languages_that_one_is_right_whose_text_is_more_probable(
    arabic: list[tuple[float, int]], english: list[tuple[float, int]], expected: str
) -> None:
    texts = {"ar": arabic, "en": english}
    found = heard(Stretch(0, 9, "ar", "en"), texts.__getitem__, lambda part: part)
    assert found == (expected, texts[expected])


def test_a_loop_does_not_speak_for_its_language_however_probable_it_is() -> None:
    loop = SimpleNamespace(
        text="la la", avg_logprob=-0.35, tokens=range(224), compression_ratio=14.0, no_speech_prob=0.1
    )
    said = SimpleNamespace(
        text="said", avg_logprob=-0.53, tokens=range(20), compression_ratio=1.1, no_speech_prob=0.1
    )
    texts = {"ar": [loop], "en": [said]}
    assert heard(Stretch(0, 9, "ar", "en"), texts.__getitem__, _weight) == ("en", [said])


def test_a_language_without_doubt_is_heard_once() -> None:
    asked: list[str] = []

    def hear(language: str) -> list[tuple[float, int]]:
        asked.append(language)
        return []

    assert heard(Stretch(0, 9, "en"), hear, lambda part: part) == ("en", [])
    assert asked == ["en"]


class Probed:
    """What detect asks of Whisper: made guesses, one for a look without padding, one for one with it."""

    def __init__(self, quick: dict[str, float], whole: dict[str, float]) -> None:
        self.model = self.feature_extractor = self
        self.is_multilingual, self.nb_max_frames = True, 3000
        self.guesses = [quick, whole]
        self.widths: list[int] = []

    def __call__(self, sound: np.ndarray, padding: int = 160) -> np.ndarray:
        return np.zeros((80, len(sound) // 160), np.float32)

    def encode(self, features: np.ndarray) -> np.ndarray:
        self.widths.append(features.shape[1])
        return features

    def detect_language(self, encoded: np.ndarray) -> list[list[tuple[str, float]]]:
        guess = self.guesses[len(self.widths) - 1]
        return [[(f"<|{language}|>", share) for language, share in guess.items()]]


def test_a_certain_guess_from_a_few_seconds_is_enough() -> None:
    model = Probed({"en": 0.95, "la": 0.05}, {"la": 1.0})
    assert detect(model, np.zeros(8 * RATE, np.float32)) == {"en": 0.95, "la": 0.05}
    assert model.widths == [500]


def test_a_doubtful_guess_is_made_again_from_all_the_sound_as_whisper_was_trained() -> None:
    model = Probed({"la": 0.84, "en": 0.06}, {"en": 0.9, "la": 0.1})
    assert detect(model, np.zeros(8 * RATE, np.float32)) == {"en": 0.9, "la": 0.1}
    assert model.widths == [500, 3000]
