"""What taking a file over would do: every concept has its line, and what does not hold is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dam.vocabularies import changes, concepts
from dam.vocabularies.concepts import Concept
from dam.vocabularies.labels import Wording
from dam.vocabularies.planning import plan
from tests.vocabularies.conftest import ANIMALS, BASE, concept

pytestmark = pytest.mark.django_db


def states(found):
    return {row.name: row.state for row in found.rows}


def test_what_is_there_already_is_kept(vocabulary):
    found = plan(vocabulary, ANIMALS)
    assert set(states(found).values()) == {"kept"}
    assert found.put == []


def test_what_is_new_is_added_and_what_differs_is_changed(vocabulary):
    owl = replace(ANIMALS[2], labels=(*ANIMALS[2].labels, Wording("alternative", "en", "Hooter")))
    found = plan(vocabulary, [owl, concept("Dog", ("Animals",))])
    assert states(found) == {"Owl": "changed", "Dog": "added"}
    assert next(row.notes for row in found.rows if row.name == "Owl") == ["Changes: labels."]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (Concept(BASE + "x"), "no preferred label"),
        (Concept("", (Wording("preferred", "en", "X"),)), "no address"),
        (Concept("http://relative.invalid/x", (Wording("preferred", "en", "X"),)), "no address"),
        (Concept("not an address", (Wording("preferred", "en", "X"),)), "is no address"),
        (
            Concept(BASE + "x", (Wording("preferred", "en", "X"), Wording("preferred", "en", "Y"))),
            "2 preferred labels in en",
        ),
        (Concept(BASE + "x", (Wording("preferred", "en", "X" * 301),)), "longer than 300"),
        (Concept(BASE + "x", (Wording("preferred", "en", "X"),), "9" * 101), "notation is longer"),
    ],
)
def test_what_cannot_be_a_term_is_refused_with_the_reason(vocabulary, wrong, reason):
    found = plan(vocabulary, [wrong, concept("Dog")])
    refused = [row for row in found.rows if row.state == "refused"]
    assert reason in " ".join(refused[0].notes)
    assert [each.uri for each in found.put] == [BASE + "Dog"]


def test_a_circle_in_the_file_is_named_and_one_step_left_out(vocabulary):
    found = plan(vocabulary, [concept("A", ("C",)), concept("B", ("A",)), concept("C", ("B",))])
    notes = [note for row in found.rows for note in row.notes]
    assert notes == ["That would make a circle: C › A › B › C. The step is left out."]
    assert sum(len(each.broader) for each in found.put) == 2


def test_a_circle_with_terms_that_are_there_is_found(vocabulary):
    found = plan(vocabulary, [concept("Animals", ("Barn owl",))])
    assert "Animals › Birds › Owl › Barn owl › Animals" in found.rows[0].notes[0]
    assert found.put == []


def test_steps_to_strangers_are_left_out(vocabulary):
    found = plan(vocabulary, [concept("Dog", ("Nowhere",), related=(BASE + "Neither",))])
    assert found.put[0].broader == found.put[0].related == ()
    assert len(found.rows[0].notes) == 2


def test_a_label_is_of_one_kind(vocabulary):
    found = plan(vocabulary, [concept("Dog", other=("Dog",))])
    assert found.put[0].labels == (("preferred", "en", "Dog"),)
    assert "there twice" in found.rows[0].notes[0]


def test_what_is_above_is_not_related(vocabulary):
    found = plan(vocabulary, [concept("Dog", ("Animals",), related=(BASE + "Animals", BASE + "Cat"))])
    assert found.put[0].related == (BASE + "Cat",)
    assert "cannot be related" in found.rows[0].notes[0]


def test_a_match_that_is_no_address_is_left_out(vocabulary):
    found = plan(
        vocabulary, [concept("Dog", matches={"exactMatch": ["urn:x", "a b", "http://relative.invalid/y"]})]
    )
    assert found.put[0].matches == {"exactMatch": ["urn:x"]}
    assert len(found.rows[0].notes) == 2


def test_related_terms_are_related_both_ways(vocabulary):
    changes.make(vocabulary, None, "", [replace(ANIMALS[4], related=(BASE + "Owl",))])
    assert concepts.read(vocabulary, [BASE + "Owl"])[BASE + "Owl"].related == (BASE + "Cat",)


def test_reading_terms_takes_four_queries_however_many_there_are(vocabulary, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert list(concepts.read(vocabulary).values()) == sorted(ANIMALS, key=lambda each: each.uri)
