import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.analysers.contract import EVERYWHERE, Place, Region
from indexing.places import overlap, region_overlap, same_place

share = st.floats(0.01, 0.5)
regions = st.builds(Region, share, share, share, share)


@given(regions, regions)
def test_region_overlap_is_a_symmetric_share(one: Region, other: Region) -> None:
    assert 0 <= region_overlap(one, other) <= 1
    assert region_overlap(one, other) == pytest.approx(region_overlap(other, one))


@given(regions)
def test_a_region_overlaps_itself_wholly(region: Region) -> None:
    assert region_overlap(region, region) == pytest.approx(1)


def test_half_of_a_span_shared_is_a_third_of_the_union() -> None:
    assert overlap(0, 2, 1, 3) == pytest.approx(1 / 3)


def test_equal_instants_overlap() -> None:
    assert overlap(4, 4, 4, 4) == 1


def test_a_place_in_time_is_not_the_whole_asset() -> None:
    assert not same_place(Place(0, 2), EVERYWHERE)
    assert same_place(EVERYWHERE, EVERYWHERE)


def test_the_same_span_with_another_region_is_another_place() -> None:
    left, right = Region(0, 0, 0.3, 1), Region(0.7, 0, 0.3, 1)
    assert not same_place(Place(0, 2, left), Place(0, 2, right))
    assert same_place(Place(0, 2, left), Place(0.1, 2, left))
