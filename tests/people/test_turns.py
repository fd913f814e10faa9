from dam.people.turns import Turns, merged, shared
from indexing.analysers.contract import Place, Region


def spoken(kind: str, number: int, start: float, end: float):
    return kind, {"speaker": number}, Place(start, end)


TWO = Turns(
    [
        spoken("turn", 1, 0, 10),
        spoken("turn", 2, 10, 14),
        spoken("turn", 1, 14, 15),
        spoken("turn", 2, 18, 30),
    ]
)


def test_a_span_belongs_to_whoever_speaks_for_most_of_it():
    assert TWO.at(Place(1, 3)) == 1
    assert TWO.at(Place(9, 14)) == 2


def test_a_span_in_which_nobody_speaks_for_half_of_it_belongs_to_nobody():
    assert TWO.at(Place(15, 18)) is None
    assert TWO.at(Place(29, 40)) is None


def test_a_place_without_a_span_or_with_a_region_is_no_place_of_a_voice():
    region = Region(0.1, 0.1, 0.2, 0.2)
    for place in (Place(), Place(3, 3), Place(1, 3, region)):
        assert TWO.at(place) is None


def test_of_two_who_speak_at_once_it_is_the_one_whose_clearest_stretch_lies_there():
    both = [spoken("turn", 1, 0, 10), spoken("turn", 2, 0, 10)]
    assert Turns([*both, spoken("voice", 2, 4, 8)]).at(Place(5, 7)) == 2
    assert Turns([*both, spoken("voice", 1, 4, 8)]).at(Place(5, 7)) == 1


def test_a_clearest_stretch_alone_says_who_speaks_there():
    assert Turns([spoken("voice", 3, 4, 8)]).at(Place(5, 9)) == 3


def test_facts_without_a_speaker_and_of_other_kinds_are_passed_over():
    assert Turns([("turn", {}, Place(0, 5)), spoken("speech", 1, 0, 5)]).spans == {}


def test_spans_that_touch_are_one():
    assert merged([(3, 4), (0, 2), (1, 3), (6, 7)]) == [(0, 4), (6, 7)]


def test_seconds_that_two_lists_share():
    assert shared([(0, 4), (6, 8)], [(1, 2), (3, 7)]) == 3
    assert shared([], [(1, 2)]) == 0
