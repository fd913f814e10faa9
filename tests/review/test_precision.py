import pytest

from dam.review.precision import is_below_floor, threshold


def decisions(*pairs):
    return [(confidence, right) for confidence, right in pairs]


def test_the_threshold_is_the_lowest_confidence_from_which_enough_are_right():
    sure = [(0.9, True)] * 10
    unsure = [(0.4, False)] * 10
    assert threshold(sure + unsure) == 0.9
    middle = [(0.6, True), (0.6, True), (0.5, False), (0.5, False)]
    assert threshold(sure + middle + unsure) == 0.5


def test_nothing_is_withheld_where_all_that_was_decided_on_is_good_enough():
    assert threshold([(0.9, True)] * 8 + [(0.2, False)] * 2) is None


def test_too_few_decisions_make_no_threshold():
    assert threshold([(0.9, True)] * 9 + [(0.2, False)] * 9) is None
    assert threshold([(0.9, True)] * 10 + [(0.2, False)] * 9) == 0.9


def test_where_the_target_is_reached_nowhere_there_is_no_threshold():
    assert threshold([(number / 30, number % 2 == 0) for number in range(30)]) is None


def test_equal_confidences_are_taken_together_and_missing_ones_left_out():
    assert threshold([(0.5, True)] * 10 + [(0.5, False)] * 10 + [(None, True)] * 50) is None


def test_a_threshold_never_lies_above_one_that_more_right_decisions_give():
    wrong = [(0.3, False)] * 12
    before = threshold([(0.9, True)] * 10 + [(0.6, False)] * 4 + wrong)
    after = threshold([(0.9, True)] * 10 + [(0.6, True)] * 4 + wrong)
    assert before > after


@pytest.mark.parametrize(
    ("accepted", "rejected", "below"),
    [(0, 8, False), (0, 9, True), (1, 13, False), (1, 14, True), (30, 70, False)],
)
def test_a_label_is_below_the_floor_only_where_that_is_certain(accepted, rejected, below):
    assert is_below_floor(accepted, rejected) is below
