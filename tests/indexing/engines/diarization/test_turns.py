"""Windows, turns and stretches, from made windows."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.diarization.clustering import Local
from indexing.engines.diarization.contract import RATE, Diarization, Turn, numbered
from indexing.engines.diarization.reconstruction import turns
from indexing.engines.diarization.segmentation import FRAMES, STEP, STEP_FRAMES, WINDOW, second_of, windows
from indexing.engines.diarization.separated import diarize_channels
from indexing.engines.diarization.stretches import clearest, overlapping, seconds_of

VOICES = np.eye(2, 256, dtype=np.float32)


def made(spans: list[tuple[int, int, int]], count: int) -> list[list[Local]]:
    """Windows that hear speakers 0 and 1 from one frame to another."""
    found = []
    for number in range(count):
        active = np.zeros((2, FRAMES), bool)
        for first, last, speaker in spans:
            begin = number * STEP_FRAMES
            active[speaker, max(0, first - begin) : max(0, last - begin)] = True
        found.append([Local(number, active[k], VOICES[k], 99) for k in (0, 1) if active[k].any()])
    return found


def spans(found: list[Turn]) -> list[tuple[int, float, float]]:
    return sorted((turn.speaker, round(turn.start, 2), round(turn.end, 2)) for turn in found)


def test_turns_come_back_with_their_overlap() -> None:
    found = turns(made([(50, 300, 0), (250, 700, 1)], 4), VOICES, 60.0)
    assert spans(found) == [
        (0, round(second_of(50), 2), round(second_of(300), 2)),
        (1, round(second_of(250), 2), round(second_of(700), 2)),
    ]
    assert all(turn.confidence == 1.0 for turn in found)


def test_a_breath_does_not_end_a_turn_and_a_pause_does() -> None:
    assert len(turns(made([(50, 100, 0), (120, 200, 0)], 1), VOICES, 60.0)) == 1
    assert len(turns(made([(50, 100, 0), (180, 300, 0)], 1), VOICES, 60.0)) == 2


def test_a_turn_on_which_windows_differ_is_less_sure() -> None:
    windows_ = made([(150, 580, 0)], 2)
    windows_[1] = [Local(1, windows_[1][0].active, VOICES[1], 99)]
    found = turns(windows_, VOICES, 60.0)
    assert min(turn.confidence or 0 for turn in found) < 0.8


def test_no_turn_outlasts_the_recording() -> None:
    assert turns(made([(0, 589, 0)], 1), VOICES, 4.0)[0].end == 4.0


def test_nobody_known_no_turns() -> None:
    assert turns([], np.zeros((0, 0), np.float32), 0.0) == []


@pytest.mark.parametrize("pieces", [1, 7, 400])
def test_windows_are_the_same_however_the_sound_is_cut(pieces: int) -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, 33 * RATE).astype(np.float32)
    found = list(windows(np.array_split(sound, pieces)))
    assert [first for first, _ in found] == [n * STEP for n in range(len(found))]
    assert found[-1][0] + WINDOW >= len(sound) > found[-1][0] + WINDOW - STEP
    for first, window in found:
        piece = sound[first : first + WINDOW]
        assert np.array_equal(window[: len(piece)], piece)
        assert not window[len(piece) :].any()


def test_no_sound_no_windows() -> None:
    assert list(windows([])) == list(windows([np.zeros(100, np.float32)])) == []


def test_speakers_are_numbered_as_they_appear() -> None:
    found = numbered(
        [Turn(5, 6, 0), Turn(1, 2, 4), Turn(3, 4, 0)], {0: VOICES[0], 4: VOICES[1], 9: VOICES[0]}
    )
    assert [(turn.start, turn.speaker) for turn in found.turns] == [(1, 1), (3, 2), (5, 2)]
    assert np.array_equal(found.voices[1], VOICES[1])
    assert sorted(found.voices) == [1, 2]


def test_a_speaker_is_heard_best_where_he_is_alone() -> None:
    told = [Turn(0, 9, 1), Turn(4, 6, 2), Turn(20, 22, 1), Turn(30, 31, 2), Turn(40, 80, 3)]
    assert overlapping(told) == [True, True, False, False, False]
    assert clearest(told) == {1: (0, 3.9), 2: (30, 31), 3: (40, 50)}
    assert seconds_of(told) == {1: 11, 2: 3, 3: 40}


def test_who_never_speaks_alone_is_heard_in_his_longest_turn() -> None:
    assert clearest([Turn(0, 9, 1), Turn(2, 3, 2), Turn(4, 6, 2)])[2] == (4, 6)


class Loudness:
    """A diarizer that takes every loud second for a turn of a new speaker."""

    name = "loudness"

    def diarize(self, chunks: object) -> Diarization:
        sound = np.concatenate(list(chunks))  # type: ignore[call-overload]
        loud = [n for n in range(len(sound) // RATE) if np.abs(sound[n * RATE : (n + 1) * RATE]).max() > 0.1]
        return Diarization([Turn(n, n + 1, n, 0.5) for n in loud], {n: VOICES[n % 2] for n in loud})


def test_each_channel_is_one_speaker_without_crosstalk() -> None:
    sound = np.zeros((3, 6 * RATE), np.float32)
    sound[2, : 2 * RATE], sound[0, 2 * RATE : 6 * RATE] = 0.5, 0.5
    sound[0, : 2 * RATE] = 0.01
    found = diarize_channels(Loudness(), lambda: np.array_split(sound, 2, axis=1), [0, 2])
    assert {turn.speaker for turn in found.turns if turn.start < 1.5} == {1}
    assert {turn.speaker for turn in found.turns if turn.end > 2.5} == {2}
    assert sorted(found.voices) == [1, 2]
