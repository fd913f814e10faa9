"""Recordings of every shape reach the transcriber whole, second for second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from indexing.analysers.contract import Context, Finding, MediaError
from indexing.analysers.speech import Speech
from indexing.media import open_media
from tests.indexing.analysers.test_speech import Level, no_weights


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    """A tone in every channel in each second but the third."""
    time = np.arange(int(seconds * rate)) / rate
    sound = 0.1 * np.sin(2 * np.pi * 440 * time) * (time // 1 != 2)
    return np.repeat(sound[:, np.newaxis], channels, axis=1)


def heard(path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    monkeypatch.setattr(Speech, "_transcriber", lambda self, context: Level())
    return list(Speech().analyse(open_media("audio", path, seconds), Context(no_weights)))


@pytest.mark.parametrize(
    ("rate", "channels"),
    [(8000, 1), (192_000, 1), (48_000, 8)],
    ids=["telephone", "master", "eight channels"],
)
def test_every_rate_and_number_of_channels_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: int, channels: int
) -> None:
    soundfile.write(tmp_path / "sound.wav", tone(5, rate, channels), rate)
    found = heard(tmp_path / "sound.wav", 5, monkeypatch)
    assert [round(each.place.start or 0) for each in found] == [0, 1, 3, 4]


def test_a_silent_channel_does_not_silence_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = tone(5, 16_000, 2)
    sound[:, 1] = 0
    soundfile.write(tmp_path / "sound.wav", sound, 16_000)
    assert len(heard(tmp_path / "sound.wav", 5, monkeypatch)) == 4


def test_a_recording_without_a_sample_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "sound.wav", np.zeros((0, 1)), 16_000)
    with pytest.raises(MediaError, match="holds no sound that can be decoded"):
        heard(tmp_path / "sound.wav", 0, monkeypatch)


def test_what_lies_around_corrupt_frames_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sound.flac"
    soundfile.write(path, tone(30, 16_000), 16_000)
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + len(raw) // 20] = bytes(len(raw) // 20)
    path.write_bytes(raw)
    starts = {round(each.place.start or 0) for each in heard(path, 30, monkeypatch)}
    assert {0, 1, 3, 4, 5} <= starts
    assert max(starts) >= 20
