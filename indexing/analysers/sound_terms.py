"""The sounds that are shown: clear terms for groups of AudioSet's classes, kept in sound_terms.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

TABLE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Term:
    """A sound that people search for. `classes` and `rivals` are AudioSet's names; `threshold` is in 0..1;
    `within` is the general term that is dropped where this one is heard."""

    name: str
    classes: Sequence[str]
    threshold: float
    within: str = ""
    rivals: Sequence[str] = ()

    @property
    def low(self) -> float:
        """The score at which a span that is believed goes on."""
        return self.threshold / 2


@lru_cache
def terms() -> Sequence[Term]:
    """All terms, in the order of the table."""
    return [Term(name, **row) for name, row in tomllib.loads(TABLE.read_text()).items()]


class Scorer:
    """Scores of terms out of scores of classes."""

    def __init__(self, labels: Sequence[str]) -> None:
        """`labels` are the names of the classes. Raises ValueError where a term wants another."""
        self.terms = terms()
        self._members = [_columns(term.classes, labels) for term in self.terms]
        self._rivals = [_columns(term.rivals, labels) for term in self.terms]
        names = [term.name for term in self.terms]
        self._general = [[names.index(above) for above in _above(term)] for term in self.terms]

    def plain(self, scores: np.ndarray) -> np.ndarray:
        """The best class of each term, float (n, terms), from float (n, classes)."""
        return np.stack([scores[:, members].max(axis=1) for members in self._members], axis=1)

    def score(self, scores: np.ndarray) -> np.ndarray:
        """The same, 0 where a rival is surer or a more special term is heard."""
        own = self.plain(scores)
        for number, rivals in enumerate(self._rivals):
            for rival in rivals:
                own[scores[:, rival] > own[:, number], number] = 0
        heard = own >= np.array([term.low for term in self.terms])
        for number, general in enumerate(self._general):
            own[np.ix_(np.flatnonzero(heard[:, number]), np.array(general, int))] = 0
        return own


def _columns(classes: Sequence[str], labels: Sequence[str]) -> list[int]:
    return [list(labels).index(name) for name in classes]


def _above(term: Term) -> list[str]:
    """The general terms of a term, from the nearest on."""
    found = []
    by_name = {each.name: each for each in terms()}
    while term.within:
        found.append(term.within)
        term = by_name[term.within]
    return found
