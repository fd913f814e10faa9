"""Broader and narrower: circles are named, paths are told, labels are compared as people do."""

from __future__ import annotations

import pytest

from dam.vocabularies.hierarchy import paths
from dam.vocabularies.labels import Wording, folded, lines, name_of, typed
from dam.vocabularies.models import Broader, CircleError, Vocabulary

pytestmark = pytest.mark.django_db


def test_a_circle_is_refused_and_named(term):
    with pytest.raises(CircleError, match="Animals › Birds › Owl › Barn owl › Animals"):
        Broader(narrower=term("Animals"), broader=term("Barn owl")).save()
    assert not term("Animals").broader.exists()


def test_a_term_is_not_broader_than_itself(term):
    with pytest.raises(CircleError, match="Owl › Owl"):
        Broader(narrower=term("Owl"), broader=term("Owl")).save()


def test_terms_of_two_vocabularies_are_not_above_each_other(term, library):
    other = Vocabulary.objects.create(library=library, name="Other")
    stranger = other.terms.create(uri="urn:x", name="X")
    with pytest.raises(CircleError, match="two vocabularies"):
        Broader(narrower=stranger, broader=term("Owl")).save()


def test_a_term_may_stand_below_two(term):
    Broader(narrower=term("Barn owl"), broader=term("Cat")).save()
    assert set(term("Barn owl").broader.values_list("name", flat=True)) == {"Owl", "Cat"}


def test_the_path_leads_from_the_top(term):
    assert paths([term("Owl").pk])[term("Owl").pk] == ["Animals", "Birds", "Owl"]


@pytest.mark.parametrize(
    ("one", "other"), [("Vögel", "VOGEL"), ("Fire-engine", "fire engine"), (" Straße ", "STRASSE")]
)
def test_labels_are_compared_without_case_accents_and_punctuation(one, other):
    assert folded(one) == folded(other)


def test_what_has_no_words_stays_what_it_is():
    assert folded(" !? ") == "!?"


def test_a_term_is_called_in_the_language_of_its_vocabulary():
    wordings = [Wording("preferred", "de", "Eule"), Wording("preferred", "en", "Owl")]
    assert [name_of(wordings, each) for each in ("de", "de-AT", "fr")] == ["Eule", "Eule", "Owl"]


def test_labels_are_typed_one_on_each_line():
    read = typed("Owl\nde:  Eule \n\nSpace: the final frontier", "preferred", "en")
    assert [each[1:] for each in read] == [("en", "Owl"), ("de", "Eule"), ("en", "Space: the final frontier")]
    assert typed(lines(read, "preferred", "en"), "preferred", "en") == read
