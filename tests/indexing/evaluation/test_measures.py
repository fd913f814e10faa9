"""The arithmetic of an evaluation, against values worked out by hand."""

from __future__ import annotations

import pytest

from indexing.evaluation.measures import (
    Bin,
    Judged,
    Miss,
    Verdict,
    by_group,
    by_label,
    reliability,
    score,
    wilson,
)

JUDGED = Judged(
    verdicts=[
        Verdict("dog", True, 0.95, "north"),
        Verdict("dog", True, 0.85, "south"),
        Verdict("dog", False, 0.85, "south"),
        Verdict("cat", True, 0.35, "north"),
        Verdict("cat", False, None),
    ],
    missed=[Miss("dog", "south"), Miss("cow")],
)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (0, 0, 0.0, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=5e-5)


def test_precision_and_recall_are_counted() -> None:
    whole = score(JUDGED)
    assert (whole.found, whole.right, whole.missed) == (5, 3, 2)
    assert (whole.precision, whole.recall) == (3 / 5, 3 / 5)


def test_calibration_weighs_the_bins_by_their_facts() -> None:
    assert reliability(JUDGED.verdicts) == [
        Bin(1, pytest.approx(0.35), 1.0),
        Bin(2, pytest.approx(0.85), 0.5),
        Bin(1, pytest.approx(0.95), 1.0),
    ]
    assert score(JUDGED).error == pytest.approx((1 * 0.65 + 2 * 0.35 + 1 * 0.05) / 4)


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    assert reliability([Verdict("x", True, 1.0), Verdict("x", False, 0.9)]) == [Bin(2, 0.95, 0.5)]


def test_labels_and_groups_have_scores_of_their_own() -> None:
    labels = by_label(JUDGED)
    assert list(labels) == ["cat", "cow", "dog"]
    assert (labels["dog"].precision, labels["dog"].recall) == (2 / 3, 2 / 3)
    assert (labels["cow"].precision, labels["cow"].recall) == (None, 0.0)
    assert (labels["cat"].error, labels["cat"].recall) == (pytest.approx(0.65), 1.0)
    groups = by_group(JUDGED)
    assert {name: (each.precision, each.recall) for name, each in groups.items()} == {
        "north": (1.0, 1.0),
        "south": (0.5, 0.5),
    }


def test_without_knowing_all_there_is_no_recall() -> None:
    told = score(Judged(verdicts=JUDGED.verdicts, complete=False))
    assert (told.recall, told.recall_interval) == (None, (0.0, 1.0))


def test_nothing_found_is_no_division_by_nothing() -> None:
    empty = score(Judged())
    assert (empty.precision, empty.recall, empty.error, empty.interval) == (None, None, None, (0.0, 1.0))
