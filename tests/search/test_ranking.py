"""Ordering."""

from __future__ import annotations

import pytest

from search.backends.base import Neighbour
from search.ranking import COMMON, WORTH_OF_WORDS, best_moments, fitting, fuse, rarity
from search.results import Moment, Piece


def test_what_two_rankings_agree_on_comes_first() -> None:
    assert fuse([[1, 2, 3], [4, 2, 5]])[0] == 2


def test_fusion_follows_the_published_formula() -> None:
    assert fuse([[1, 2], [3, 2, 1]], k=1) == [1, 2, 3]  # 1/2 + 1/4, 1/3 + 1/3, 1/2


def test_ties_keep_the_order_of_appearance() -> None:
    assert fuse([[7, 8], [9, 10]]) == [7, 9, 8, 10]


def test_one_ranking_stays_as_it_is() -> None:
    assert fuse([[3, 1, 2], []]) == [3, 1, 2]
    assert fuse([]) == []


def test_a_rare_word_weighs_more() -> None:
    assert rarity(1) > rarity(100) > rarity(COMMON) > 0
    assert rarity(COMMON) == rarity(10 * COMMON)
    assert rarity(0) == rarity(1)


def fits(*similarities: float, floor: float = 0.1, **held: float) -> list[int]:
    found = [Neighbour(pk, similarity) for pk, similarity in enumerate(similarities)]
    return [each.asset_id for each in fitting(found, {int(pk[1:]): each for pk, each in held.items()}, floor)]


def test_neighbours_below_the_floor_or_far_behind_the_best_do_not_fit() -> None:
    assert fits(0.05, 0.2, 0.3) == [2, 1]
    assert fits(0.3, 0.9, 0.5) == [1, 2]
    assert fits() == []


def test_words_lift_a_neighbour_by_what_they_are_worth() -> None:
    assert fits(0.30, 0.25, a1=1.0) == [1, 0]
    assert fits(0.05, floor=0.1, a0=0.5) == [0]
    assert WORTH_OF_WORDS > 0


def test_words_do_not_make_a_picture_fit_that_is_less_alike_than_the_mean() -> None:
    assert fits(-0.01, 0.2, a0=1.0) == [1]


def moment(text: str, reason: str = "said") -> Moment:
    return Moment(1, reason, "speech", (Piece(text, False),))


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_moments_that_say_the_same_are_shown_once(limit: int) -> None:
    moments = [moment("Dog"), moment("dog"), moment("dog", "seen"), moment("cat")]
    assert best_moments(moments, limit) == [moments[0], moments[2], moments[3]][:limit]
