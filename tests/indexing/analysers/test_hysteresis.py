"""Runs of scores: where they begin, go on, end, and that pieces make no difference."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.analysers.hysteresis import Hysteresis, Run


def runs(scores: list[float], **options: int) -> list[tuple[int, int]]:
    spans = Hysteresis(0.6, 0.3, **options)
    return [(run.first, run.last) for run in spans.feed(np.array(scores)) + spans.finish()]


def test_a_run_begins_and_ends_at_the_low_threshold_and_needs_the_high_one() -> None:
    assert runs([0.1, 0.3, 0.7, 0.4, 0.2, 0.5, 0.5]) == [(1, 4)]


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    scores = [0.7, 0.0, 0.7, 0.0, 0.0, 0.7]
    assert runs(scores, gap=1) == [(0, 3), (5, 6)]
    assert runs(scores, gap=2) == [(0, 6)]


def test_what_is_too_short_is_no_run() -> None:
    assert runs([0.9, 0.0, 0.9, 0.9], shortest=2) == [(2, 4)]


def test_nothing_gives_nothing() -> None:
    assert runs([]) == []
    assert runs([0.2, 0.59]) == []


def test_a_run_knows_its_best_score() -> None:
    spans = Hysteresis(0.6, 0.3, gap=1)
    assert spans.feed(np.array([0.4, 0.8, 0.0, 0.6, 0.6])) + spans.finish() == [Run(0, 5, 0.8)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pieces_give_the_same_runs_as_the_whole(size: int) -> None:
    scores = np.random.default_rng(4).random(200) ** 2
    whole = Hysteresis(0.6, 0.3, 2, 2)
    expected = whole.feed(scores) + whole.finish()
    spans = Hysteresis(0.6, 0.3, 2, 2)
    found = [run for first in range(0, 200, size) for run in spans.feed(scores[first : first + size])]
    found += spans.finish()
    assert found == expected
