"""Voices heard in many windows become speakers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import squareform

from indexing.engines.diarization.contract import RATE
from indexing.engines.diarization.segmentation import FRAME, STEP, WINDOW

APART = 0.65  # mean cosine distance beyond which voices are two speakers'
CLEAR = round(0.8 * RATE / FRAME)  # frames of one voice alone that make a vector to be relied on
MOST = 2_000  # vectors compared with each other: 32 MB
BRIEF = 4  # windows; in fewer, 14 seconds, being heard in one is enough to be a speaker
FEW = 0.03  # of all clear speech: less is no speaker of its own,
ENOUGH = round(4 * WINDOW / STEP * RATE / FRAME)  # unless it lasts 4 s, each heard in several windows
SAME_WINDOW = 2.0  # the distance of two voices in one window, which are two speakers


class Local(NamedTuple):
    """One of the speakers of a window: in which of its frames he speaks (boolean), his voice (unit vector)
    where there was enough of it, and in how many of the frames he speaks alone."""

    window: int
    active: np.ndarray
    voice: np.ndarray | None
    clear: int


def speakers(heard: list[Local], apart: float = APART) -> np.ndarray:
    """The voices of the speakers, unit vectors of shape (speakers, 256); none where no voice was heard.

    Agglomerative clustering, average linkage on cosine distance, of at most MOST vectors taken evenly over
    the recording; how many speakers there are follows from `apart`.
    """
    known = [each for each in heard if each.voice is not None]
    known = [each for each in known if each.clear >= CLEAR] or known
    known = known[:: -(-len(known) // MOST) or 1]
    if not known:
        return np.zeros((0, 0), np.float32)
    voices = np.stack([each.voice for each in known if each.voice is not None])
    weights = np.array([max(each.clear, 1) for each in known], float)
    windows = np.array([each.window for each in known])
    labels = _labels(voices, windows, apart)
    found = [
        np.average(voices[labels == label], axis=0, weights=weights[labels == label])
        for label in _lasting(labels, weights, windows)
    ]
    centres = np.stack(found)
    unit: np.ndarray = (centres / np.linalg.norm(centres, axis=1, keepdims=True)).astype(np.float32)
    return unit


def assign(window: list[Local], voices: np.ndarray) -> list[int | None]:
    """Which speaker each of a window's speakers is: different ones, as like as can be; None without voice.

    Those beyond the number of speakers are the one they are most like.
    """
    known = [number for number, each in enumerate(window) if each.voice is not None]
    found: list[int | None] = [None] * len(window)
    if known and len(voices):
        likeness = np.stack([voices @ window[number].voice for number in known])
        best = dict(enumerate(int(each) for each in likeness.argmax(1)))
        best.update(
            (int(row), int(column)) for row, column in zip(*linear_sum_assignment(-likeness), strict=True)
        )
        for row, number in enumerate(known):
            found[number] = best[row]
    return found


def _labels(voices: np.ndarray, windows: np.ndarray, apart: float) -> np.ndarray:
    if len(voices) == 1:
        return np.ones(1, int)
    distance = np.clip(1 - voices @ voices.T, 0, 2).astype(float)
    distance[windows[:, None] == windows[None]] = SAME_WINDOW
    np.fill_diagonal(distance, 0)
    labels: np.ndarray = fcluster(linkage(squareform(distance, checks=False), "average"), apart, "distance")
    return labels


def _lasting(labels: np.ndarray, weights: np.ndarray, windows: np.ndarray) -> list[int]:
    """The labels that stand for a speaker; the one with most speech always does."""
    said = {int(label): weights[labels == label].sum() for label in np.unique(labels)}
    least, fewest = min(FEW * weights.sum(), ENOUGH), 1 if len(np.unique(windows)) < BRIEF else 2
    kept = [label for label, weight in said.items() if weight > least and (labels == label).sum() >= fewest]
    return kept or [max(said, key=lambda label: said[label])]
