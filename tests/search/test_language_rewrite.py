"""Text and panel in step: the string with one thing set, added or taken away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from search.parser import QueryError, parse
from search.query import Query
from search.rewrite import parts, setting, with_added, with_attribute
from search.unparse import unparse
from tests.search.languages import queries


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('dog  "red balloon" -cat', 'dog "red balloon" -cat'),
        ("(dog beach) cat", "dog beach cat"),
        ("(a b) OR -c", "(a b) OR -c"),
        ("Objects:dog people:(Ada OR Grace)", "object:dog person:(Ada OR Grace)"),
        ("a NOT b AND c", "a -b c"),
        ("tempo:120 duration:10m date:1960s", "tempo:120 duration:10m date:1960..1969"),
        ("date:1969..1969 taken:>1969-06 added:<2026", "date:1969 taken:>=1969-07 added:<=2025"),
        ("said:a  WITH (b) WITHIN 120", "said:a WITH b WITHIN 2m"),
        ("(A) WITH B", "(A) WITH B"),
        ("x \\OR y wed* C++", "x \\OR y wed* C"),
        ('collection:"Apollo 11" collection:Apollo', 'collection:"Apollo 11" collection:Apollo'),
        ("collection: <=", 'collection:"<="'),
        ("(said:a source:human) b", "(said:a source:human) b"),
        ("confidence:80% near:1.50,2 like:#3", "confidence:0.80 near:1.5,2~5km like:3"),
    ],
)
def test_a_query_is_written_one_way(text: str, written: str) -> None:
    assert unparse(parse(text)) == written
    assert unparse(parse(written)) == written


@pytest.mark.parametrize(
    ("text", "name", "value", "result"),
    [
        ("C++  12:30", "type", "video", "C++ 12:30 type:video"),
        ("type:audio dog type:image", "type", "video", "dog type:video"),
        ("dog type:video cat", "type", None, "dog cat"),
        ("dog", "type", None, "dog"),
        ("", "object", "fire engine", 'object:"fire engine"'),
        ("object:dog", "object", "C++", 'object:"C++"'),
        ("dog date:1960s", "date", "1969..1972", "dog date:1969..1972"),
        ("dog", "collection", "Apollo 11", 'dog collection:"Apollo 11"'),
        ("dog", "collection", 'the "best"', 'dog collection:“the "best"”'),
        ("near:1,2 like:3", "near", "4,5~1km", "like:3 near:4,5~1km"),
        ("sounds-like:1 like:3", "like", None, "sounds-like:1"),
        ('"open phrase', "type", "video", '"open phrase" type:video'),
        ("(dog cat", "type", "video", "dog cat type:video"),
        ("(type:audio dog) (a OR b)", "type", "video", "dog (a OR b) type:video"),
        ("(confidence:>0.8 dog)", "lang", "fr", "(confidence:>0.8 dog) lang:fr"),
        ("dog OR", "type", "video", "dog \\OR type:video"),
        ("-type:video (type:image OR dog)", "type", "audio", "-type:video (type:image OR dog) type:audio"),
        ("GONE WITH THE WIND", "type", "video", "GONE \\WITH THE WIND type:video"),
        ("a WITH b WITHIN 5s", "lang", "fr", "a WITH b WITHIN 5s lang:fr"),
    ],
)
def test_a_field_is_set_replaced_or_taken_away(text: str, name: str, value: str | None, result: str) -> None:
    assert with_attribute(parse(text), name, value) == result


def test_another_field_is_added_beside_the_first() -> None:
    assert with_added(parse("person:Ada"), "person", "Grace Hopper") == 'person:Ada person:"Grace Hopper"'


def test_a_value_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(QueryError, match="no duration"):
        with_attribute(parse("dog"), "duration", "long")


def test_every_part_but_free_words_can_be_shown_and_taken_away() -> None:
    text = 'dog "old house" -cat type:video object:"fire engine" a WITH b'
    found = {part.text: (part.name, part.value, part.rest) for part in parts(parse(text))}
    assert found == {
        '"old house"': ("", '"old house"', 'dog -cat type:video object:"fire engine" a WITH b'),
        "-cat": ("", "-cat", 'dog "old house" type:video object:"fire engine" a WITH b'),
        "type:video": ("type", "video", 'dog "old house" -cat object:"fire engine" a WITH b'),
        'object:"fire engine"': ("object", "fire engine", 'dog "old house" -cat type:video a WITH b'),
        "a WITH b": ("", "a WITH b", 'dog "old house" -cat type:video object:"fire engine"'),
    }


def test_settings_are_quoted_where_they_must_be() -> None:
    assert setting("object", "dog") == "object:dog"
    assert setting("object", "well-known") == 'object:"well-known"'
    assert setting("duration", "> 10m") == 'duration:"> 10m"'
    assert parse('duration:"> 10m"').root.children


@settings(deadline=None, max_examples=80)
@given(queries())
def test_setting_a_field_changes_nothing_else(text: str) -> None:
    query = _read(text)
    kept = [part.text for part in parts(query) if part.name != "type"]
    changed = parse(with_attribute(query, "type", "audio"))
    assert [part.value for part in parts(changed) if part.name == "type"] == ["audio"]
    assert len([part for part in parts(changed) if part.name != "type"]) == len(kept)
    assert "type" not in [part.name for part in parts(parse(with_attribute(query, "type", None)))]


def _read(text: str) -> Query:
    try:
        return parse(text)
    except QueryError:
        return parse("")
