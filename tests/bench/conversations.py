"""Conversations spliced from readings, with known turns and words' utterances."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from dam.env import BASE_DIR

RATE = 16_000
READINGS = BASE_DIR.parent / "shared" / "media" / "speech_librispeech"
QUIET = 0.03  # of the loudest tenth of a second: below it a reading has not begun, or has ended


class Utterance(NamedTuple):
    """A reading without the silence around it."""

    speaker: str
    transcript: str
    sound: np.ndarray


class Said(NamedTuple):
    """An utterance in a conversation, from `start` to `end` (seconds)."""

    start: float
    end: float
    speaker: str
    transcript: str


class Conversation(NamedTuple):
    """Mono float32 at 16 kHz, and what is said in it in order of time."""

    sound: np.ndarray
    said: Sequence[Said]


def utterances(folder: Path = READINGS) -> dict[str, list[Utterance]]:
    """The readings of every reader."""
    found: dict[str, list[Utterance]] = {}
    for row in csv.DictReader((folder / "manifest.csv").open()):
        sound = soundfile.read(folder / row["file"], dtype="float32")[0]
        found.setdefault(row["speaker"], []).append(
            Utterance(row["speaker"], row["transcript"], trimmed(sound))
        )
    return found


def trimmed(sound: np.ndarray) -> np.ndarray:
    """The sound without the quiet at its ends, to a fiftieth of a second."""
    step = RATE // 50
    level = np.sqrt((sound[: len(sound) // step * step].reshape(-1, step) ** 2).mean(1))
    loud = np.flatnonzero(level > QUIET * level.max())
    return sound[loud[0] * step : (loud[-1] + 1) * step]


def converse(readings: dict[str, list[Utterance]], speakers: int, seconds: float, seed: int) -> Conversation:
    """That many speakers take turns for about so long: pauses of 0.1 to 0.8 s, and at a fifth of the changes
    the next one begins 0.2 to 1 s before the other ends. Every speaker says something."""
    chance = random.Random(seed)
    voices = chance.sample(sorted(readings), speakers)
    waiting = {voice: chance.sample(readings[voice], len(readings[voice])) for voice in voices}
    said: list[Said] = []
    sound = np.zeros(int(0.3 * RATE), np.float32)
    order = list(voices)
    while len(sound) < seconds * RATE and any(waiting.values()):
        others = [v for v in voices if waiting[v] and not (said and said[-1].speaker == v)]
        voice = order.pop() if order else chance.choice(others or [v for v in voices if waiting[v]])
        utterance = waiting[voice].pop()
        overlaps = said and said[-1].speaker != voice and chance.random() < 0.2
        pause = -chance.uniform(0.2, 1.0) if overlaps else chance.uniform(0.1, 0.8)
        start = max(0, len(sound) + int(pause * RATE))
        sound = _mixed(sound, utterance.sound, start)
        said.append(
            Said(start / RATE, start / RATE + len(utterance.sound) / RATE, voice, utterance.transcript)
        )
    noise = np.random.default_rng(seed).normal(0, 1e-4, len(sound)).astype(np.float32)
    return Conversation(np.clip(sound + noise, -1, 1), sorted(said))


def _mixed(sound: np.ndarray, added: np.ndarray, start: int) -> np.ndarray:
    mixed = np.zeros(max(len(sound), start + len(added)), np.float32)
    mixed[: len(sound)] = sound
    mixed[start : start + len(added)] += added
    return mixed
