"""Stretches of labelled voices with who speaks, and what a worse recording does to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

from dam.env import BASE_DIR
from indexing.engines.voice_embedder import RATE, VoiceEmbedder

MEDIA = BASE_DIR.parent / "shared" / "media"
READERS, DIGITS, MEETINGS = (
    MEDIA / name for name in ("speech_librispeech", "spoken_digits", "diarization_ami")
)
Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


class Stretch(NamedTuple):
    """Mono samples at RATE in which one person speaks, from one recording or utterance."""

    person: str
    recording: str
    samples: np.ndarray


class Heard(NamedTuple):
    """Vectors of unit length, shape (n, 256), with whose they are and where from."""

    people: np.ndarray
    recordings: np.ndarray
    vectors: np.ndarray


def readers(seconds: float) -> list[Stretch]:
    """Consecutive crops of the utterances of speech_librispeech."""
    return [
        Stretch(path.parent.name, path.stem, crop)
        for path in sorted(READERS.glob("*/*.flac"))
        for crop in crops(sound(path), seconds)
    ]


def digits(seconds: float) -> list[Stretch]:
    """Spoken digits joined, each used once, so that two stretches share no sound."""
    spoken: dict[str, list[np.ndarray]] = defaultdict(list)
    for path in sorted(DIGITS.glob("*.wav")):
        spoken[path.stem.split("_")[1]].append(sound(path))
    return [
        Stretch(person, f"{person} {number}", crop)
        for person, each in sorted(spoken.items())
        for number, crop in enumerate(crops(np.concatenate(each), seconds))
    ]


def meetings(seconds: float) -> list[Stretch]:
    """Crops of the 30-second meetings in which, by their labels, exactly one person speaks."""
    return [Stretch(person, name, crop) for name, person, alone in _alone() for crop in crops(alone, seconds)]


def crops(samples: np.ndarray, seconds: float) -> Iterator[np.ndarray]:
    """Consecutive parts of that length; what is left at the end is dropped."""
    length = int(seconds * RATE)
    for first in range(0, len(samples) - length + 1, length):
        yield samples[first : first + length]


def sound(path: Path) -> np.ndarray:
    """A mono file at RATE."""
    samples, rate = soundfile.read(path, dtype="float32")
    return samples if rate == RATE else resample_poly(samples, RATE, rate).astype(np.float32)


def telephone(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """300 to 3400 Hz, as a line carries it."""
    return sosfilt(butter(4, (300, 3400), "band", fs=RATE, output="sos"), samples)


def noisy(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """White noise 15 dB below the voice."""
    return samples + random.normal(0, samples.std() * 10 ** (-15 / 20), len(samples))


def roomy(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A made room: noise that falls by 60 dB in 0.4 s, as loud as the direct sound."""
    time = np.arange(int(0.4 * RATE)) / RATE
    room = random.normal(0, 1, len(time)) * 10 ** (-3 * time / 0.4)
    room /= np.linalg.norm(room)
    room[0] += 1.0
    return fftconvolve(samples, room)[: len(samples)]


CHANGES: Sequence[Change] = (telephone, noisy, roomy)


def heard(stretches: Sequence[Stretch], embedder: VoiceEmbedder, change: Change | None = None) -> Heard:
    """The vectors of stretches as they are, or changed; the change is the same each time."""
    random = np.random.default_rng(1)
    sounds = [change(each.samples, random) if change else each.samples for each in stretches]
    vectors = [embedder.embed(np.asarray(each, np.float32)) for each in sounds]
    return Heard(
        np.array([each.person for each in stretches]),
        np.array([each.recording for each in stretches]),
        np.stack(vectors),
    )


def joined(*parts: Heard) -> Heard:
    return Heard(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def of(sample: Heard, people: Sequence[str]) -> Heard:
    """What those people said."""
    theirs = np.isin(sample.people, people)
    return Heard(*(each[theirs] for each in sample))


def pairs(ones: Heard, others: Heard) -> tuple[np.ndarray, np.ndarray]:
    """The cosines of all pairs of one person in two recordings, and of all pairs of two people."""
    cosines = ones.vectors @ others.vectors.T
    same = ones.people[:, None] == others.people
    apart = ones.recordings[:, None] != others.recordings
    once = np.triu(np.ones_like(same), 1) if ones is others else np.ones_like(same)
    return cosines[same & apart & once], cosines[~same & once]


def _alone() -> Iterator[tuple[str, str, np.ndarray]]:
    """File, speaker, and all that this speaker says while the others are silent."""
    for labels in sorted(MEETINGS.glob("debug.*.rttm")):
        turns: dict[str, list[list[str]]] = defaultdict(list)
        for line in labels.read_text().splitlines():
            turns[line.split()[1]].append(line.split())
        for name, lines in turns.items():
            path = MEETINGS / f"{name}.wav"
            if path.exists():
                yield from ((name, *each) for each in _solos(sound(path), lines))


def _solos(samples: np.ndarray, lines: Sequence[Sequence[str]]) -> Iterator[tuple[str, np.ndarray]]:
    people = sorted({line[7] for line in lines})
    speaks = np.zeros((len(people), len(samples)), bool)
    for line in lines:
        first = int(float(line[3]) * RATE)
        speaks[people.index(line[7]), first : first + int(float(line[4]) * RATE)] = True
    for person, row in zip(people, speaks, strict=True):
        yield person, samples[row & (speaks.sum(0) == 1)]
