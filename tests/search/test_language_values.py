"""What stands behind the colon of an attribute, read and written again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.parser import QueryError, parse
from search.query import And, Attribute, Bounds, Node, Query
from search.unparse import unparse
from search.values import Unreadable, bounds


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("1969", "1969-01-01", "1969-12-31"),
        ("1969-07", "1969-07-01", "1969-07-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("1969-07-20", "1969-07-20", "1969-07-20"),
        ("1960s", "1960-01-01", "1969-12-31"),
        ("1969..1972", "1969-01-01", "1972-12-31"),
        ("1969-1972", "1969-01-01", "1972-12-31"),
        ("1969-07..1969-07-20", "1969-07-01", "1969-07-20"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_days_are_whole_and_both_belong_to_it(written: str, low: str, high: str) -> None:
    assert bounds("day", written) == Bounds(day(low), day(high))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        (">1969", "1970-01-01", None),
        (">=1969", "1969-01-01", None),
        ("<1969-07", None, "1969-06-30"),
        ("<=1969", None, "1969-12-31"),
        ("1969..", "1969-01-01", None),
        ("..1969", None, "1969-12-31"),
        (">1969..<1972", "1970-01-01", "1971-12-31"),
    ],
)
def test_comparisons_of_days_begin_and_end_with_a_day(
    written: str, low: str | None, high: str | None
) -> None:
    assert bounds("day", written) == Bounds(low and day(low), high and day(high))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("90..110", Bounds(90, 110)),
        ("90…110", Bounds(90, 110)),
        (">0.8", Bounds(0.8, includes_low=False)),
        ("≥ 0.8", Bounds(0.8)),
        ("<= 80%", Bounds(high=0.8)),
        ("<5", Bounds(high=5, includes_high=False)),
        (">90..<110", Bounds(90, 110, includes_low=False, includes_high=False)),
        ("120", Bounds(119.5, 120.5, includes_high=False)),
        ("=0.8", Bounds(0.75, 0.85, includes_high=False)),
        ("0", Bounds(0, 0.5, includes_high=False)),
    ],
)
def test_a_number_alone_is_what_rounds_to_it(written: str, value: Bounds) -> None:
    assert bounds("number", written) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (">10m", Bounds(600, includes_low=False)),
        ("<=1:30", Bounds(high=90)),
        ("1:02:03..2h", Bounds(3723, 7200)),
        ("10m", Bounds(600, 660, includes_high=False)),
        ("1h30m", Bounds(5400, 5460, includes_high=False)),
        ("90", Bounds(90, 91, includes_high=False)),
        (">2 minutes", Bounds(120, includes_low=False)),
        ("<1.5s", Bounds(high=1.5, includes_high=False)),
        ("..500ms", Bounds(high=0.5)),
    ],
)
def test_durations_have_units_or_timecodes(written: str, value: Bounds) -> None:
    assert bounds("seconds", written) == value


@pytest.mark.parametrize(
    ("measure", "written"),
    [
        *(("number", text) for text in ("", "..", "abc", "-5", "1e9", "9" * 20, "1..x", "5..5..5", ">", "٣")),
        *(("number", text) for text in (">5..5", "5..<5", "7..5")),
        *(("seconds", text) for text in ("10x", "1:75", "m", "10m abc", "999999999h", "1:2:3:4")),
        *(("day", text) for text in ("69", "1969-00", "1969-02-30", "0000", "<0001", ">9999", "July 1969")),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(measure: str, written: str) -> None:
    with pytest.raises(Unreadable) as refused:
        bounds(measure, written)
    assert str(refused.value).endswith((".", ".."))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("type:Photos", "image"),
        ("type:FILM", "video"),
        ("reviewed:true", "yes"),
        ("source:people", "human"),
        ("status:flagged", "flagged"),
        ("lang:French", "fr"),
        ("lang:português", "pt"),
        ("lang:pt-BR", "pt-BR"),
        ('collection:"Apollo  11"', "Apollo 11"),
        ("collection:“The “best” of", "The"),
        ("collection:a\x00b\ud800", "ab"),
        ('collection:"open to the end', "open to the end"),
    ],
)
def test_choices_and_names(written: str, value: str) -> None:
    first = parse(written).root.children[0]
    assert isinstance(first, Attribute)
    assert first.value == value


def test_near_miles_and_metres() -> None:
    with pytest.raises(QueryError, match="distance"):
        parse("near:1,2~0km")
    assert unparse(parse("near:1,2~10mi")) == "near:1,2~16.09344km"
    assert unparse(parse('near:"48.85, 2.35 ~ 500 m"')) == "near:48.85,2.35~0.5km"


amounts = st.decimals(0, 100_000, places=3).map(float)
dates = st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 30))


@st.composite
def limits(draw: st.DrawFn) -> Bounds:
    """Bounds of numbers between which something lies, open to one side now and then."""
    low, high = sorted((draw(amounts), draw(amounts)))
    flags = (True, True) if low == high else (draw(st.booleans()), draw(st.booleans()))
    match draw(st.sampled_from(["both", "low", "high"])):
        case "low":
            return Bounds(low=low, includes_low=flags[0])
        case "high":
            return Bounds(high=high, includes_high=flags[1])
    return Bounds(low, high, *flags)


def again(node: Node) -> Node:
    """What is read of a node that was written."""
    return parse(unparse(Query(And((node,))))).root.children[0]


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(["tempo", "duration", "confidence"]), limits())
def test_any_bounds_are_written_so_that_they_are_read_the_same(name: str, value: Bounds) -> None:
    assert again(Attribute(name, value)) == Attribute(name, value)


@settings(deadline=None, max_examples=60)
@given(st.lists(dates, min_size=2, max_size=2).map(sorted), st.sampled_from(["both", "low", "high"]))
def test_any_days_are_written_so_that_they_are_read_the_same(days: list[date], side: str) -> None:
    value = Bounds(None if side == "high" else days[0], None if side == "low" else days[1])
    assert again(Attribute("taken", value)) == Attribute("taken", value)


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=30))
def test_any_name_in_quotation_marks_is_itself(text: str) -> None:
    name = " ".join(text.encode("utf-8", "ignore").decode().replace("\x00", "").replace('"', " ").split())
    found = again(Attribute("collection", name)) if name else Attribute("collection", name)
    assert found == Attribute("collection", name)
