"""Which labels a picture deserves, and how sure that is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.vocabulary.background import Background
from indexing.vocabulary.labels import Label

CALIBRATION = Path(__file__).with_name("calibration.toml")
NEAR = "near"
"""In place of the kind, where a label goes with things that a detector knows."""
MOST = 15
"""Tags of one picture; the surest are kept."""


class Tag(NamedTuple):
    """A label that a picture deserves. `confidence` 0..1 is the share of such tags that are right."""

    label: Label
    confidence: float


@dataclass(frozen=True)
class Calibration:
    """What the likeness of a label is worth: confidence = 1 / (1 + exp(-(slope * cosine + offset))).

    `confirmed` is the offset of a label with which a detected thing goes, `alone` that of one on its likeness
    alone. The latter also has to be `unlike` standard deviations (by kind of label) above ordinary pictures,
    which is a threshold of each label's own. `floor` is the confidence from which a tag is shown. `written`
    is taken from the cosine where the label's words are written in the picture (the model reads).
    `suppressed` labels (kind/name) were measured to be wrong too often.
    """

    slope: float
    confirmed: float
    alone: float
    unlike: Mapping[str, float]
    floor: float
    written: float
    suppressed: frozenset[str] = frozenset()

    def confidence(self, cosines: np.ndarray, extraordinary: np.ndarray, confirmed: np.ndarray) -> np.ndarray:
        """Of labels (n,), the chance that each is right (n,); the other two are true or false (n,)."""
        offset = np.where(confirmed & extraordinary, max(self.confirmed, self.alone), self.alone)
        offset = np.where(confirmed & ~extraordinary, self.confirmed, offset)
        sure = 1 / (1 + np.exp(-(self.slope * cosines + offset)))
        chance: np.ndarray = np.where(confirmed | extraordinary, sure, 0.0)
        return chance


@lru_cache
def calibration() -> Calibration:
    """What was fitted on labelled photographs and comes with the project."""
    table = tomllib.loads(CALIBRATION.read_text())
    return Calibration(**{**table, "suppressed": frozenset(table["suppressed"])})


class Tagger:
    """Labels with their vectors, before a background of ordinary pictures."""

    def __init__(
        self,
        labels: Sequence[Label],
        vectors: Mapping[str, np.ndarray],
        background: Background,
        scale: Calibration,
    ) -> None:
        self._labels = [each for each in labels if f"{each.kind}/{each.name}" not in scale.suppressed]
        self._vectors = np.array([vectors[label.key] for label in self._labels])
        self._unlike = np.array([scale.unlike[NEAR if label.near else label.kind] for label in self._labels])
        self._background = background
        self._scale = scale

    def tags(self, picture: np.ndarray, seen: Collection[str] | None, written: str = "") -> list[Tag]:
        """The labels of a picture vector (d,), surest first.

        `seen` are the names of detected things, None where nobody looked; `written` is the text in the
        picture.
        """
        confidence = self._confidence(picture, seen, written)
        surest = np.argsort(-confidence, kind="stable")[:MOST]
        enough = surest[confidence[surest] >= self._scale.floor]
        return [Tag(self._labels[number], float(confidence[number])) for number in enough]

    def _confidence(self, picture: np.ndarray, seen: Collection[str] | None, written: str) -> np.ndarray:
        (cosines,), (deviations,) = self._background.compare(picture[None], self._vectors)
        names = [number for number, label in enumerate(self._labels) if is_written(label, written)]
        cosines[names] -= self._scale.written
        found = np.array([not set(label.near).isdisjoint(seen or ()) for label in self._labels])
        possible = np.array([_is_possible(label, seen) for label in self._labels])
        unlike = deviations >= self._unlike
        return np.where(possible, self._scale.confidence(cosines, unlike, found), 0.0)


def _is_possible(label: Label, seen: Collection[str] | None) -> bool:
    """Whether what was detected allows the label: what is done is done by somebody. What goes with a thing is
    allowed without it, and where nothing was detected all is."""
    return seen is None or bool(label.near) or label.kind != "action" or "person" in seen


def is_written(label: Label, text: str) -> bool:
    """Whether one of the label's words stands in the text, also in the plural."""
    return bool(text) and _pattern(label).search(text.lower()) is not None


@lru_cache(maxsize=4096)
def _pattern(label: Label) -> re.Pattern[str]:
    words = "|".join(re.escape(word.lower()) for word in label.words)
    return re.compile(rf"\b(?:{words})(?:s|es)?\b")
