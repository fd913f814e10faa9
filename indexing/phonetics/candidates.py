"""Which pairs of phone strings may sound alike: all that do, and few others, without aligning them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from indexing.phonetics.alignment import distances
from indexing.phonetics.distances import INDEL, families, substitutions
from indexing.phonetics.pronunciation import Phones

LEVELS = (0.15, 0.3, 0.5, INDEL)
"""Costs at which phones are grouped: those that cost less to swap are one family of the level."""
BLOCK = 2_000_000
"""Pairs that are compared at a time: about 30 MB."""


ROUNDING = np.float32(1e-3)


class Limit(NamedTuple):
    """How far a pair may be apart: the value of `wanted` (n,) less that of `heard` (m,), at most `most`."""

    wanted: np.ndarray
    heard: np.ndarray
    most: float

    def of(self, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
        """The limits of pairs, by their indices."""
        limits: np.ndarray = np.minimum(self.wanted[ones] - self.heard[others], np.float32(self.most))
        return limits


class Sounds:
    """Phone strings of one inventory as numbers, to be compared with each other."""

    def __init__(self, *strings: Sequence[Phones]) -> None:
        """`strings` are the lists that will be compared; their phones make up the inventory."""
        known = {phone for each in strings for phones in each for phone in phones}
        self._numbers = {phone: number for number, phone in enumerate(sorted(known))}
        self._costs = substitutions(sorted(known))
        self._levels = [
            (families(self._costs, level), level - below) for below, level in pairwise((0.0, *LEVELS))
        ]

    def alike(
        self, wanted: Sequence[Phones], heard: Sequence[Phones], limit: Limit
    ) -> Iterator[tuple[int, int, float]]:
        """(index in wanted, index in heard, distance) wherever the distance is within the limit.

        The distance is the cost of the cheapest alignment for each phone of what is wanted.
        """
        if not wanted or not heard:
            return
        rows, columns = self._matrix(wanted), self._matrix(heard)
        lengths = (rows >= 0).sum(1)
        for ones, others in self._possible(rows, columns, limit):
            apart = distances(rows[ones], columns[others], self._costs, INDEL) / lengths[ones]
            for place in np.flatnonzero(apart <= limit.of(ones, others)):
                yield int(ones[place]), int(others[place]), float(apart[place])

    def _matrix(self, strings: Sequence[Phones]) -> np.ndarray:
        """Phone numbers (n, longest), padded with -1."""
        table = np.full((len(strings), max(map(len, strings))), -1)
        for row, phones in zip(table, strings, strict=True):
            row[: len(phones)] = [self._numbers[phone] for phone in phones]
        return table

    def _possible(
        self, rows: np.ndarray, columns: np.ndarray, limit: Limit
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Blocks of pairs (indices of rows, of columns) whose distance has a lower bound within the limit.

        The difference of lengths must be made up by phones too many or too few. Each further phone costs at
        least the highest level at which it has no counterpart in its family.
        """
        ours, theirs = self._paired(self._tally(rows), self._tally(columns))
        lengths, others = (rows >= 0).sum(1)[:, None], (columns >= 0).sum(1)[None]
        step = max(1, BLOCK // len(columns))
        for first in range(0, len(rows), step):
            size = lengths[first : first + step]
            least = np.abs(size - others) * np.float32(INDEL) + np.minimum(size, others) * LEVELS[-1]
            least -= ours[first : first + step] @ theirs.T
            some = np.arange(first, first + len(size))[:, None]
            allowed = limit.of(some, np.arange(len(columns))[None]) * size
            found, at = np.nonzero(least <= allowed + ROUNDING)
            yield found + first, at

    def _tally(self, table: np.ndarray) -> np.ndarray:
        """How many phones of each family of each level a string has (n, families)."""
        flat = np.where(table >= 0, table, len(self._costs))
        counts = np.zeros((len(table), len(self._costs) + 1), np.int16)
        np.add.at(counts, (np.arange(len(table))[:, None], flat), 1)
        member = np.concatenate([np.eye(each.max() + 1)[each] for each, _ in self._levels], axis=1)
        tally: np.ndarray = counts[:, :-1].astype(np.float32) @ member.astype(np.float32)
        return tally

    def _paired(self, ours: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tallies as rows whose product is what it saves to pair the phones that are of one family: a column
        says whether there is a first, a second ... phone of that family."""
        saved = np.concatenate([np.full(each.max() + 1, saving) for each, saving in self._levels])
        most = np.minimum(ours.max(0), theirs.max(0)).astype(int)
        family = np.repeat(np.arange(len(most)), most)
        number = np.concatenate([np.arange(1, each + 1) for each in most])
        first = (ours[:, family] >= number) * saved[family]
        return first.astype(np.float32), (theirs[:, family] >= number).astype(np.float32)
