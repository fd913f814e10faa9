import pytest
from django.urls import reverse

from dam.people import recognition
from dam.people.merging import concerns, merge
from dam.people.models import Appearance, Erasure, Face, Person
from dam.people.withdrawal import withdraw
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member
from tests.people.conftest import ADA, BOB, LEFT, RIGHT, box, consent_of, face, make_person, see

pytestmark = pytest.mark.django_db


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def friends(library):
    """A picture with two faces."""
    asset = make_asset(library, title="Two friends")
    see(asset, face(ADA), face(BOB, RIGHT))
    return asset


@pytest.fixture
def records(library, friends, archivist):
    """Ada is known by two records, one for each face."""
    ada, lovelace = make_person(library, "Ada"), make_person(library, "A. Lovelace")
    recognition.name_face(box(friends, LEFT), ada, archivist)
    recognition.name_face(box(friends, RIGHT), lovelace, archivist)
    see(friends, face(ADA), face(BOB, RIGHT), version="2")
    return ada, lovelace


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_two_records_become_one_with_all_their_places_consents_and_receipts(library, friends, records):
    ada, lovelace = records
    lovelace.notes = "Seen at the harbour"
    lovelace.save()
    receipt = Erasure.objects.create(library=library, person=lovelace, reason="expired")
    merge(ada, lovelace)
    ada.refresh_from_db()
    receipt.refresh_from_db()
    assert set(Appearance.objects.values_list("person", flat=True)) == {ada.pk}
    assert set(friends.annotations.filter(kind="person").values_list("text", flat=True)) == {"Ada"}
    assert (ada.consents.count(), receipt.person) == (2, ada)
    assert ada.notes == "Seen at the harbour"
    assert list(Person.objects.all()) == [ada]


def test_vectors_stay_because_the_joined_consent_covers_them(records, committed):
    with committed():
        merge(*records)
    assert Face.objects.filter(appearance__person=records[0]).count() == 2


def test_records_of_two_libraries_are_not_joined(records):
    stranger = make_person(make_library(), "Ada")
    for one, other in ((records[0], stranger), (records[0], records[0])):
        with pytest.raises(ValueError, match="Two records of one library"):
            merge(one, other)


def test_two_records_with_the_same_consent_raise_no_question(records):
    assert concerns(*records) == []


def test_places_without_consent_and_withdrawals_have_to_be_answered_for(library, records, archivist):
    ada, lovelace = records
    lovelace.consents.all().delete()
    (concern,) = concerns(ada, lovelace)
    assert "no consent for the face of A. Lovelace" in concern
    assert "1 place;" in concern
    assert concerns(lovelace, ada) == [concern]
    eve = make_person(library, "Eve")
    withdraw(eve, archivist)
    (concern,) = concerns(ada, eve)
    assert "Eve withdrew the consent for the face" in concern


def test_consent_to_the_voice_does_not_answer_for_the_face(library, records):
    heard = make_person(library, "Voice of Ada", scope="voice")
    recorded = concerns(records[0], heard)
    assert recorded == []
    consent_of(records[0], scope="voice")
    heard.consents.all().delete()
    assert concerns(records[0], heard) == []


def test_the_page_asks_before_consent_is_stretched(client, records):
    ada, lovelace = records
    lovelace.consents.all().delete()
    address = reverse("merge-person", args=[ada.pk])
    assert "A. Lovelace</option>" in text(client.get(address))
    asked = text(client.post(address, {"other": lovelace.pk}))
    assert "no consent for the face of A. Lovelace" in asked
    assert Person.objects.count() == 2
    assert client.post(address, {"other": lovelace.pk, "sure": "on"})["Location"] == ada.get_absolute_url()
    assert list(Person.objects.all()) == [ada]


def test_selected_places_are_given_to_somebody_else(client, library, friends, records, archivist):
    ada, lovelace = records
    merge(ada, lovelace)
    bob = make_person(library, "Bob")
    wrong = Appearance.objects.get(annotation__x=RIGHT.x).annotation
    address = reverse("split-person", args=[ada.pk])
    assert text(client.get(address)).count('name="places"') == 2
    answer = client.post(address, {"places": [wrong.pk], "person": bob.pk})
    assert answer["Location"] == bob.get_absolute_url()
    wrong.refresh_from_db()
    assert wrong.status == "rejected"
    assert bob.appearances.get().annotation.text == "Bob"
    assert ada.appearances.filter(annotation__status="accepted").count() == 1
    assert Face.objects.filter(appearance__person=bob).count() == 1


def test_nobody_is_split_off_without_consent_or_without_a_tick(client, library, records):
    ada, lovelace = records
    address = reverse("split-person", args=[ada.pk])
    place = ada.appearances.get().annotation
    make_person(library, "Eve", consent=False)
    assert "Eve</option>" not in text(client.get(address))
    assert "Say who gave it" in text(client.post(address, {"places": [place.pk], "name": "Eve"}))
    assert "Tick the places" in text(client.post(address, {"person": lovelace.pk}))
    place.refresh_from_db()
    assert place.status == "accepted"


def test_only_those_who_keep_the_library_merge_and_split(client, library, records):
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    for name in ("merge-person", "split-person"):
        assert client.get(reverse(name, args=[records[0].pk])).status_code == 404
