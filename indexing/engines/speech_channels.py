"""Recordings with a speaker on each channel: which channels those are, and their sound without crosstalk."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from indexing.engines.speech import RATE

FRAME = 0.5  # seconds over which levels are compared
QUIET = 1e-3  # root mean square (-60 dB of full scale) below which a frame is silence
APART = 12.0  # decibels by which a channel stands above the others while it has the word
SHARE = 0.7  # of the frames that are not silent: so many must belong to one channel alone
LEAST = 0.05  # of those frames: so many make a channel one of a speaker
MOST = 4  # channels that are transcribed on their own, which bounds time and memory
SURVEY = 1800.0  # seconds at the beginning from which it is decided


def separate(chunks: Iterable[np.ndarray]) -> list[int]:
    """The channels, counted from 0, that each carry a speaker of their own; empty where they do not.

    Chunks are float32 of shape (channels, n) at 16 kHz; the first SURVEY seconds are looked at. They are
    separate where one channel at a time stands APART from all others, and not always the same one.
    """
    leads = np.concatenate([np.empty(0, int), *(_leaders(levels(chunk, FRAME)) for chunk in _first(chunks))])
    active = leads[leads >= -1]
    alone = np.bincount(active[active >= 0])
    if not len(active) or alone.sum() < SHARE * len(active):
        return []
    speakers = [int(channel) for channel in np.flatnonzero(alone >= max(2, LEAST * len(active)))]
    return speakers if 2 <= len(speakers) <= MOST else []


def without_crosstalk(sound: np.ndarray) -> np.ndarray:
    """Each channel silenced where another is louder by APART decibels: float32 of shape (channels, n)."""
    step, reach = RATE // 10, 3
    loud = levels(sound, step / RATE)
    padded = np.pad(loud, ((0, 0), (reach, reach)), mode="edge")
    smooth = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1).max(-1)
    heard = smooth >= smooth.max(0) * 10 ** (-APART / 20)
    return np.asarray(sound * np.repeat(heard, step, axis=1)[:, : sound.shape[1]])


def levels(sound: np.ndarray, seconds: float) -> np.ndarray:
    """Root mean squares of frames of that many seconds, the last one filled with silence."""
    step = round(seconds * RATE)
    padded = np.pad(np.nan_to_num(sound), ((0, 0), (0, -sound.shape[1] % step)))
    power = (padded.reshape(len(sound), -1, step).astype(np.float64) ** 2).mean(-1)
    return np.asarray(np.sqrt(power))


def _leaders(level: np.ndarray) -> np.ndarray:
    """For each frame the channel that stands apart, -1 where none does, -2 where all are silent."""
    second, first = np.sort(level, axis=0)[-2:]
    leaders = np.where(first > second * 10 ** (APART / 20), level.argmax(0), -1)
    return np.where(first < QUIET, -2, leaders)


def _first(chunks: Iterable[np.ndarray]) -> Iterable[np.ndarray]:
    seen = 0
    for chunk in chunks:
        yield chunk
        seen += chunk.shape[1]
        if seen >= SURVEY * RATE:
            return
