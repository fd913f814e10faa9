"""What is heard in a passage of music, step by step: pulse, pitch classes, timbre, level, tags."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from scipy.fft import dct

from indexing.engines.music.hearing import Networks
from indexing.engines.music.musicnn import HOP, RATE, SECONDS, log_mel
from indexing.engines.music.musicnn_network import FRAMES

FRAMES_A_SECOND = RATE / HOP
CHROMA_HOP = 1024
STEP_FRAMES = 68
STEP = STEP_FRAMES * HOP / RATE
"""Seconds of a step: 1.088. Eight patches of the network are 22 of them."""
BLOCK = 8 * FRAMES * HOP
LEAD = 16 * CHROMA_HOP
"""Samples heard on either side of a block: longer than the filter of the lowest note."""
COEFFICIENTS = 13
LOWEST = 1e-10


class Features(NamedTuple):
    """A passage of m mel frames, s steps and p patches: `flux` (m,), the rise of the mel bands from frame to
    frame; by step `chroma` (s, 12) from C, `timbre` (s, 13), MFCC, and `level` (s,) in dBFS; by patch
    `logits` (p, outputs of the networks) and `embeddings` (p, 200)."""

    flux: np.ndarray
    chroma: np.ndarray
    timbre: np.ndarray
    level: np.ndarray
    logits: np.ndarray
    embeddings: np.ndarray

    @property
    def seconds(self) -> float:
        return len(self.flux) / FRAMES_A_SECOND

    def between(self, first: int, last: int) -> Features:
        """The steps [first, last), with every patch that begins in them, and at least one."""
        patch = min(int(first * STEP / SECONDS + 0.5), len(self.logits) - 1)
        until = max(patch + 1, int(last * STEP / SECONDS + 0.5))
        return Features(
            self.flux[first * STEP_FRAMES : last * STEP_FRAMES],
            self.chroma[first:last],
            self.timbre[first:last],
            self.level[first:last],
            self.logits[patch:until],
            self.embeddings[patch:until],
        )


class Listener:
    """Takes the sound of one passage in pieces of any length; keeps 1.4 kB for each second of it and two
    blocks of sound."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._sound = np.zeros(LEAD, np.float32)
        self._found: list[Features] = []

    def add(self, samples: np.ndarray) -> None:
        """The next samples, mono float32 at 16 kHz."""
        self._sound = np.concatenate([self._sound, np.nan_to_num(samples)])
        while len(self._sound) >= BLOCK + 2 * LEAD:
            self._hear(BLOCK)

    def finish(self) -> Features:
        """Everything that was heard; with no sound, features of no frames."""
        self._sound = np.pad(self._sound, (0, LEAD))
        while (left := len(self._sound) - 2 * LEAD) > 0:
            self._hear(min(left, BLOCK))
        parts = self._found or [self._nothing()]
        return Features(*(np.concatenate(values) for values in zip(*parts, strict=True)))

    def _nothing(self) -> Features:
        empty, heard = np.empty(0, np.float32), self._networks.nothing()
        chroma, timbre = np.empty((0, 12), np.float32), np.empty((0, COEFFICIENTS), np.float32)
        return Features(empty, chroma, timbre, empty, heard.logits, heard.embeddings)

    def _hear(self, length: int) -> None:
        sound, self._sound = self._sound[: length + 2 * LEAD], self._sound[length:]
        frames = max(1, length // HOP)
        mel = log_mel(sound)[LEAD // HOP - 1 : LEAD // HOP + frames]
        own = mel[1:]
        enough = len(own) >= FRAMES or not self._found
        inner = sound[LEAD : LEAD + length]
        heard = self._networks.hear(own, inner) if enough else self._networks.nothing()
        self._found.append(
            Features(
                np.maximum(0, np.diff(mel, axis=0)).mean(axis=1),
                _steps(_chroma(sound)[LEAD // CHROMA_HOP :], STEP_FRAMES * HOP // CHROMA_HOP, frames),
                _steps(dct(own, norm="ortho", axis=1)[:, :COEFFICIENTS], STEP_FRAMES, frames),
                _level(inner, frames),
                heard.logits,
                heard.embeddings,
            )
        )


def _chroma(sound: np.ndarray) -> np.ndarray:
    """Strength of the twelve pitch classes, (frames, 12), from a constant-Q transform."""
    import librosa

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Trying to estimate tuning from empty frequency set")
        chroma: np.ndarray = librosa.feature.chroma_cqt(y=sound, sr=RATE, hop_length=CHROMA_HOP, norm=None)
    return chroma.T.astype(np.float32)


def _level(sound: np.ndarray, frames: int) -> np.ndarray:
    power = _steps((sound[:, None] ** 2), STEP_FRAMES * HOP, frames)[:, 0]
    level: np.ndarray = 10 * np.log10(np.maximum(power, LOWEST))
    return level


def _steps(values: np.ndarray, length: int, frames: int) -> np.ndarray:
    """Means of `length` rows in a row, one for each step of the block, the last of what is left."""
    count = -(-frames // STEP_FRAMES)
    return np.stack([values[min(n * length, len(values) - 1) :][:length].mean(axis=0) for n in range(count)])
