"""Made voices: unit vectors around known directions."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.diarization.clustering import MOST, Local, assign, speakers

ACTIVE = np.ones(589, bool)


def voice(direction: int, noise: float = 0.02, seed: int = 0) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(0, noise, 256)
    vector[direction] += 1
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def heard(directions: list[int], clear: int = 100, first: int = 0) -> list[Local]:
    return [Local(first + n, ACTIVE, voice(d, seed=n), clear) for n, d in enumerate(directions)]


@pytest.mark.parametrize("number", [1, 2, 5])
def test_the_number_of_speakers_follows_from_the_voices(number: int) -> None:
    found = speakers(heard([n % number for n in range(20)]))
    assert sorted(found.argmax(1)) == list(range(number))
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_voice_no_speaker() -> None:
    assert len(speakers([])) == 0
    assert len(speakers([Local(0, ACTIVE, None, 0)])) == 0


def test_one_stray_window_is_no_speaker() -> None:
    assert len(speakers(heard([0] * 10 + [7]))) == 1


def test_who_says_little_in_a_long_recording_is_still_a_speaker() -> None:
    assert len(speakers(heard([0] * 1000 + [7] * 24))) == 2


def test_voices_in_the_window_of_a_short_recording_are_two_speakers_however_alike() -> None:
    assert len(speakers([Local(0, ACTIVE, voice(0, seed=seed), 100) for seed in (1, 2)])) == 2


def test_a_long_recording_is_clustered_within_bounds() -> None:
    assert sorted(speakers(heard([n % 3 for n in range(MOST + 700)])).argmax(1)) == [0, 1, 2]


def test_the_speakers_of_a_window_are_different_ones() -> None:
    voices = np.stack([voice(0, 0), voice(1, 0)])
    near = (0.9 * voices[0] + 0.5 * voices[1]) / np.linalg.norm(0.9 * voices[0] + 0.5 * voices[1])
    window = [Local(0, ACTIVE, near, 50), Local(0, ACTIVE, voices[0], 50), Local(0, ACTIVE, None, 0)]
    assert assign(window, voices) == [1, 0, None]


def test_more_voices_than_speakers_are_whom_they_are_most_like() -> None:
    window = [Local(0, ACTIVE, voice(0, seed=n), 50) for n in range(3)]
    assert assign(window, np.stack([voice(0, 0), voice(1, 0)])).count(0) == 2
    assert assign(window, np.zeros((0, 0), np.float32)) == [None] * 3
