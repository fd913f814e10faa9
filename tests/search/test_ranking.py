"""Ordering."""

from __future__ import annotations

import pytest

from search.ranking import COMMON, best_moments, fuse, rarity
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


def moment(text: str, reason: str = "said") -> Moment:
    return Moment(1, reason, "speech", (Piece(text, False),))


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_moments_that_say_the_same_are_shown_once(limit: int) -> None:
    moments = [moment("Dog"), moment("dog"), moment("dog", "seen"), moment("cat")]
    assert best_moments(moments, limit) == [moments[0], moments[2], moments[3]][:limit]
