"""The voice detector: its shapes, that pieces give what the whole gives, and what it must bear."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexing.engines.voice_activity import AFTER, RATE, VoiceActivity
from tests.indexing.analysers.made_sound import babble


@pytest.fixture(scope="module")
def detector() -> VoiceActivity:
    return VoiceActivity()


@pytest.mark.parametrize("samples", [0, 1, 159, 160, 399, 400, 4000, 16001])
def test_there_is_a_row_for_each_hundredth_of_a_second(detector: VoiceActivity, samples: int) -> None:
    odds = detector.odds(np.zeros(samples, np.float32))
    assert odds.shape == (samples // 160, 3)
    stream = detector.stream()
    fed = np.concatenate([stream.feed(np.zeros(samples, np.float32)), stream.finish()])
    assert fed.shape == odds.shape


@pytest.mark.parametrize("size", [RATE, 5 * RATE + 7])
def test_pieces_give_what_the_whole_gives(detector: VoiceActivity, size: int) -> None:
    sound = babble(12)
    stream = detector.stream()
    parts = [stream.feed(sound[first : first + size]) for first in range(0, len(sound), size)]
    odds = np.concatenate([*parts, stream.finish()])
    whole = detector.odds(sound)
    assert odds.shape == whole.shape
    assert np.mean(np.abs(odds - whole) < 0.1) > 0.97


def test_a_stream_keeps_a_few_seconds_only(detector: VoiceActivity) -> None:
    stream = detector.stream()
    for _ in range(20):
        stream.feed(np.zeros(RATE, np.float32))
        assert len(stream._kept) <= 4 * RATE + AFTER


def test_samples_that_are_no_numbers_are_taken_for_silence(detector: VoiceActivity) -> None:
    stream = detector.stream()
    odds = np.concatenate([stream.feed(np.full(RATE * 2, np.nan, np.float32)), stream.finish()])
    assert np.isfinite(odds).all()
    assert odds.max() < 0.5


def test_speech_is_speech_and_no_music(detector: VoiceActivity, shared: Callable[..., Path]) -> None:
    folder = shared("media", "speech_librispeech")
    row = next(csv.DictReader((folder / "manifest.csv").open()))
    samples, rate = soundfile.read(folder / row["file"], dtype="float32")
    assert rate == RATE
    speech, singing, music = (detector.odds(samples) > 0.5).mean(axis=0)
    assert speech > 0.5
    assert max(singing, music) < 0.05
