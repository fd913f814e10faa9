"""Facets count the answers, tell nothing of other assets, and cost one statement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dam.collections.models import Collection, CollectionItem
from search import documents
from search.examples import examples
from search.facets import SHOWN, facets
from search.page import SearchPage
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library()


def indexed(library, *facts, **fields):
    asset = make_asset(library, **fields)
    for kind, text in facts:
        make_fact(asset, kind, text)
    documents.rebuild([asset.pk])
    return asset


def counted(asset_ids, collections=None):
    return {
        facet.name: {value.label: value.assets for value in facet.values}
        for facet in facets(asset_ids, collections or {})
    }


def test_values_are_counted_once_for_each_asset_most_frequent_first(library) -> None:
    taken = datetime(1969, 7, 20, tzinfo=UTC)
    one = indexed(library, ("object", "dog"), ("object", "Dog"), ("object", "bus"), taken_at=taken)
    two = indexed(library, ("object", "dog"), ("speaker", "Grace"), kind="video", taken_at=taken)
    found = counted([one.pk, two.pk])
    assert list(found["object"].values()) == [2, 1]
    assert found["date"] == {"1969": 2}
    assert found["type"] == {"image": 1, "video": 1}
    assert found["speaker"] == {"Grace": 1}


def test_only_the_most_frequent_values_are_shown(library) -> None:
    asset = indexed(library, *[("object", f"thing {number}") for number in range(SHOWN + 3)])
    assert len(counted([asset.pk])["object"]) == SHOWN


def test_languages_stand_for_their_variants(library) -> None:
    asset = make_asset(library)
    make_fact(asset, "speech", "bom dia", language="pt-BR")
    make_fact(asset, "speech", "olá", language="pt")
    documents.rebuild([asset.pk])
    assert counted([asset.pk])["lang"] == {"pt": 1}


def test_a_collection_holds_what_lies_below_it_and_others_are_not_told(library) -> None:
    top = Collection.objects.create(library=library, name="Top")
    below = Collection.objects.create(library=library, name="Below", parent=top)
    hidden = Collection.objects.create(library=library, name="Hidden")
    asset = indexed(library)
    for collection in (below, hidden):
        CollectionItem.objects.create(collection=collection, asset=asset)
    seen = {top.pk: "Top", below.pk: "Below"}
    assert counted([asset.pk], seen)["collection"] == {"Below": 1, "Top": 1}


def test_no_answers_have_no_facets_and_any_have_one_statement(library, django_assert_num_queries) -> None:
    asset = indexed(library, ("object", "dog"))
    with django_assert_num_queries(0):
        assert facets([], {}) == []
    with django_assert_num_queries(1):
        facets([asset.pk], {})


def test_a_reader_s_facets_leave_out_what_they_cannot_see(library) -> None:
    viewer = make_member(library)
    indexed(library, ("object", "dog"))
    indexed(make_library(), ("object", "dog"), ("object", "secret"))
    results = search(viewer, "object:dog")
    assert counted(results.candidates)["object"] == {"dog": 1}


def test_each_value_is_a_part_of_a_query_that_finds_as_many(library) -> None:
    viewer = make_member(library)
    collection = Collection.objects.create(library=library, name="On the beach")
    for _ in range(3):
        asset = indexed(
            library, ("object", "fire engine"), ("place", "Port-au-Prince"), ("keyword", "archive")
        )
        CollectionItem.objects.create(collection=collection, asset=asset)
        make_fact(asset, "speech", "bonjour", language="fr")
        documents.rebuild([asset.pk])
    results = search(viewer, "fire")
    for facet, steps in SearchPage(viewer, "fire").narrowing(results.candidates):
        for step in steps:
            assert search(viewer, f"fire {step.part}").total == step.assets, (facet.name, step.part)


def test_what_is_asked_for_already_is_marked(library) -> None:
    viewer = make_member(library)
    asset = indexed(library, ("object", "fire engine"), kind="video")
    page = SearchPage(viewer, 'type:video object:"Fire engine"')
    chosen = {facet.name: [step.chosen for step in steps] for facet, steps in page.narrowing([asset.pk])}
    assert chosen["type"] == chosen["object"] == [True]
    assert chosen["date"] == [False]


def test_examples_find_something_that_the_reader_may_see(library) -> None:
    viewer = make_member(library)
    film = make_asset(library, kind="video", duration=60)
    make_fact(film, "speech", "the evening ferry left", start=2, end=6, language="en")
    make_fact(film, "object", "boat", start=3, end=5)
    documents.rebuild([film.pk])
    indexed(make_library(), ("object", "secret"))
    shown = [example.text for example in examples(viewer)]
    assert "said:evening WITH object:boat" in shown
    assert not any("secret" in text for text in shown)
    assert [text for text in shown if not search(viewer, text).hits] == []


def test_an_empty_library_has_no_examples(library) -> None:
    assert examples(make_member(library)) == []
