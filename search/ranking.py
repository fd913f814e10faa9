"""Ordering, as pure functions on lists."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from search.results import Moment

RRF_K = 60
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods", SIGIR 2009, section 3."""

COMMON = 10_000
"""A word on this many assets or more counts least."""


def fuse(rankings: Iterable[Sequence[int]], k: int = RRF_K) -> list[int]:
    """One ranking of ids from several: the sum of 1 / (k + rank) over the rankings that hold an id.

    Ties keep the order of first appearance, so earlier rankings win them. Each ranking holds an id once.
    """
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, pk in enumerate(ranking, start=1):
            scores[pk] += 1 / (k + rank)
    return sorted(scores, key=lambda pk: -scores[pk])


def rarity(assets: int) -> float:
    """The weight of a word that so many assets hold: ln(1 + COMMON / assets), an inverse document
    frequency (Robertson and Zaragoza 2009, "The probabilistic relevance framework", section 3.1) within a
    library of fixed size, so that a word's weight does not move as the library grows."""
    return math.log1p(COMMON / max(1, min(assets, COMMON)))


def best_moments(moments: Iterable[Moment], limit: int) -> list[Moment]:
    """The first moments, in the order given, without those that say the same thing for the same reason."""
    distinct: dict[tuple[str, str], Moment] = {}
    for moment in moments:
        distinct.setdefault((moment.reason, moment.text.casefold()), moment)
    return list(islice(distinct.values(), limit))
