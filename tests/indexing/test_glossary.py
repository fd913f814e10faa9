"""Which names and words a listener is told to expect."""

from __future__ import annotations

import pytest

from dam.collections.models import Collection
from dam.people.models import Appearance, Person
from indexing import glossary
from tests.factories import make_asset, make_fact

pytestmark = pytest.mark.django_db


def test_what_is_accepted_about_the_recording_comes_first_then_its_titles_and_its_library() -> None:
    asset = make_asset(title="Interview in Mainz")
    other = make_asset(library=asset.library)
    collection = Collection.objects.create(library=asset.library, name="Exile")
    collection.assets.add(asset)
    Person.objects.create(library=asset.library, name="Netty Reiling")
    often = Person.objects.create(library=asset.library, name="Anna Seghers")
    seen = make_fact(other, "person", "Anna Seghers", status="accepted")
    Appearance.objects.create(annotation=seen, person=often)
    make_fact(asset, "place", "Veracruz", status="accepted")
    make_fact(other, "keyword", "steamer", status="accepted")
    assert glossary.hints(asset) == [
        "Veracruz", "Interview in Mainz", "Exile", "Anna Seghers", "Netty Reiling", "steamer",
    ]  # fmt: skip


def test_guesses_hidden_persons_and_other_libraries_are_left_out() -> None:
    asset, foreign = make_asset(title=""), make_asset()
    assert foreign.library_id != asset.library_id
    make_fact(asset, "keyword", "a machine's guess")
    make_fact(asset, "keyword", "denied", status="rejected")
    make_fact(foreign, "keyword", "elsewhere", status="accepted")
    Person.objects.create(library=asset.library, name="Hidden", hidden=True)
    assert glossary.hints(asset) == []


def test_hints_are_few_short_and_each_is_there_once() -> None:
    asset = make_asset(title="a sentence " * 20)
    for name in ("Ada  Lovelace", "ada lovelace", *(f"Person {number}" for number in range(100))):
        Person.objects.create(library=asset.library, name=name)
    make_fact(asset, "keyword", "steamer", status="accepted")
    found = glossary.hints(asset)
    assert len(found) == glossary.MOST
    assert found[:3] == ["steamer", "Ada Lovelace", "Person 0"]
