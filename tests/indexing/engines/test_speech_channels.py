"""Recordings with a speaker on each channel are told from all others."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.speech import RATE
from indexing.engines.speech_channels import separate, without_crosstalk

RANDOM = np.random.default_rng(5)


def voice(seconds: int, loud: float = 0.2) -> np.ndarray:
    return RANDOM.normal(0, loud, seconds * RATE).astype(np.float32)


def turns(seconds: int, length: int, number: int, of: int) -> np.ndarray:
    """1 while it is the turn of that speaker, else 0."""
    return np.repeat(np.arange(seconds) // length % of == number, RATE).astype(np.float32)


def telephone(bleed: float) -> np.ndarray:
    left, right = (voice(60) * turns(60, 5, number, 2) for number in range(2))
    return np.stack([left + bleed * right, right + bleed * left])


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        (telephone(0.0), [0, 1]),
        (telephone(0.1), [0, 1]),
        (telephone(0.6), []),
        (np.stack([voice(20)] * 2), []),
        (np.stack([voice(20), np.zeros(20 * RATE, np.float32)]), []),
        (np.stack([voice(20), voice(20)]), []),
        (np.zeros((2, 5 * RATE), np.float32), []),
        (np.full((2, 5 * RATE), np.nan, np.float32), []),
        (np.stack([voice(60) * turns(60, 5, number, 3) for number in (0, 1, 3, 2)]), [0, 1, 3]),
        (np.stack([voice(60) * turns(60, 5, number, 8) for number in range(8)]), []),
    ],
    ids=["apart", "crosstalk", "one room", "mono", "one silent", "always both", "silence", "no numbers",
         "three of four", "too many"],
)  # fmt: skip
def test_channels_are_separate_where_one_at_a_time_has_the_word(
    sound: np.ndarray, expected: list[int]
) -> None:
    assert separate(np.array_split(sound, 3, axis=1)) == expected


def test_no_sound_has_no_channels() -> None:
    assert separate([]) == []


def test_crosstalk_is_silenced_and_both_are_heard_when_they_speak_at_once() -> None:
    sound = telephone(0.1)
    clean = without_crosstalk(sound)
    middle = slice(int(2 * RATE), int(3 * RATE))
    assert np.array_equal(clean[0, middle], sound[0, middle])
    assert not clean[1, middle].any()
    both = np.stack([voice(5), voice(5)])
    assert np.array_equal(without_crosstalk(both), both)


def test_a_chunk_that_ends_within_a_frame_keeps_its_length() -> None:
    assert without_crosstalk(voice(2)[np.newaxis, : RATE + 123]).shape == (1, RATE + 123)
