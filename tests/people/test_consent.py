import pytest

from dam.people import recognition
from dam.people.biometrics import SPACES
from dam.people.models import Face
from indexing import store
from indexing.analysers import registry
from indexing.analysers.contract import Finding, Vector
from indexing.models import Annotation, Embedding
from tests.factories import make_asset, make_library, make_run
from tests.people.conftest import (
    ADA,
    BOB,
    LEFT,
    LIKE_ADA,
    RIGHT,
    SPACE,
    box,
    consent_of,
    declare,
    face,
    long_ago,
    make_person,
    see,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(library):
    return make_asset(library)


@pytest.fixture
def known(library, user):
    """Ada, known by one face that an archivist named."""
    person, portrait = make_person(library), make_asset(library)
    see(portrait, face(ADA))
    recognition.name_face(box(portrait), person, user)
    see(portrait, face(ADA))
    return person


def people_in(asset, **conditions):
    return list(asset.annotations.filter(kind="person", **conditions).values_list("text", flat=True))


def vectors_of(asset):
    return Embedding.objects.filter(asset=asset, space__in=SPACES).count()


def test_without_consent_no_vector_is_stored_and_the_box_stays(asset):
    see(asset, face(ADA), face(BOB, RIGHT))
    assert vectors_of(asset) == 0
    assert asset.annotations.filter(kind="face").count() == 2
    assert people_in(asset) == []


def test_a_biometric_vector_of_a_whole_picture_is_never_stored(library, asset):
    declare(library)
    see(asset, Vector(SPACE, ADA))
    assert vectors_of(asset) == 0


def test_vectors_of_other_spaces_pass(asset):
    store.save(make_run(asset, "clip"), [Vector("clip", ADA)])
    assert Embedding.objects.filter(asset=asset, space="clip").count() == 1


def test_a_named_person_with_consent_is_found_in_another_photograph(known, asset):
    see(asset, face(LIKE_ADA), face(BOB, RIGHT))
    fact = asset.annotations.get(kind="person")
    assert (fact.text, fact.status, fact.x) == ("Ada", "proposed", LEFT.x)
    assert 0.5 < fact.confidence <= 1
    assert fact.details["person"] == known.pk
    assert vectors_of(asset) == 1
    assert Face.objects.get(embedding__asset=asset).appearance.person == known


def test_nobody_is_found_by_consent_in_another_library(known):
    elsewhere = make_asset(make_library())
    see(elsewhere, face(ADA))
    assert (people_in(elsewhere), vectors_of(elsewhere)) == ([], 0)


@pytest.mark.parametrize(
    "terms",
    [
        {"expires_at": long_ago()},
        {"withdrawn_at": long_ago()},
        {"given_at": long_ago(-1)},
        {"scope": "voice"},
    ],
    ids=["expired", "withdrawn", "not yet begun", "for the voice only"],
)
def test_consent_that_does_not_hold_admits_nothing(known, asset, terms):
    known.consents.all().delete()
    consent_of(known, **terms)
    see(asset, face(ADA))
    assert (people_in(asset), vectors_of(asset)) == ([], 0)


def test_consent_for_face_and_voice_admits_the_face(known, asset):
    known.consents.update(scope="both")
    see(asset, face(ADA))
    assert people_in(asset) == ["Ada"]


def test_without_a_calibrated_likeness_nobody_is_recognised(known, asset, monkeypatch):
    monkeypatch.setattr("dam.people.biometrics._likeness", {})
    see(asset, face(ADA))
    assert (people_in(asset), vectors_of(asset)) == ([], 0)


def test_of_two_who_look_alike_neither_is_surely_the_one(known, library, user, asset):
    twin, portrait = make_person(library, "Twin"), make_asset(library)
    see(portrait, face(LIKE_ADA, RIGHT))
    recognition.name_face(box(portrait), twin, user)
    see(portrait, face(LIKE_ADA, RIGHT))
    see(asset, face(LIKE_ADA + ADA))
    assert asset.annotations.filter(kind="person", confidence__gt=0.7).count() == 0


def test_a_rejected_name_is_not_proposed_again_there(known, asset, user, committed):
    see(asset, face(ADA))
    with committed():
        store.review(asset.annotations.get(kind="person"), user, "rejected")
    assert vectors_of(asset) == 0
    see(asset, face(ADA), version="2")
    assert people_in(asset, status="proposed") == []
    assert vectors_of(asset) == 0


def test_a_rejected_name_is_not_proposed_again_after_the_person_is_renamed(known, asset, user):
    see(asset, face(ADA))
    store.review(asset.annotations.get(kind="person"), user, "rejected")
    recognition.rename(known, "Ada Lovelace")
    see(asset, face(ADA), version="2")
    assert people_in(asset, status="proposed") == []


def test_an_accepted_name_outranks_every_later_run(known, library, asset, user):
    other = make_person(library, "Grace")
    see(asset, face(ADA))
    recognition.name_face(box(asset), other, user)
    see(asset, face(ADA), version="2")
    assert people_in(asset, status="accepted") == ["Grace"]
    assert people_in(asset, status="proposed") == []
    assert Face.objects.get(embedding__asset=asset).appearance.person == other


def test_a_rejected_box_is_no_face_and_keeps_no_vector(known, asset, user, committed):
    see(asset, face(ADA))
    with committed():
        store.review(box(asset), user, "rejected")
    see(asset, face(ADA), version="2")
    assert vectors_of(asset) == 0


def test_an_accepted_box_gets_its_vector_once_the_person_consents(library, asset, user):
    see(asset, face(ADA))
    store.review(box(asset), user, "accepted")
    recognition.name_face(box(asset), make_person(library), user)
    see(asset, face(ADA), version="2")
    assert Embedding.objects.get(asset=asset).annotation == box(asset)
    assert asset.annotations.filter(kind="face").count() == 1


def test_naming_needs_consent(library, asset, user):
    see(asset, face(ADA))
    with pytest.raises(recognition.ConsentMissingError, match="consent of Ada"):
        recognition.name_face(box(asset), make_person(library, consent=False), user)
    assert people_in(asset) == []


def test_nobody_of_another_library_is_named(asset, user):
    see(asset, face(ADA))
    with pytest.raises(ValueError, match="not known in this library"):
        recognition.name_face(box(asset), make_person(make_library()), user)


def test_a_basis_keeps_faces_of_people_who_are_not_named(library, asset):
    declare(library)
    see(asset, face(ADA), face(BOB, RIGHT))
    assert vectors_of(asset) == 2
    assert people_in(asset) == []


def test_a_basis_that_has_expired_keeps_nothing(library, asset):
    declare(library, expires_at=long_ago())
    see(asset, face(ADA))
    assert vectors_of(asset) == 0


def test_a_film_names_a_person_for_the_span_of_each_sighting(known, asset):
    see(asset, face(ADA, start=1.0, end=4.0), face(ADA, RIGHT, start=9.0, end=12.0))
    spans = asset.annotations.filter(kind="person").order_by("start").values_list("start", "end")
    assert list(spans) == [(1, 4), (9, 12)]


def test_the_first_face_of_a_person_has_the_other_faces_looked_at_again(library, user, committed):
    person, portrait, other, empty = make_person(library), *(make_asset(library) for _ in range(3))
    see(portrait, face(ADA))
    see(other, face(LIKE_ADA))
    asked = listen()
    with committed():
        recognition.name_face(box(portrait), person, user)
    assert asked == [[portrait.pk]], "its own vector was not kept, so the portrait comes first"
    with committed():
        see(portrait, face(ADA))
    assert asked[1:] == [[other.pk]]
    assert all(empty.pk not in ids for ids in asked)


def listen():
    from dam.people.signals import look_again

    asked: list[list[int]] = []
    listen.keep = lambda asset_ids, **_: asked.append(list(asset_ids))
    look_again.connect(listen.keep)
    return asked


def test_every_analyser_of_faces_fills_a_space_that_the_gate_knows():
    for analyser in registry.all():
        if "face" in analyser.kinds and analyser.spaces:
            assert set(analyser.spaces) <= set(SPACES), analyser.name


def test_a_name_that_a_file_brings_is_left_out_once_that_person_withdrew(known, asset, user):
    from dam.people.withdrawal import withdraw

    store.import_facts(asset, [Finding("person", "Ada"), Finding("keyword", "Ada")])
    withdraw(known, user)
    store.import_facts(asset, [Finding("person", "Ada"), Finding("keyword", "Ada"), Finding("person", "Bob")])
    assert sorted(asset.annotations.values_list("kind", "text")) == [("keyword", "Ada"), ("person", "Bob")]
    assert Annotation.objects.filter(text="Ada", kind="person").count() == 0
