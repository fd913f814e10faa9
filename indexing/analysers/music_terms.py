"""The words for music, and how clearly a passage answers to each of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

Usual = Mapping[str, Sequence[float]]

TERMS = Path(__file__).with_name("music_terms.toml")
REFERENCE = Path(__file__).with_name("music_reference.toml")
NARROWEST = 0.6
"""The least deviation of a logit: tags that the reference never heard would else be found everywhere."""
RAREST = -6.5
"""The logit below which an output counts as this: what nobody would tag so is not compared."""


class Terms:
    """The terms of music_terms.toml for networks whose outputs have those names.

    An output counts by how many deviations its logit exceeds the mean of the reference set (see
    docs/analysers/music.md), a term by the mean of its outputs. `usual` is another reference: mean and
    deviation by output.
    """

    def __init__(self, names: Sequence[str], usual: Usual | None = None) -> None:
        self._columns = {name: number for number, name in enumerate(names)}
        self._terms = vocabulary()
        self._mean = np.zeros(len(names))
        self._deviation = np.ones(len(names))
        for name, (mean, deviation) in (usual or reference()["outputs"]).items():
            self._mean[self._columns[name]] = mean
            self._deviation[self._columns[name]] = max(deviation, NARROWEST)

    def scores(self, kind: str, logits: np.ndarray) -> dict[str, float]:
        """Deviations above the usual of each term of the kind, for logits (outputs,), clearest first."""
        height = (np.maximum(logits, RAREST) - np.maximum(self._mean, RAREST)) / self._deviation
        scored = {
            term: float(np.mean([height[self._columns[output]] for output in outputs]))
            for term, outputs in self._terms[kind].items()
        }
        return dict(sorted(scored.items(), key=lambda item: -item[1]))


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The outputs that speak for each term, by kind."""
    return tomllib.loads(TERMS.read_text())


@lru_cache(maxsize=1)
def reference() -> Mapping[str, Usual]:
    """Mean and deviation over the reference set: [outputs] of each output's logits, [signal] of what is
    measured without a network."""
    return tomllib.loads(REFERENCE.read_text())


def squashed(score: float) -> float:
    """Deviations as a share: 0 is a half, 2 is 0.88."""
    return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))
