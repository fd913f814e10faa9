"""Scores by words: what is bounded, what counts, and what does not."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.db import connection

from dam.assets.models import Asset
from search import documents
from search.backends import lexicon, scoring
from search.backends.postgres import PostgresBackend
from search.backends.scoring import Words, most_of
from search.models import AssetDocument
from search.parser import parse
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(db: None):
    return make_library()


@pytest.fixture
def viewer(library):
    return make_member(library)


def seen(library, *facts: tuple[str, str], **fields) -> Asset:
    asset = make_asset(library, **fields)
    for kind, text in facts:
        make_fact(asset, kind, text)
    documents.rebuild([asset.pk])
    return asset


def words_of(viewer, *words: str) -> Words | None:
    return Words.of(lexicon.look_up(words, Asset.objects.visible_to(viewer)).values())


def lexical(viewer, text: str, limit: int = 10):
    return PostgresBackend(Asset.objects.visible_to(viewer)).lexical(parse(text), limit)


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_assetdocument")


def test_of_too_many_answers_the_newest_and_the_named_are_scored(library, viewer, monkeypatch) -> None:
    monkeypatch.setattr(scoring, "SCORED", 3)
    named = seen(library, title="harbour")
    said = [seen(library, ("speech", "harbour")) for _ in range(5)]
    found = lexical(viewer, "harbour")
    assert next(iter(found.assets)) == named.pk
    assert set(found.assets) <= {named.pk, *(asset.pk for asset in said[2:])}
    assert said[-1].pk in found.assets
    assert not found.complete


def test_few_answers_are_all_scored(library, viewer, monkeypatch) -> None:
    monkeypatch.setattr(scoring, "SCORED", 3)
    said = {seen(library, ("speech", "harbour")).pk for _ in range(3)}
    found = lexical(viewer, "harbour")
    assert (set(found.assets), found.complete) == (said, True)
    assert not lexical(viewer, "harbour", limit=2).complete


def test_an_excluded_word_has_no_part_in_the_score(library, viewer) -> None:
    for facts in ([("object", "dog")], [("speech", "dog dog dog")], [("keyword", "dog"), ("object", "bus")]):
        seen(library, *facts)
    seen(library, ("object", "dog"), ("object", "cat"))
    assert len(lexical(viewer, "dog").assets) == 4
    without = [pk for pk in lexical(viewer, "dog").assets if pk in lexical(viewer, "dog -cat").assets]
    assert list(lexical(viewer, "dog -cat").assets) == without
    assert len(without) == 3


def test_most_of_the_words_is_decided_by_what_they_are_worth() -> None:
    worths = {"aa": 4.0, "bb": 2.0, "cc": 1.5, "dd": 1.0}
    needed = 0.5 * sum(worths.values())
    tsquery = most_of([f"'{word}'" for word in worths], list(worths.values()), needed)
    for count in range(len(worths) + 1):
        for held in combinations(worths, count):
            with connection.cursor() as cursor:
                cursor.execute("SELECT to_tsvector('simple', %s) @@ %s::tsquery", [" ".join(held), tsquery])
                (matches,) = cursor.fetchone()
            assert matches == (sum(worths[word] for word in held) >= needed), held


def test_holders_hold_most_of_the_words_but_of_two_nobody_is_asked(library, viewer) -> None:
    two = seen(library, ("object", "dog"), ("speech", "the beach"))
    seen(library, ("object", "dog"))
    seen(library, ("keyword", "balloon"))
    seen(make_library(), ("object", "dog"), ("speech", "beach balloon"))
    visible = Asset.objects.visible_to(viewer)
    assert words_of(viewer, "dog", "beach", "balloon").holders(visible) == [two.pk]
    assert words_of(viewer, "dog", "beach").holders(visible) == []


def test_more_words_and_stronger_facts_are_more_evidence(library, viewer) -> None:
    both = seen(library, ("object", "dog"), ("object", "beach"))
    one = seen(library, ("object", "dog"))
    keyword = seen(library, ("keyword", "dog"))
    none = seen(library, ("object", "bus"))
    held = words_of(viewer, "dog", "beach").held([both.pk, one.pk, keyword.pk, none.pk])
    assert held.keys() == {both.pk, one.pk, keyword.pk}
    assert 1 >= held[both.pk] > held[one.pk] > 0
    assert held[keyword.pk] > held[one.pk]


def test_words_that_are_nowhere_are_no_evidence(library, viewer) -> None:
    seen(library, ("object", "dog"))
    assert words_of(viewer, "zebra") is None


def test_how_common_a_word_is_comes_from_statistics_once_it_is_common(library, viewer, monkeypatch) -> None:
    for _ in range(6):
        seen(library, ("object", "dog"))
    seen(library, ("object", "cat"))
    assert AssetDocument.objects.count() == 7
    monkeypatch.setattr(lexicon, "COUNTED", 2)
    visible = Asset.objects.visible_to(viewer)
    assert lexicon.look_up(["dog"], visible)["dog"].assets == 2
    analyse()
    terms = lexicon.look_up(["dog", "cat", "zebra"], visible)
    assert {word: term.assets for word, term in terms.items()} == {"dog": 6, "cat": 1, "zebra": 0}


def test_a_word_common_elsewhere_is_unknown_to_who_sees_none_of_it(viewer, monkeypatch) -> None:
    other = make_library()
    for _ in range(6):
        seen(other, ("object", "dog"))
    analyse()
    monkeypatch.setattr(lexicon, "COUNTED", 2)
    assert lexicon.look_up(["dog"], Asset.objects.visible_to(viewer))["dog"].assets == 0
