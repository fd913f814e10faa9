"""Everything that the networks say of a passage of music, as one row of logits for each patch of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexing.engines.music.musicnn import NAMES, SECONDS, MusicNN, patches
from indexing.engines.music.musicnn_network import DIMENSIONS
from indexing.engines.yamnet import SECONDS as WINDOW_HOP
from indexing.engines.yamnet import Yamnet

LEAST = 1e-4  # YAMNet's scores are kept between this and 1 minus this before their logits are taken


class Heard(NamedTuple):
    """Of n patches: `logits` (n, outputs) in the order of the names of `Networks`, `embeddings` (n, 200)."""

    logits: np.ndarray
    embeddings: np.ndarray


class Networks:
    """musicnn and YAMNet side by side. `names` are "msd:...", "mtt:..." and "yamnet:..."."""

    def __init__(self, musicnn: MusicNN, yamnet: Yamnet) -> None:
        self._musicnn, self._yamnet = musicnn, yamnet
        self.names: Sequence[str] = (*NAMES, *(f"yamnet:{label}" for label in yamnet.labels))

    def hear(self, mel: np.ndarray, sound: np.ndarray) -> Heard:
        """A stretch as log-mel frames (m, 96) and as samples. What is left after whole patches is not heard
        apart; a stretch shorter than a patch is repeated."""
        heard = self._musicnn.hear(patches(mel))
        scores = np.concatenate([each.scores for each in self._yamnet.hear([sound])])
        own = np.stack([_mean_between(scores, n * SECONDS) for n in range(len(heard.logits))])
        return Heard(np.concatenate([heard.logits, _logit(own)], axis=1), heard.embeddings)

    def nothing(self) -> Heard:
        """What is heard in no sound."""
        return Heard(np.empty((0, len(self.names)), np.float32), np.empty((0, DIMENSIONS), np.float32))


def _mean_between(scores: np.ndarray, start: float) -> np.ndarray:
    """The mean score of each class in the windows that begin within the patch."""
    first = min(round(start / WINDOW_HOP), len(scores) - 1)
    last = max(first + 1, round((start + SECONDS) / WINDOW_HOP))
    mean: np.ndarray = scores[first:last].mean(axis=0)
    return mean


def _logit(scores: np.ndarray) -> np.ndarray:
    kept = np.clip(scores, LEAST, 1 - LEAST)
    logits: np.ndarray = np.log(kept / (1 - kept)).astype(np.float32)
    return logits
