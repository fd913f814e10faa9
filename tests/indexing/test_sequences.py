"""What two films share is told as stretches; what is alike within one as groups."""

from __future__ import annotations

import numpy as np

from indexing.sequences import Pair, groups, shared


def pair(
    start: float, other_start: float, *, other: int = 7, closeness: float = 0.9, sure: bool = True
) -> Pair:
    """A shot of two seconds and its copy."""
    return Pair(other, start, start + 2, other_start, other_start + 2, closeness, sure)


def spans(found: list[Pair]) -> list[tuple[float | None, ...]]:
    return [(each.start, each.end, each.other_start, each.other_end) for each in found]


def test_shots_that_follow_each_other_in_both_films_are_one_stretch() -> None:
    found = shared([pair(4, 104), pair(0, 100), pair(2, 102.4, closeness=0.99)])
    assert spans(found) == [(0, 6, 100, 106)]
    assert found[0].closeness == 0.99


def test_another_distance_or_another_film_is_another_stretch() -> None:
    found = shared([pair(0, 100), pair(2, 30), pair(4, 104, other=8)])
    assert {each.other for each in found} == {7, 8}
    assert len(found) == 3


def test_the_wrong_order_joins_nothing() -> None:
    assert len(shared([pair(0, 0.4), pair(0.5, 0.2)])) == 2


def test_an_unsure_pair_counts_only_beside_a_neighbour_in_order() -> None:
    lonely = pair(50, 10, closeness=0.7, sure=False)
    backed = [pair(0, 100), pair(2, 102, closeness=0.7, sure=False)]
    assert spans(shared([lonely, *backed])) == [(0, 4, 100, 104)]
    assert shared([lonely]) == []


def test_stills_are_pairs_of_their_own_the_closest_first() -> None:
    stills = [Pair(1, None, None, None, None, 0.8), Pair(2, None, None, None, None, 0.95)]
    assert [each.other for each in shared(stills)] == [2, 1]


def test_groups_follow_likeness_from_one_to_the_next_and_leave_the_lonely_out() -> None:
    alike = np.eye(6, dtype=bool)
    for one, other in ((0, 3), (3, 5), (1, 2)):
        alike[one, other] = alike[other, one] = True
    assert sorted(map(sorted, groups(alike))) == [[0, 3, 5], [1, 2]]
    assert groups(np.eye(4, dtype=bool)) == []
