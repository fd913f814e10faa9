"""How far two phones are apart: the share of articulatory features, weighted, in which they differ.

Features and weights are panphon's (Mortensen et al. 2016, "PanPhon: A Resource for Mapping IPA Segments to
Articulatory Feature Vectors"). Its tables are read without the package, whose import takes seconds.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

GAIN = 4.5
"""What raises the features' share to the cost of a swap; the best of 3, 4.5 and 6 on half of the
utterances of tests.bench.bench_mentions."""
INDEL = 0.7
"""The cost of a phone too many or too few; a substitution costs 0 to 1."""
STEPS = {"+": 1.0, "0": 0.0, "-": -1.0}


@lru_cache(maxsize=1)
def _features() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The features (k,) of every segment in -1..1, and the weights (k,) of features, which sum to 1."""
    spec = find_spec("panphon")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The package panphon is not installed.")
    folder = Path(spec.origin).parent / "data"
    _, *rows = _table(folder / "ipa_all.csv")
    names, weights = _table(folder / "feature_weights.csv")
    segments = {
        unicodedata.normalize("NFD", row[0]): np.array([STEPS[each] for each in row[1 : len(names) + 1]])
        for row in rows
    }
    numbers = np.array(weights, np.float64)
    return segments, numbers / numbers.sum()


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@lru_cache(maxsize=1000)
def _vector(phone: str) -> tuple[float, ...]:
    """The features of a phone; of a diphthong the mean of its segments; zeros where it is not known."""
    segments, weights = _features()
    plain = unicodedata.normalize("NFD", phone)
    known = [segments[plain]] if plain in segments else [segments[each] for each in plain if each in segments]
    return tuple(np.mean(known, axis=0) if known else np.zeros(len(weights)))


def substitutions(phones: Sequence[str]) -> np.ndarray:
    """The cost 0..1 of hearing one phone for another: float32 of shape (n, n), symmetric, 0 for itself."""
    _, weights = _features()
    table = np.array([_vector(phone) for phone in phones]).reshape(len(phones), len(weights))
    apart = (np.abs(table[:, None] - table[None]) / 2 * weights).sum(2)
    costs: np.ndarray = np.minimum(1.0, GAIN * apart).astype(np.float32)
    return costs


def families(costs: np.ndarray, near: float) -> np.ndarray:
    """A number for each phone (n,): to swap phones of different numbers costs `near` or more."""
    numbers = np.full(len(costs), -1)
    for seed in range(len(costs)):
        if numbers[seed] < 0:
            _join(costs < near, numbers, seed, numbers.max() + 1)
    return numbers


def _join(close: np.ndarray, numbers: np.ndarray, seed: int, number: int) -> None:
    waiting = [seed]
    while waiting:
        phone = waiting.pop()
        numbers[phone] = number
        waiting.extend(int(other) for other in np.flatnonzero(close[phone] & (numbers < 0)))
