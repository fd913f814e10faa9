"""Writing down what a person says about an asset."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from dam.describing.record import record_of
from dam.describing.saving import OutdatedError, save
from indexing.models import Annotation, Review
from tests.factories import make_fact

pytestmark = pytest.mark.django_db


def facts(asset, kind, **narrowed):
    return list(asset.annotations.filter(kind=kind, **narrowed).order_by("pk"))


def test_what_a_person_says_is_an_accepted_fact_of_theirs(asset, archivist):
    assert save(asset, archivist, {"description": "Low tide.", "note": "From the estate."}) == {
        "description",
        "note",
    }
    (fact,) = facts(asset, "description")
    assert (fact.source, fact.status, fact.author) == ("person", "accepted", archivist)
    assert facts(asset, "note")[0].text == "From the estate."


def test_only_what_changed_is_written_and_what_was_is_history(asset, archivist):
    save(asset, archivist, {"keywords": ("boat", "sea")})
    kept = facts(asset, "keyword", text="boat")[0]
    save(asset, archivist, {"keywords": ("boat", "harbour")})
    said = {fact.text: fact.status for fact in facts(asset, "keyword")}
    assert said == {"boat": "accepted", "sea": "superseded", "harbour": "accepted"}
    assert facts(asset, "keyword", text="boat") == [kept]


def test_saving_the_same_again_changes_nothing(asset, archivist):
    values = {"title": "Old title", "keywords": ("sea", "boat"), "description": "", "date": ""}
    save(asset, archivist, {"keywords": ("boat", "sea")})
    before = (Annotation.objects.count(), Review.objects.count(), asset.revision)
    assert save(asset, archivist, values) == frozenset()
    asset.refresh_from_db()
    assert (Annotation.objects.count(), Review.objects.count(), asset.revision) == before


def test_the_title_is_the_assets_own_and_a_fact(asset, archivist):
    save(asset, archivist, {"title": "Low tide"})
    asset.refresh_from_db()
    assert asset.title == "Low tide"
    assert [fact.text for fact in facts(asset, "title", status="accepted")] == ["Low tide"]


def test_a_proposal_that_is_used_is_accepted_not_copied(asset, archivist):
    proposed = make_fact(asset, "keyword", "boat", confidence=0.8)
    save(asset, archivist, {"keywords": ("boat",)})
    proposed.refresh_from_db()
    assert (proposed.status, proposed.reviewer) == ("accepted", archivist)
    assert len(facts(asset, "keyword")) == 1


def test_what_a_machine_said_and_a_person_takes_out_is_rejected(asset, archivist):
    proposed = make_fact(asset, "alt", "a boat", confidence=0.8)
    save(asset, archivist, {"alt": "a boat"})
    save(asset, archivist, {"alt": "a ferry"})
    proposed.refresh_from_db()
    assert proposed.status == "rejected"
    assert record_of(asset).values["alt"] == "a ferry"


def test_a_date_keeps_its_words_its_reading_and_sets_the_moment(asset, archivist):
    save(asset, archivist, {"date": "circa 1931"})
    (fact,) = facts(asset, "date")
    assert (fact.text, fact.details["edtf"]) == ("circa 1931", "1931~")
    assert (fact.details["earliest"], fact.details["latest"]) == ("1931-01-01", "1931-12-31")
    asset.refresh_from_db()
    assert asset.taken_at == datetime(1931, 1, 1, tzinfo=UTC)


def test_a_place_keeps_its_coordinates(asset, archivist):
    save(asset, archivist, {"places": ("Altona (53.5503, 9.9351)", "Kiel")})
    found = {fact.text: fact.details for fact in facts(asset, "place")}
    assert found == {"Altona": {"lat": 53.5503, "lon": 9.9351}, "Kiel": {}}
    assert record_of(asset).values["places"] == ("Altona (53.5503, 9.9351)", "Kiel")


def test_facts_of_a_moment_are_not_fields(asset, archivist):
    make_fact(asset, "caption", "a wave", start=1.0, end=2.0)
    make_fact(asset, "place", "Kiel", x=0.1, y=0.1, w=0.1, h=0.1, status="accepted")
    record = record_of(asset)
    assert record.proposals["captions"] == []
    assert record.values["places"] == ()


def test_the_files_own_values_stand_before_what_machines_propose(asset):
    make_fact(asset, "keyword", "ship", confidence=0.9)
    make_fact(asset, "keyword", "boat", source="file", status="accepted")
    record = record_of(asset)
    assert [(each.text, each.origin) for each in record.proposals["keywords"]] == [
        ("boat", "the file"),
        ("ship", "objects"),
    ]
    assert record.values["keywords"] == ()


def test_an_outdated_revision_changes_nothing(asset, archivist, other):
    save(asset, other, {"title": "Theirs"}, asset.revision)
    with pytest.raises(OutdatedError):
        save(asset, archivist, {"description": "Mine"}, 0)
    assert facts(asset, "description") == []


def test_one_bad_value_saves_nothing(asset, archivist):
    with pytest.raises(ValidationError):
        save(asset, archivist, {"title": "New", "date": "soon"})
    asset.refresh_from_db()
    assert asset.title == "Old title"


def test_an_unknown_field_is_refused(asset, archivist):
    with pytest.raises(KeyError):
        save(asset, archivist, {"colour": "red"})


def test_many_keywords_take_no_more_reading_than_few(asset, archivist, django_assert_max_num_queries):
    save(asset, archivist, {"keywords": tuple(f"word {number}" for number in range(100))})
    with django_assert_max_num_queries(1):
        assert len(record_of(asset).values["keywords"]) == 100
