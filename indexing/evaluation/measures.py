"""Precision, recall and calibration, each with how far it can be trusted. Pure arithmetic."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

BINS = 10
"""Bins of confidence of equal width, as in Guo et al., "On Calibration of Modern Neural Networks" (2017)."""
NORMAL_95 = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""


class Verdict(NamedTuple):
    """A fact that was found, whether it is true, and the group its file or person belongs to."""

    label: str
    right: bool
    confidence: float | None = None
    group: str = ""


class Miss(NamedTuple):
    """Something that is there and was not found."""

    label: str
    group: str = ""


@dataclass
class Judged:
    """All that was found and all that was missed. `unjudged` counts what the labels say nothing about.

    `complete` is false where not everything that is there is known, so that no recall can be told.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    missed: list[Miss] = field(default_factory=list)
    unjudged: int = 0
    complete: bool = True


class Bin(NamedTuple):
    """Facts of like confidence: how many, how sure they were on average, what share of them is true."""

    facts: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Score:
    """Shares are 0..1, None where there is nothing to take them of. `interval` is Wilson's, at 95 %, of the
    precision, `recall_interval` of the recall; `error` is the expected calibration error."""

    found: int
    right: int
    missed: int
    precision: float | None
    interval: tuple[float, float]
    recall: float | None
    recall_interval: tuple[float, float]
    error: float | None
    bins: Sequence[Bin]


def score(judged: Judged) -> Score:
    """What the verdicts come to."""
    found, missed = len(judged.verdicts), len(judged.missed)
    right = sum(verdict.right for verdict in judged.verdicts)
    there = right + missed
    bins = reliability(judged.verdicts)
    return Score(
        found=found,
        right=right,
        missed=missed,
        precision=right / found if found else None,
        interval=wilson(right, found),
        recall=right / there if there and judged.complete else None,
        recall_interval=wilson(right, there) if judged.complete else (0.0, 1.0),
        error=calibration_error(bins),
        bins=bins,
    )


def by_label(judged: Judged) -> dict[str, Score]:
    """A score for each label, in alphabetical order."""
    return _split(judged, lambda each: each.label)


def by_group(judged: Judged) -> dict[str, Score]:
    """A score for each group that somebody marked; empty where nobody did."""
    return {group: each for group, each in _split(judged, lambda each: each.group).items() if group}


def _split(judged: Judged, key: Callable[[Verdict | Miss], str]) -> dict[str, Score]:
    parts: dict[str, Judged] = defaultdict(lambda: Judged(complete=judged.complete))
    for verdict in judged.verdicts:
        parts[key(verdict)].verdicts.append(verdict)
    for miss in judged.missed:
        parts[key(miss)].missed.append(miss)
    return {name: score(parts[name]) for name in sorted(parts)}


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927): what few observations do not rule out."""
    if not total:
        return 0.0, 1.0
    share, z = right / total, NORMAL_95
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def reliability(verdicts: Iterable[Verdict]) -> list[Bin]:
    """BINS bins of confidence, the empty ones left out; facts without a confidence are not counted."""
    bins: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.confidence is not None:
            bins[min(BINS - 1, int(verdict.confidence * BINS))].append(verdict)
    return [_bin(bins[number]) for number in sorted(bins)]


def _bin(verdicts: Sequence[Verdict]) -> Bin:
    count = len(verdicts)
    confidence = sum(verdict.confidence or 0.0 for verdict in verdicts) / count
    return Bin(count, confidence, sum(verdict.right for verdict in verdicts) / count)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """The mean distance between confidence and truth, weighed by count (ECE, Guo et al. 2017, equation 3)."""
    total = sum(each.facts for each in bins)
    return sum(each.facts * abs(each.confidence - each.right) for each in bins) / total if total else None
