"""When a label is no longer shown: rules on confidences and decisions. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable

from indexing.evaluation.measures import wilson

TARGET = 0.8
"""The precision that proposals of a label shall reach: of five that are shown, four are right."""
FLOOR = 0.3
"""A label of which the precision lies, with 97.5 % certainty, below this is withheld altogether."""
FEWEST = 10
"""Decisions above a threshold at least: ten, all of them right, give a lower bound of 0.72."""

Decision = tuple[float | None, bool]
"""A fact's confidence, 0..1, and whether a person accepted it."""


def threshold(decisions: Iterable[Decision], target: float = TARGET, fewest: int = FEWEST) -> float | None:
    """The lowest confidence from which on the decided facts, taken together, reach the target.

    At least `fewest` decided facts lie at or above it. None where all of them together reach it already, so
    that nothing need be withheld, and where they reach it nowhere. Facts of equal confidence are taken
    together, and those without one are not counted.
    """
    ordered = sorted(((c, right) for c, right in decisions if c is not None), reverse=True)
    lowest, right = None, 0
    for count, (confidence, accepted) in enumerate(ordered, 1):
        right += accepted
        last = count == len(ordered) or ordered[count][0] < confidence
        if last and count >= fewest and right >= target * count:
            lowest = None if count == len(ordered) else confidence
    return lowest


def is_below_floor(accepted: int, rejected: int, floor: float = FLOOR) -> bool:
    """Whether even the upper bound of the precision's 95 % interval lies below the floor.

    Nine rejections and nothing accepted are enough; after one right one it takes fourteen.
    """
    return wilson(accepted, accepted + rejected)[1] < floor
