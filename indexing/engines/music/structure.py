"""The form of a piece: where its sections begin, and which of them are alike (A B A)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from string import ascii_uppercase
from typing import NamedTuple

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.signal import find_peaks

REACH = 12
"""Steps on either side of a boundary that are compared: half the side of the checkerboard."""
LEAST_NOVELTY = 0.12
"""The novelty, as a share of the greatest possible, from which a boundary is believed."""
SHORTEST = 8
"""Steps of the shortest section."""
ALIKE = 0.35
"""The cosine distance of the means below which two sections bear one letter."""


class Section(NamedTuple):
    """Steps [start, end) and a letter that sections of the same sound share."""

    start: int
    end: int
    label: str


def sections(features: np.ndarray, most: int) -> list[Section]:
    """The sections of evenly spaced features (n, d), at most `most`; together they cover all steps.

    A boundary is a peak of the checkerboard novelty of the self-similarity matrix (Foote, "Automatic audio
    segmentation using a measure of audio novelty", ICME 2000), of more than `most` the clearest ones. The
    matrix itself is never made, so memory grows with n. Letters come from average-linkage clustering.
    """
    if not len(features):
        return []
    scaled = _scaled(features)
    bounds = [0, *_boundaries(scaled, most - 1), len(features)]
    spans = list(pairwise(bounds))
    labels = _letters(np.stack([scaled[start:end].mean(axis=0) for start, end in spans]))
    return [Section(start, end, label) for (start, end), label in zip(spans, labels, strict=True)]


def novelty(unit: np.ndarray, reach: int = REACH) -> np.ndarray:
    """For each of n unit vectors (n, d), how much the stretch before differs from the one after: 0..1."""
    side = np.exp(-0.5 * ((np.arange(reach) + 0.5) / (reach / 2)) ** 2)
    side /= side.sum()
    found = np.zeros(len(unit))
    for step in range(1, len(unit)):
        size = min(reach, step, len(unit) - step)
        before = side[:size] @ unit[step - size : step][::-1]
        after = side[:size] @ unit[step : step + size]
        found[step] = float(((before - after) ** 2).sum()) / 4
    return found


def _scaled(features: np.ndarray) -> np.ndarray:
    """Every dimension with mean 0 and deviation 1, every step of length 1; what never moves is 0."""
    centred = features - features.mean(axis=0)
    scaled = centred / np.maximum(features.std(axis=0), 1e-6)
    unit: np.ndarray = scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-9)
    return unit


def _boundaries(unit: np.ndarray, most: int) -> list[int]:
    peaks, facts = find_peaks(novelty(unit), height=LEAST_NOVELTY, distance=SHORTEST)
    inside = (peaks >= SHORTEST) & (peaks <= len(unit) - SHORTEST)
    peaks, heights = peaks[inside], facts["peak_heights"][inside]
    kept = peaks[np.argsort(-heights)[: max(0, most)]]
    return sorted(int(peak) for peak in kept)


def _letters(means: np.ndarray) -> Sequence[str]:
    """A letter for each section, in the order in which letters appear."""
    if len(means) == 1:
        return ["A"]
    groups = fcluster(linkage(_unit(means), "average", metric="cosine"), ALIKE, "distance")
    order = list(dict.fromkeys(groups.tolist()))
    return [_letter(order.index(group)) for group in groups.tolist()]


def _letter(number: int) -> str:
    """A to Z, then A2, B2 and so on."""
    again, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(again + 1) if again else "")


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
