"""A stretch of music in a few numbers that can be added up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexing.engines.music.features import FRAMES_A_SECOND, Features
from indexing.engines.music.tempo import Tempo, tempo_of

SAME_TEMPO = 0.04
"""Tempi that differ by no more than this share are one."""


class Summary(NamedTuple):
    """Means over a stretch of `seconds`; the chroma is a sum. `level` is in dBFS; `flux` is the mean
    rise of the log-mel bands from frame to frame."""

    seconds: float
    logits: np.ndarray
    embedding: np.ndarray
    chroma: np.ndarray
    level: float
    flux: float
    tempo: Tempo | None


def summary(heard: Features) -> Summary:
    """What was heard in one stretch."""
    return Summary(
        heard.seconds,
        heard.logits.mean(axis=0),
        heard.embeddings.mean(axis=0),
        heard.chroma.sum(axis=0),
        float(heard.level.mean()),
        float(heard.flux.mean()),
        tempo_of(heard.flux, FRAMES_A_SECOND),
    )


def together(parts: Sequence[Summary]) -> Summary:
    """Several stretches as one: long ones count for more."""
    lengths = np.array([part.seconds for part in parts])
    weights = lengths / lengths.sum()
    return Summary(
        float(lengths.sum()),
        weights @ np.stack([part.logits for part in parts]),
        weights @ np.stack([part.embedding for part in parts]),
        np.sum([part.chroma for part in parts], axis=0),
        float(weights @ [part.level for part in parts]),
        float(weights @ [part.flux for part in parts]),
        _common_tempo(parts),
    )


def _common_tempo(parts: Sequence[Summary]) -> Tempo | None:
    """The tempo that holds for the longest time."""
    found = [(part.tempo, part.seconds) for part in parts if part.tempo]
    if not found:
        return None

    def held(tempo: Tempo) -> float:
        return sum(length for other, length in found if abs(other.bpm / tempo.bpm - 1) <= SAME_TEMPO)

    return max((tempo for tempo, _ in found), key=lambda tempo: (held(tempo), tempo.clarity))
