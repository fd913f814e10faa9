"""Merging, deleting and undoing: nothing is lost, and a later change is not run over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dam.vocabularies import changes, concepts, usage
from dam.vocabularies.changes import ChangeError
from tests.vocabularies.conftest import ANIMALS, BASE, concept

pytestmark = pytest.mark.django_db


def state(vocabulary):
    return concepts.read(vocabulary)


def test_merging_keeps_the_labels_and_moves_what_is_narrower(vocabulary, term, archivist, tagged):
    tagged("eule")
    changes.merge(term("Owl"), term("Cat"), archivist)
    cat = state(vocabulary)[BASE + "Cat"]
    assert {each.text for each in cat.labels} == {"Cat", "Owl", "Eule", "Owll"}
    assert [each.kind for each in cat.labels if each.text == "Eule"] == ["alternative"]
    assert state(vocabulary)[BASE + "Barn_owl"].broader == (BASE + "Cat",)
    assert usage.own_count(archivist, term("Cat")) == 1


def test_merging_into_what_is_narrower_lifts_it(vocabulary, term, archivist):
    changes.merge(term("Birds"), term("Owl"), archivist)
    assert state(vocabulary)[BASE + "Owl"].broader == (BASE + "Animals",)


@pytest.mark.parametrize("change", ["merge", "delete"])
def test_a_change_is_undone_wholly(vocabulary, term, archivist, change):
    before = state(vocabulary)
    if change == "merge":
        made = changes.merge(term("Owl"), term("Cat"), archivist)
    else:
        made = changes.delete(term("Owl"), archivist)
    assert state(vocabulary) != before
    changes.undo(made, archivist)
    assert state(vocabulary) == before


def test_deleting_lifts_what_is_narrower_and_keeps_keywords(vocabulary, term, archivist, tagged):
    asset = tagged("Owl")
    changes.delete(term("Owl"), archivist)
    assert state(vocabulary)[BASE + "Barn_owl"].broader == (BASE + "Birds",)
    assert asset.annotations.get().text == "Owl"


def test_what_was_added_goes_when_it_is_undone(vocabulary, archivist):
    changes.undo(changes.make(vocabulary, archivist, "Added", [concept("Dog")]), archivist)
    assert BASE + "Dog" not in state(vocabulary)


def test_an_earlier_change_is_not_undone_over_a_later_one(vocabulary, term, archivist):
    first = changes.make(vocabulary, archivist, "One", [replace(ANIMALS[4], notation="1")])
    changes.make(vocabulary, archivist, "Two", [replace(ANIMALS[4], notation="2")])
    with pytest.raises(ChangeError, match="changed since"):
        changes.undo(first, archivist)
    assert term("Cat").notation == "2"


def test_a_change_that_does_not_hold_changes_nothing(vocabulary, term, archivist):
    before = state(vocabulary)
    with pytest.raises(ChangeError, match="circle"):
        changes.make(vocabulary, archivist, "", [replace(ANIMALS[0], broader=(BASE + "Owl",))])
    with pytest.raises(ChangeError, match="another term"):
        changes.merge(term("Owl"), term("Owl"), archivist)
    assert state(vocabulary) == before
    assert not vocabulary.changes.exists()


def test_only_the_last_changes_are_kept(vocabulary, archivist, monkeypatch):
    monkeypatch.setattr(changes, "KEPT", 2)
    for number in range(4):
        changes.make(vocabulary, archivist, str(number), [replace(ANIMALS[4], notation=str(number))])
    assert [each.text for each in vocabulary.changes.all()] == ["3", "2"]
