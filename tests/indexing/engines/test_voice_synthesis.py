"""Texts are spoken one by one by a program of its own; what cannot be spoken is refused first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing import weights
from indexing.engines import voice_synthesis
from indexing.engines.voice_synthesis import LONGEST, VoiceError, speak

VOICE = "piper-en-us-joe"


@pytest.mark.parametrize("text", ["", " ", "...", "\x00\n"])
def test_a_text_without_words_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="no word"):
        speak([text], tmp_path)


def test_an_endless_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="too long"):
        speak(["a" * (LONGEST + 1)], tmp_path)


def test_a_folder_without_a_voice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="no voice"):
        speak(["Good evening."], tmp_path)
    (tmp_path / "voice.onnx").write_bytes(b"")
    with pytest.raises(VoiceError, match="no voice"):
        speak(["Good evening."], tmp_path)


def test_a_broken_voice_fails_with_the_programs_words(tmp_path: Path) -> None:
    (tmp_path / "voice.onnx").write_bytes(b"not a network")
    (tmp_path / "voice.onnx.json").write_text("{}")
    with pytest.raises(VoiceError, match="The voice failed"):
        speak(["Good evening."], tmp_path)


def test_a_voice_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "voice.onnx").write_bytes(b"not a network")
    (tmp_path / "voice.onnx.json").write_text("{}")
    monkeypatch.setattr(voice_synthesis, "START_SECONDS", 0.0)
    monkeypatch.setattr(voice_synthesis, "SECONDS_PER_LETTER", 0.002)
    with pytest.raises(VoiceError, match="was stopped"):
        speak(["Good evening."], tmp_path)


def test_nothing_is_spoken_without_a_program(tmp_path: Path) -> None:
    assert speak([], tmp_path) == []


@pytest.mark.models
def test_each_text_is_an_utterance_and_haste_shortens_it() -> None:
    if not weights.available(VOICE):
        pytest.skip(weights.shelf().reason(VOICE))
    texts = [
        "A woman opens a door.",
        "Two boats\nleave the harbour, and gulls follow them out to sea. --help",
    ]
    short, long = speak(texts, weights.path(VOICE))
    assert 0.7 < short.seconds < 3 < long.seconds < 10
    assert short.samples.dtype == np.int16
    assert np.abs(short.samples).max() > 3000
    (hasty,) = speak(texts[:1], weights.path(VOICE), pace=1.5)
    assert hasty.seconds < 0.85 * short.seconds
