"""Shots that look alike, put in order: stretches that two films share, and groups within one film."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

DRIFT = 1.0
"""Seconds by which the distance between two copies may change from one shot to the next."""


class Pair(NamedTuple):
    """A span of this asset, and one of another that looks like it; None where an asset is a still.

    `sure` pairs stand alone, others only beside a neighbour in the same order. `closeness` is 0..1.
    """

    other: int
    start: float | None
    end: float | None
    other_start: float | None
    other_end: float | None
    closeness: float
    sure: bool = True
    mirrored: bool = False

    @property
    def offset(self) -> float:
        return (self.other_start or 0.0) - (self.start or 0.0)


def shared(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs of each other asset, those that follow each other in both joined into one, closest first.

    What is left of the unsure ones after that is dropped.
    """
    ordered = sorted(set(pairs), key=lambda pair: (*_side(pair), pair.start or 0.0, -pair.closeness))
    found = [
        _joined(run)
        for _, group in groupby(ordered, key=_side)
        for run in _runs(list(group))
        if len(run) > 1 or run[0].sure
    ]
    return sorted(found, key=lambda pair: -pair.closeness)


def _side(pair: Pair) -> tuple[int, bool]:
    return pair.other, pair.mirrored


def _runs(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs of one other asset, parted into runs that go on in both at the same distance."""
    runs: list[list[Pair]] = []
    for pair in pairs:
        run = next((each for each in runs if _goes_on(each[-1], pair)), None)
        if run is None:
            runs.append([pair])
        else:
            run.append(pair)
    return runs


def _goes_on(last: Pair, pair: Pair) -> bool:
    """Whether a pair is a later place of both assets, at the same distance."""
    if pair.start is None or pair.other_start is None or last.start is None or last.other_start is None:
        return False
    later = pair.start > last.start and pair.other_start > last.other_start
    return later and abs(pair.offset - last.offset) <= DRIFT


def _joined(run: Sequence[Pair]) -> Pair:
    best = max(run, key=lambda pair: pair.closeness)
    return best._replace(
        start=run[0].start, end=run[-1].end, other_start=run[0].other_start, other_end=run[-1].other_end
    )


def groups(alike: np.ndarray) -> list[list[int]]:
    """The members of every group of two or more in a symmetric matrix (n, n) that says who is like whom."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(csr_array(alike), directed=False)
    members: list[list[int]] = [[] for _ in range(count)]
    for number, label in enumerate(labels):
        members[label].append(number)
    return [each for each in members if len(each) > 1]
