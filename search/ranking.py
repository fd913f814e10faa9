"""Ordering, as pure functions on lists."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from search.results import Moment

if TYPE_CHECKING:
    from search.backends.base import Neighbour

RRF_K = 60
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods", SIGIR 2009, section 3."""

COMMON = 10_000
"""A word on this many assets or more counts least."""

WORTH_OF_WORDS = 1.5
"""What it adds to a picture's cosine that its facts hold all words of the query as strongly as can be.
Chosen on every other of 110 labelled photographs (tests/bench/bench_search_quality.py)."""

SHARE_OF_BEST = 0.4
"""A picture answers only with this share of the best one's cosine. On 110 labelled photographs it leaves
recall at 10 as it is and shortens the answer from 14 pictures to 9; at 0.5 recall begins to fall."""


def fuse(rankings: Iterable[Sequence[int]], k: int = RRF_K) -> list[int]:
    """One ranking of ids from several: the sum of 1 / (k + rank) over the rankings that hold an id.

    Ties keep the order of first appearance, so earlier rankings win them. Each ranking holds an id once.
    """
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, pk in enumerate(ranking, start=1):
            scores[pk] += 1 / (k + rank)
    return sorted(scores, key=lambda pk: -scores[pk])


def fitting(found: Iterable[Neighbour], held: Mapping[int, float], floor: float) -> list[Neighbour]:
    """The neighbours that answer, best first by score: the cosine, and what words the asset holds (0..1 by
    id). The score is at least the floor and not far behind the best cosine.

    Less alike than the mean picture (a cosine of 0 or less) none answers, whatever words it holds.
    """
    scored = [(each.similarity + WORTH_OF_WORDS * held.get(each.asset_id, 0.0), each) for each in found]
    alike = [(score, each) for score, each in scored if each.similarity > 0]
    lowest = max(floor, SHARE_OF_BEST * max((each.similarity for _, each in alike), default=0.0))
    kept = [(score, each) for score, each in alike if score >= lowest]
    return [each for _, each in sorted(kept, key=lambda pair: -pair[0])]


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
