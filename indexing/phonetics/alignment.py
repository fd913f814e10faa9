"""Weighted edit distance of many pairs of phone strings at once."""

from __future__ import annotations

import numpy as np

PAIRS = 20_000
"""Pairs aligned at a time: some tens of megabytes."""


def distances(ones: np.ndarray, others: np.ndarray, costs: np.ndarray, indel: float) -> np.ndarray:
    """The cheapest way from each row of `ones` (p, m) to the same row of `others` (p, n): float32 (p,).

    Rows are phone numbers, padded at the end with -1. `costs` (k, k) is the cost of one phone for another,
    `indel` that of one too many or too few. Wagner and Fischer 1974, a column of pairs at a time.
    """
    result = np.empty(len(ones), np.float32)
    sizes = np.stack([(ones >= 0).sum(1), (others >= 0).sum(1)], 1)
    order = np.lexsort(sizes.T)
    for first in range(0, len(order), PAIRS):
        some = order[first : first + PAIRS]
        wide, long = sizes[some].max(0)
        result[some] = _aligned(ones[some, :wide], others[some, :long], costs, indel)
    return result


def _aligned(ones: np.ndarray, others: np.ndarray, costs: np.ndarray, indel: float) -> np.ndarray:
    rows = np.arange(len(ones))
    ends, stops = (ones >= 0).sum(1), (others >= 0).sum(1)
    line = np.tile(np.arange(others.shape[1] + 1, dtype=np.float32) * indel, (len(ones), 1))
    result = np.where(ends == 0, line[rows, stops], np.float32(0))
    for step in range(ones.shape[1]):
        line = _next_line(line, costs[ones[:, step, None], others], indel)
        done = ends == step + 1
        result[done] = line[rows[done], stops[done]]
    return result.astype(np.float32)


def _next_line(line: np.ndarray, swaps: np.ndarray, indel: float) -> np.ndarray:
    """The table's next line (p, n + 1); `swaps` (p, n) are the costs of this phone for each of the others.

    Phones too many are added to the right: the least of what stands to the left plus its distance.
    """
    fresh = line + np.float32(indel)
    fresh[:, 1:] = np.minimum(fresh[:, 1:], line[:, :-1] + swaps)
    slope = np.arange(line.shape[1], dtype=np.float32) * np.float32(indel)
    cheapest: np.ndarray = np.minimum.accumulate(fresh - slope, axis=1) + slope
    return cheapest
