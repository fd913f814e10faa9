"""A search for a term finds what is tagged with its synonyms and with narrower terms, and says why."""

from __future__ import annotations

import pytest

from dam.sharing.models import Role
from dam.vocabularies import concepts, expansion
from dam.vocabularies.usage import free_keywords
from search import documents, service
from search.keywords import expand
from search.meaning import MeaningOff
from search.parser import parse
from search.saved_answers import answers
from tests.factories import make_fact, make_library, make_member
from tests.vocabularies.conftest import concept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch):
    def off(text):
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


@pytest.fixture
def viewer(library):
    return make_member(library, Role.VIEWER)


def found(user, text):
    return {
        hit.asset.pk: [moment.reason for moment in hit.moments] for hit in service.search(user, text).hits
    }


def indexed(*assets):
    documents.rebuild([asset.pk for asset in assets])
    return assets


def test_the_labels_of_a_term_and_of_narrower_ones_that_are_keywords(vocabulary, library, tagged):
    tagged("Barn owl", "Eule", "Cat", "tyto alba")
    assert expansion.labels_of("aves", [library.pk]) == {"Barn owl", "Eule", "Tyto alba"}
    assert expansion.labels_of("Vogel", [library.pk]) == {"Barn owl", "Eule", "Tyto alba"}
    assert expansion.labels_of("Barn owl", [library.pk]) == {"Tyto alba"}
    assert expansion.labels_of("zebra", [library.pk]) == set()


def test_vocabularies_and_keywords_of_other_libraries_say_nothing(vocabulary, library, tagged):
    other = make_library()
    tagged("Barn owl", library=other)
    assert expansion.labels_of("Birds", [library.pk]) == set()
    assert expansion.labels_of("Birds", [other.pk]) == set()


def test_a_word_stands_for_so_many_keywords_and_no_more(vocabulary, library, tagged, monkeypatch):
    monkeypatch.setattr(expansion, "MOST", 3)
    concepts.write(vocabulary, [concept(f"Owl {n}", ("Owl",)) for n in range(9)])
    tagged(*(f"Owl {n}" for n in range(9)))
    assert expansion.labels_of("Owl", [library.pk]) == {"Owl 0", "Owl 1", "Owl 2"}


@pytest.mark.parametrize("text", ["tag:birds", "birds", "tag:Aves", "Vögel", "tag:(cat OR birds)", "(birds)"])
def test_what_is_tagged_with_a_narrower_term_is_found(vocabulary, viewer, tagged, text):
    owl, _ = indexed(tagged("Barn owl"), tagged("Car"))
    assert set(found(viewer, text)) == {owl.pk}


def test_the_reason_names_the_term_that_was_asked_for(vocabulary, viewer, tagged):
    owl, aves = indexed(tagged("Barn owl"), tagged("Aves"))
    reasons = found(viewer, "tag:birds")
    assert reasons[owl.pk] == ["tagged, narrower term of birds:"]
    assert reasons[aves.pk] == ["tagged, another word for birds:"]


def test_what_is_broader_is_not_found(vocabulary, viewer, tagged):
    indexed(tagged("Birds"))
    assert found(viewer, 'tag:"Barn owl"') == {}


def test_words_side_by_side_may_be_a_term(vocabulary, viewer, tagged):
    (tyto,) = indexed(tagged("Tyto alba"))
    assert set(found(viewer, "barn owl")) == {tyto.pk}
    assert set(found(viewer, '"barn owl"')) == {tyto.pk}


def test_what_excludes_a_term_excludes_narrower_ones(vocabulary, viewer, tagged):
    owl, cat = indexed(tagged("Barn owl", title="Yard"), tagged("Cat", title="Yard"))
    assert set(found(viewer, "yard -tag:birds")) == {cat.pk}
    assert set(found(viewer, "yard")) == {owl.pk, cat.pk}


def test_only_keywords_are_meant(vocabulary, viewer, tagged):
    tagged("Tyto alba")
    asset = tagged()
    make_fact(asset, "caption", "Tyto alba at dawn")
    indexed(asset)
    assert found(viewer, "tag:owl") == {}


def test_a_rejected_keyword_is_not_meant(vocabulary, library, tagged):
    tagged("Barn owl").annotations.update(status="rejected")
    assert expansion.labels_of("birds", [library.pk]) == set()


def test_saved_searches_mean_the_same(vocabulary, viewer, tagged):
    (owl,) = indexed(tagged("Barn owl"))
    assert answers(viewer, "birds").assets == {owl.pk}


def test_what_is_implied_is_not_what_the_reader_wrote(vocabulary, viewer, tagged):
    tagged("Barn owl")
    query = expand(parse("birds nest"), viewer).query
    assert query.meaning() == "birds nest"
    assert [word.text for word in query.sought()] == ["birds", "nest"]
    assert {word.text for word in query.words()} == {"birds", "nest", "Barn", "owl"}
    assert query.corrected({"birds": "bards", "owl": "awl"}).text == "bards nest"


def test_expanding_takes_two_queries(vocabulary, viewer, tagged, django_assert_max_num_queries):
    tagged("Barn owl")
    with django_assert_max_num_queries(2):
        expand(parse("birds tag:owl cat dog"), viewer)


def test_where_a_vocabulary_is_closed_other_keywords_are_told(vocabulary, library):
    assert free_keywords(["owl", "Zebra"], library.pk) == []
    vocabulary.is_open = False
    vocabulary.save()
    assert free_keywords(["owl", "eule", "Zebra"], library.pk) == ["Zebra"]
    assert free_keywords(["Zebra"], make_library().pk) == []
