"""Sounds made on the spot, and media that hold them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexing.analysers.contract import MediaKind, Sound


class MadeSound:
    """Samples in memory as media: (channels, n) at their own rate; `None` for a film without sound."""

    kind: MediaKind = "audio"

    def __init__(self, samples: np.ndarray | None, rate: int = 16000) -> None:
        self.rate = rate
        self.channels = None if samples is None else np.atleast_2d(samples).astype(np.float32)
        self.duration: float | None = None if self.channels is None else self.channels.shape[1] / rate

    def sound(self) -> Sound | None:
        return None if self.channels is None else Sound(self.rate, len(self.channels))

    def sample_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        for chunk in self.channel_chunks(rate, seconds):
            yield chunk.mean(axis=0)

    def channel_chunks(self, rate: int, seconds: float) -> Iterator[np.ndarray]:
        assert rate == self.rate, "sound made for a test is not resampled"
        size = max(1, round(rate * seconds))
        if self.channels is not None:
            for first in range(0, self.channels.shape[1], size):
                yield self.channels[:, first : first + size]


def babble(seconds: float = 12.0, rate: int = 16000, seed: int = 0) -> np.ndarray:
    """Like a voice: gliding overtones and breath, in syllables with pauses, over faint noise; (n,)."""
    chance = np.random.default_rng(seed)
    at = np.arange(int(seconds * rate)) / rate
    pitch = 140 + 40 * np.sin(2 * np.pi * 0.4 * at + seed) + 15 * np.sin(2 * np.pi * 1.7 * at)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    numbers = range(1, int(0.45 * rate / 195))
    voice = sum(np.sin(number * phase + number) / number for number in numbers)
    syllables = np.clip(np.sin(2 * np.pi * 3 * at) + 0.4, 0, 1) * (np.sin(2 * np.pi * 0.2 * at) > -0.6)
    smooth = np.convolve(syllables, np.hanning(rate // 20) / np.hanning(rate // 20).sum(), "same")
    breath = chance.normal(0, 0.15, len(at))
    return (0.08 * (voice + breath) * smooth + chance.normal(0, 1e-4, len(at))).astype(np.float32)


def hum(pitch: float, level: float, seconds: float = 12.0, rate: int = 16000) -> np.ndarray:
    """A steady tone with two overtones; `level` is its amplitude; (n,)."""
    at = np.arange(int(seconds * rate)) / rate
    return level * sum(np.sin(2 * np.pi * pitch * n * at + n) / n for n in (1, 2, 3))
