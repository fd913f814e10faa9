"""The panel and the text say the same, whichever of them a person uses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import panel
from search.fields import names
from search.parser import QueryError, parse
from search.rewrite import parts


def held(text: str) -> dict[str, str]:
    query = parse(text)
    return panel.values(query, parts(query))


def test_an_address_of_before_gives_fields_of_the_language() -> None:
    address = {"q": "dog", "kind": "video", "language": "pt", "page": "2", "sort": "name"}
    assert panel.given(address) == {"type": "video", "lang": "pt"}


def test_two_days_are_one_field() -> None:
    assert panel.given({"date_from": "2020-01-02", "date_to": ""}) == {"date": ">=2020-01-02"}
    assert panel.given({"date_from": "", "date_to": "2020-01-02"}) == {"date": "<=2020-01-02"}
    assert panel.given({"date_from": "2020-01-01", "date_to": "2020-12-31"}) == {"date": "2020"}
    assert panel.given({"date_from": "", "date_to": ""}) == {"date": ""}


def test_the_panel_holds_what_stands_at_the_top_of_the_text() -> None:
    values = held('dog type:video object:"fire engine" object:cat -person:Ada date:1969 duration:>10m')
    assert values == {
        "type": "video",
        "object": "fire engine",
        "date": "1969",
        "date_from": "1969-01-01",
        "date_to": "1969-12-31",
        "duration": ">10m",
    }


@pytest.mark.parametrize(
    ("text", "fields", "meant"),
    [
        ("dog", {"type": "video"}, "dog type:video"),
        ("dog type:video cat", {"type": "audio"}, "dog cat type:audio"),
        ("dog type:video", {"type": ""}, "dog"),
        ("dog type:video", {"type": "video"}, "dog type:video"),
        ("dog", {"object": "fire engine"}, 'dog object:"fire engine"'),
        ("dog", {"person": "(Ada OR Grace)"}, "dog person:(Ada OR Grace)"),
        ("dog", {"context": "wed*"}, "dog context:wed*"),
        ("date:1969", {"date": "1970"}, "date:1970"),
        ("dog OR cat", {"near": "48.85,2.35~5km"}, "dog OR cat near:48.85,2.35~5km"),
        ("object:dog object:cat", {"object": "bus"}, "object:bus"),
        ("", {"type": ""}, ""),
    ],
)
def test_the_text_is_rewritten_as_the_panel_has_it(text: str, fields: dict[str, str], meant: str) -> None:
    assert panel.rewritten(text, fields) == meant


def test_what_is_no_query_is_kept_for_the_parser_to_explain() -> None:
    assert panel.rewritten("dog", {"duration": "long"}) == "dog duration:long"
    assert panel.rewritten("duration:long dog", {"type": "video"}) == "duration:long dog type:video"


def test_a_fact_is_asked_for_beside_others_and_an_attribute_instead_of_another() -> None:
    assert panel.narrowed("object:dog", "object", "red bus") == 'object:dog object:"red bus"'
    assert panel.narrowed("type:video dog", "type", "audio") == "dog type:audio"


def test_words_stay_when_all_else_is_cleared() -> None:
    query = parse('beach dog OR cat type:video -object:bus said:sea WHILE object:ship "red car"')
    assert panel.free_words(query) == "beach dog OR cat"


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(names()), st.text(max_size=40), max_size=3))
def test_any_text_and_any_values_are_rewritten(text: str, fields: dict[str, str]) -> None:
    clean = panel.given(fields)
    meant = panel.rewritten(text, clean)
    try:
        standing = held(meant)
    except QueryError:
        return
    assert all(name not in standing for name, value in clean.items() if not value)
