"""When captions stand: as near to their words as reading takes, never two at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dam.export.captioning.rules import AHEAD, CLOSED, GAP, LONGEST, SHORTEST, SPEED


class Spoken(NamedTuple):
    """When the words of a caption are said (milliseconds), and how many characters they have."""

    start: int
    end: int
    characters: int


def reading_time(characters: int) -> int:
    """Milliseconds that a caption must stand."""
    return max(SHORTEST, -(-1000 * characters // SPEED))


def timed(spoken: Sequence[Spoken], duration: int | None = None) -> list[tuple[int, int]]:
    """The start and end of each caption in milliseconds, in the order given.

    Every one stands for its reading time and at most LONGEST, GAP before the next one. Where the speech is
    faster than that, time is borrowed from the pauses around: the starts are those nearest to the words
    (least squares) that leave room for reading, but for coming AHEAD at most. The last ends with the
    recording (`duration`) wherever all can be read in it at all; else the captions run on beyond its end.
    """
    if not spoken:
        return []
    needed = np.array([reading_time(each.characters) for each in spoken])
    starts = _starts(np.array([each.start for each in spoken]), needed, duration)
    following = [*starts[1:], None]
    return [
        (start, _end(start, each.end, int(need), after))
        for start, each, need, after in zip(starts, spoken, needed, following, strict=True)
    ]


def _starts(wanted: np.ndarray, needed: np.ndarray, duration: int | None) -> list[int]:
    """Isotonic regression (Barlow et al. 1972) of the starts less the time that all before them take."""
    from scipy.optimize import isotonic_regression

    before = np.concatenate([[0], np.cumsum(needed[:-1] + GAP)])
    free = np.maximum(isotonic_regression(wanted - before).x, wanted - before - AHEAD)
    free = np.round(np.maximum.accumulate(free)).astype(np.int64)
    if duration is not None:
        free = np.minimum(free, duration - before[-1] - needed[-1])
    return [int(start) for start in np.maximum(free, 0) + before]


def _end(start: int, said: int, needed: int, following: int | None) -> int:
    """When its words are said and it is read; a short gap before the next one is closed."""
    longest = start + LONGEST if following is None else min(start + LONGEST, following - GAP)
    end = min(longest, max(start + needed, said))
    return longest if following is not None and following - end < CLOSED + GAP else end
