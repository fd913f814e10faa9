"""Text to speech with Piper, run as a program of its own within limits of time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.decoding import programs

START_SECONDS = 120.0  # for the program to load the voice, on a busy machine
SECONDS_PER_LETTER = 0.2  # some 50 times what a letter takes one core
LONGEST = 2000  # characters of one text
WORD = re.compile(r"\w")


class VoiceError(Exception):
    """A text cannot be spoken; the message is for a person."""


class Utterance(NamedTuple):
    """What was spoken: mono int16 samples of shape (n,), at `rate` samples a second."""

    samples: np.ndarray
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def speak(texts: Sequence[str], voice: Path, pace: float = 1.0) -> list[Utterance]:
    """One utterance for each text, by the voice in a folder (one .onnx with its .onnx.json).

    `pace` above 1 is faster than the voice was trained. Raises VoiceError for a text without a word or with
    more than LONGEST characters, for a folder without a voice, and where the program fails or takes too long.
    Piper is GPL-3: it is started, never imported; the texts go in by its standard input.
    """
    lines = [_line(text) for text in texts]
    if not lines:
        return []
    with tempfile.TemporaryDirectory() as folder:
        command = ["--model", str(_model(voice)), "--output-dir", folder, "--length-scale", f"{1 / pace:.3f}"]
        _run(command, lines)
        files = sorted(Path(folder).glob("*.wav"), key=lambda path: int(path.stem))
        if len(files) != len(lines):
            raise VoiceError(f"The voice spoke {len(files)} of {len(lines)} texts.")
        return [_utterance(path) for path in files]


def _line(text: str) -> str:
    """The text on one line, as the program reads it."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not WORD.search(line):
        raise VoiceError(f"There is no word to speak in {text[:40]!r}.")
    if len(line) > LONGEST:
        raise VoiceError(f"A text of {len(line)} characters is too long to speak; {LONGEST} are allowed.")
    return line


def _model(voice: Path) -> Path:
    models = sorted(voice.glob("*.onnx"))
    if not models or not models[0].with_name(f"{models[0].name}.json").exists():
        raise VoiceError(f"There is no voice in {voice.name}: it needs an .onnx file with its .onnx.json.")
    return models[0]


def _run(command: Sequence[str], lines: Sequence[str]) -> None:
    allowed = START_SECONDS + SECONDS_PER_LETTER * sum(map(len, lines))
    program = programs.within_limits([sys.executable, "-I", "-m", "piper", *command], 2 * allowed)
    try:
        done = subprocess.run(
            program,
            input="".join(f"{line}\n" for line in lines).encode(),
            capture_output=True,
            timeout=allowed,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise VoiceError(f"Speaking took longer than {allowed:.0f} seconds and was stopped.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise VoiceError(f"The voice failed: {said[-1][:300] if said else 'it crashed or met its limits'}.")


def _utterance(path: Path) -> Utterance:
    with wave.open(str(path)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        return Utterance(samples.reshape(-1, sound.getnchannels())[:, 0], sound.getframerate())
