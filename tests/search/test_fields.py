"""Every field is named, told and shown: in the code, in the panel's help and in docs/query.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from indexing import kinds
from search.fields import (
    ALIASES,
    ATTRIBUTES,
    CHOICES,
    FACTS,
    HELP,
    PLACES_AND_LIKENESSES,
    canonical,
    names,
)
from search.parser import QueryError, parse

DOCS = Path(settings.BASE_DIR) / "docs" / "query.md"
ROW = re.compile(r"^\| (`.+?`) \| (.+?) \|", re.MULTILINE)


def test_every_field_has_help_and_nothing_else_has() -> None:
    assert set(HELP) == set(FACTS) | set(ATTRIBUTES) | PLACES_AND_LIKENESSES


def test_every_kind_that_a_field_looks_at_is_registered() -> None:
    known = {kind for of_field in FACTS.values() for kind in of_field} - {"name"}
    assert [kind for kind in sorted(known) if not kinds.get(kind)] == []


@pytest.mark.parametrize("name", names())
def test_every_example_is_a_search_that_uses_its_field(name: str) -> None:
    (node,) = parse(HELP[name].example).root.children
    assert getattr(node, "name", name) == name
    assert HELP[name].example.startswith(f"{name}:")


@pytest.mark.parametrize("name", names())
def test_every_field_stands_in_the_docs_as_it_is_told(name: str) -> None:
    assert f"| `{name}:` | {HELP[name].help} | `{HELP[name].example}` |" in DOCS.read_text()


def test_other_names_and_choices_lead_to_a_field_and_stand_in_the_docs() -> None:
    told = DOCS.read_text()
    assert [alias for alias, name in ALIASES.items() if name not in HELP or alias in HELP] == []
    assert [alias for alias in ALIASES if f"`{alias}:`" not in told] == []
    assert [pair for pair, choice in CHOICES.items() if choice not in ATTRIBUTES[pair[0]].choices] == []
    choices = [choice for shape in ATTRIBUTES.values() for choice in shape.choices]
    assert [choice for choice in choices if f"`{choice}`" not in told] == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("said", "said"),
        ("SAID", "said"),
        ("Objects", "object"),
        ("people", "person"),
        ("license", "licence"),
        ("licences", "licence"),
        ("language", "lang"),
        ("Sounds_Like", "sounds-like"),
        ("spaeker", None),
        ("", None),
        ("s", None),
    ],
)
def test_names_in_any_case_singular_or_plural(typed: str, name: str | None) -> None:
    assert canonical(typed) == name


def test_what_the_docs_call_an_error_is_one_and_the_rest_is_none() -> None:
    lenient = DOCS.read_text().partition("## What is lenient")[2]
    rows = [(typed, said) for typed, said in ROW.findall(lenient) if not typed.startswith("`field`")]
    for typed, said in rows:
        for example in re.findall(r"`(.+?)`", typed):
            assert _is_refused(example) == said.startswith("an error"), example
    assert len(rows) > 10


def _is_refused(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return True
    return False
