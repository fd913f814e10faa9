"""Speech to text on real utterances, and on sound in which nobody speaks."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines import speech_windows
from indexing.engines.speech import RATE, speech_spans, tidy
from indexing.engines.speech_faster_whisper import HINTS, FasterWhisper, prompt
from indexing.engines.speech_suppression import doubt, echoes
from indexing.engines.speech_windows import quiet_place, windows
from tests.bench.bench_speech import READINGS, word_error_rate

OFFLINE = """
import socket, sys
from pathlib import Path
import numpy, soundfile

def refuse(*arguments, **options):
    raise AssertionError(f"the network was asked for: {arguments}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from indexing.analysers.speech import transcriber_class
sound, _ = soundfile.read(sys.argv[3], dtype="float32")
for part in transcriber_class(sys.argv[1])(Path(sys.argv[2]), 1).transcribe(sound):
    assert all(0 <= word.start <= word.end <= len(sound) / 16000 + 0.1 for word in part.words)
    print(part.language, len(part.words), part.text)
"""


@pytest.fixture(scope="module")
def whisper() -> FasterWhisper:
    if not weights.available("whisper-tiny-en"):
        pytest.skip(weights.shelf().reason("whisper-tiny-en"))
    return FasterWhisper(weights.path("whisper-tiny-en"), threads=1)


def reading(number: int) -> tuple[str, np.ndarray, str]:
    if not READINGS.is_dir():
        pytest.skip(f"The labelled recordings are not here: {READINGS}")
    row = list(csv.DictReader((READINGS / "manifest.csv").open()))[number]
    path = READINGS / row["file"]
    return str(path), soundfile.read(path, dtype="float32")[0], row["transcript"]


def tone(seconds: float) -> np.ndarray:
    """A chord that swells and dies every second."""
    time = np.arange(int(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6))
    return (0.2 * chord * np.abs(np.sin(np.pi * time))).astype(np.float32)


@pytest.mark.models
def test_an_utterance_is_understood_with_words_in_order(whisper: FasterWhisper) -> None:
    _, sound, transcript = reading(1)
    parts = list(whisper.transcribe(sound))
    words = [word for part in parts for word in part.words]
    assert word_error_rate([transcript], [" ".join(part.text for part in parts)]) <= 0.4
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(0 <= word.start <= word.end <= len(sound) / RATE + 0.1 for word in words)
    assert all(0 < word.confidence <= 1 for word in words)
    assert {part.language for part in parts} == {"en"}


@pytest.mark.models
def test_samples_that_are_no_numbers_are_silence(whisper: FasterWhisper) -> None:
    _, sound, transcript = reading(1)
    broken = np.concatenate([np.full(RATE, np.nan, np.float32), sound, np.full(RATE, np.inf, np.float32)])
    parts = list(whisper.transcribe(broken))
    assert word_error_rate([transcript], [" ".join(part.text for part in parts)]) <= 0.4
    assert parts[0].words[0].start >= 0.9


@pytest.mark.models
@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(160, np.float32),
        np.zeros(8 * RATE, np.float32),
        np.full(3 * RATE, np.nan, np.float32),
        np.random.default_rng(1).normal(0, 0.1, 8 * RATE).astype(np.float32),
        tone(8),
    ],
    ids=["empty", "a hundredth of a second", "silence", "not a number", "noise", "music"],
)
def test_nothing_is_made_up_where_nobody_speaks(whisper: FasterWhisper, sound: np.ndarray) -> None:
    assert list(whisper.transcribe(sound)) == []


@pytest.mark.models
@pytest.mark.parametrize("engine", ["faster-whisper", "whisperx"])
def test_no_engine_asks_for_the_network(engine: str) -> None:
    path, _, transcript = reading(1)
    if not weights.available("whisper-tiny-en"):
        pytest.skip(weights.shelf().reason("whisper-tiny-en"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OFFLINE, engine, str(weights.path("whisper-tiny-en")), path],
        capture_output=True, text=True, cwd=BASE_DIR, env=os.environ, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    spoken = [line for line in done.stdout.splitlines() if line.startswith("en ")]
    assert all(int(line.split()[1]) > 0 for line in spoken)
    heard = " ".join(line.split(" ", 2)[2] for line in spoken)
    assert word_error_rate([transcript], [heard]) <= 0.4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"no_speech_prob": 0.9}, ""),
        ({"no_speech_prob": 0.9, "avg_logprob": -1.1}, "silence"),
        ({"compression_ratio": 2.5}, "repetition"),
        ({"text": " Before. "}, "repetition"),
        ({"avg_logprob": -1.6}, "improbable"),
    ],
)
def test_what_whisper_makes_up_is_recognised(change: dict[str, object], reason: str) -> None:
    segment = {"text": "Hello.", "no_speech_prob": 0.1, "avg_logprob": -0.3, "compression_ratio": 1.1}
    assert doubt(SimpleNamespace(**{**segment, **change}), "Before.") == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Anna Seghers, Netty Reiling.", "echo of the glossary"),
        ("Seghers Netty Reiling", "echo of the glossary"),
        ("Anna Seghers.", ""),
        ("I met Anna Seghers, Netty Reiling.", ""),
        ("Netty Reiling, Anna Seghers", ""),
        ("", ""),
    ],
)
def test_hints_that_are_read_out_are_recognised(text: str, reason: str) -> None:
    assert echoes(text, ["Anna Seghers", "Netty Reiling", "Mainz"]) == reason
    assert echoes(text, []) == ""


def test_a_prompt_holds_the_first_hints_that_fit() -> None:
    assert prompt([]) == ""
    assert prompt(["Anna Seghers", "Mainz"]) == "Anna Seghers, Mainz"
    assert prompt(["a" * (HINTS + 1), "Mainz"]) == "Mainz"
    assert len(prompt([f"name{number}" for number in range(500)])) <= HINTS


@pytest.mark.models
def test_hints_are_not_heard_in_silence_and_noise_and_spell_what_is_said(whisper: FasterWhisper) -> None:
    hints = ["Wojciechowski", "Oberammergau", "Llanfairpwll"]
    noise = np.random.default_rng(1).normal(0, 0.1, 8 * RATE).astype(np.float32)
    assert list(whisper.transcribe(noise, hints=hints)) == []
    _, sound, transcript = reading(1)
    heard = " ".join(part.text for part in whisper.transcribe(sound, hints=[*hints, "whomsoever", "reciter"]))
    assert word_error_rate([transcript], [heard]) <= 0.4
    assert not any(hint in heard for hint in hints)


def test_sound_is_clipped_flattened_and_rid_of_what_is_no_number() -> None:
    assert tidy(np.array([[np.nan, 2.0], [-np.inf, 0.5]])).tolist() == [0.0, 1.0, 0.0, 0.5]


def test_windows_hold_every_sample_once_and_are_cut_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_windows, "WINDOW", 40.0)
    sound = np.random.default_rng(2).normal(0, 0.1, (2, 100 * RATE)).astype(np.float32)
    found = list(windows(np.array_split(sound, 9, axis=1)))
    assert np.array_equal(np.concatenate([piece for _, piece in found], axis=1), sound.clip(-1, 1))
    assert [first for first, _ in found] == np.cumsum([0, *(p.shape[1] for _, p in found[:-1])]).tolist()
    assert all(piece.shape[1] <= 40 * RATE for _, piece in found)


def test_windows_go_on_after_those_that_were_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_windows, "WINDOW", 40.0)
    sound = np.random.default_rng(2).normal(0, 0.1, (1, 100 * RATE)).astype(np.float32)
    whole = list(windows(np.array_split(sound, 9, axis=1)))
    later = list(windows(np.array_split(sound, 4, axis=1), passed=whole[1][0]))
    assert [first for first, _ in later] == [first for first, _ in whole[1:]]
    assert all(np.array_equal(one, other) for (_, one), (_, other) in zip(later, whole[1:], strict=True))


def test_no_sound_no_windows() -> None:
    assert list(windows([])) == []
    assert list(windows([np.empty((1, 0), np.float32)])) == []
    assert list(windows([np.zeros((1, 10), np.float32)], passed=10)) == []


def test_windows_know_no_samples_that_are_no_numbers() -> None:
    ((_, window),) = windows([np.array([[np.nan, 2.0, -np.inf, 0.5]], np.float32)])
    assert window.tolist() == [[0.0, 1.0, 0.0, 0.5]]


def test_a_cut_never_falls_into_a_word() -> None:
    _, sound, _ = reading(1)
    pause = np.zeros(RATE, np.float32)
    joined = np.concatenate([sound, pause, sound])
    assert len(sound) <= quiet_place(joined) <= len(sound) + len(pause) + 0.2 * RATE
    assert not any(start < quiet_place(joined) < end for start, end in speech_spans(joined))
