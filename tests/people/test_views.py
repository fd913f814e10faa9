from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from dam.assets.models import Rendition
from dam.collections.models import Collection
from dam.people import grouping, recognition
from dam.people.models import Consent, Erasure, Person
from dam.sharing.models import Role
from indexing.models import Annotation
from tests.factories import make_asset, make_member
from tests.people.conftest import ADA, BOB, LEFT, LIKE_ADA, RIGHT, box, declare, face, make_person, see

pytestmark = pytest.mark.django_db


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def portrait(library):
    """A picture that is red on the left and blue on the right, with a face in either half."""
    asset = make_asset(library, title="Two friends")
    picture = Image.new("RGB", (400, 200), "blue")
    picture.paste((255, 0, 0), (0, 0, 200, 200))
    written = BytesIO()
    picture.save(written, "WEBP", lossless=True)
    rendition = Rendition.objects.create(asset=asset, name="thumb-large", media_type="image/webp", size=1)
    rendition.file.save("large.webp", ContentFile(written.getvalue()))
    see(asset, face(ADA), face(BOB, RIGHT))
    return asset


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_the_picture_of_a_face_is_cut_from_the_rendition(client, archivist, portrait):
    response = client.get(reverse("face-picture", args=[box(portrait, RIGHT).pk]))
    cut = Image.open(BytesIO(response.content))
    assert max(cut.size) <= 192
    red, _, blue = cut.convert("RGB").getpixel((cut.width // 2, cut.height // 2))
    assert blue > 200 > 50 > red
    again = client.get(
        reverse("face-picture", args=[box(portrait, RIGHT).pk]),
        headers={"If-None-Match": response["ETag"]},
    )
    assert again.status_code == 304


def test_without_a_rendition_there_is_no_picture_of_a_face(client, archivist, library):
    asset = make_asset(library)
    see(asset, face(ADA))
    assert client.get(reverse("face-picture", args=[box(asset).pk])).status_code == 404


def test_a_face_is_named_together_with_the_consent_of_somebody_new(client, archivist, portrait):
    answer = client.post(
        reverse("name-face", args=[box(portrait).pk]),
        {"name": "Ada", "given_by": "Ada herself", "evidence": "Form 12"},
    )
    assert answer.status_code == 302
    consent = Consent.objects.get()
    assert (consent.given_by, consent.evidence, consent.recorded_by) == ("Ada herself", "Form 12", archivist)
    fact = portrait.annotations.get(kind="person")
    assert (fact.text, fact.status, fact.author, fact.x) == ("Ada", "accepted", archivist, LEFT.x)


def test_nobody_is_named_without_consent(client, archivist, portrait):
    page = text(client.post(reverse("name-face", args=[box(portrait).pk]), {"name": "Ada"}))
    assert "Nobody is recognised without consent" in page
    assert not Person.objects.exists()
    assert not portrait.annotations.filter(kind="person").exists()


def test_people_without_consent_cannot_be_chosen(client, archivist, library, portrait):
    make_person(library, "Ada", consent=False)
    assert "Ada" not in text(client.get(reverse("name-face", args=[box(portrait).pk])))


def test_an_archivist_of_one_collection_names_but_records_no_consent(client, library, portrait):
    collection = Collection.objects.create(library=library, name="Friends")
    collection.items.create(asset=portrait)
    client.force_login(make_member(library, Role.ARCHIVIST, collection))
    answer = client.post(
        reverse("name-face", args=[box(portrait).pk]), {"name": "Ada", "given_by": "Ada herself"}
    )
    assert "Choose a person" in text(answer)
    assert not Person.objects.exists()


def test_consent_is_recorded_with_its_evidence_and_kept_from_viewers(client, archivist, library):
    person = make_person(library, consent=False)
    terms = {"scope": "both", "given_by": "Her father", "given_at": "2024-03-01T10:00"}
    form = SimpleUploadedFile("form.pdf", b"signed")
    client.post(reverse("record-consent", args=[person.pk]), {**terms, "evidence_file": form})
    consent = person.consents.get()
    assert (consent.scope, consent.given_by, consent.holds) == ("both", "Her father", True)
    address = reverse("consent-evidence", args=[consent.pk])
    assert b"".join(client.get(address).streaming_content) == b"signed"
    assert "Her father" in text(client.get(person.get_absolute_url()))
    client.force_login(make_member(library))
    assert "Her father" not in text(client.get(person.get_absolute_url()))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("ends", ["2024-02-01T10:00", "2024-03-02T10:00"], ids=["before it begins", "past"])
def test_consent_that_has_ended_already_is_not_recorded(client, archivist, library, ends):
    person = make_person(library, consent=False)
    terms = {"scope": "face", "given_by": "Ada", "given_at": "2024-03-01T10:00", "expires_at": ends}
    assert 'class="errors"' in text(client.post(reverse("record-consent", args=[person.pk]), terms))
    assert not person.consents.exists()


def test_withdrawing_asks_first_and_then_shows_the_receipt(client, archivist, library, portrait):
    person = make_person(library)
    recognition.name_face(box(portrait), person, archivist)
    address = reverse("withdraw-consent", args=[person.pk])
    assert "This cannot be undone" in text(client.get(address))
    assert portrait.annotations.filter(kind="person").exists()
    receipt = text(client.post(address, follow=True))
    assert "cannot say what has left" in receipt
    assert not portrait.annotations.filter(kind="person").exists()
    assert Erasure.objects.get().made_by == archivist


def test_the_page_of_people_shows_consent_and_how_many_files(client, archivist, library, portrait):
    person = make_person(library, expires_at=timezone.now() + timedelta(days=400))
    recognition.name_face(box(portrait), person, archivist)
    page = text(client.get(reverse("people")))
    assert "Ada" in page
    assert "1 file" in page
    assert "Face consent until" in page


def test_the_page_of_people_asks_no_more_of_the_database_for_more_people(
    client, archivist, library, portrait, django_assert_max_num_queries
):
    client.get(reverse("people"))
    for number in range(12):
        recognition.name_face(box(portrait), make_person(library, f"Person {number}"), archivist)
    with django_assert_max_num_queries(14):
        client.get(reverse("people"))


def test_a_hidden_person_is_shown_to_archivists_only(client, archivist, library):
    person = make_person(library, "Little Ada")
    Person.objects.update(hidden=True)
    assert "Little Ada" in text(client.get(reverse("people")))
    client.force_login(make_member(library))
    assert "Little Ada" not in text(client.get(reverse("people")))
    assert client.get(person.get_absolute_url()).status_code == 404


def test_a_person_is_renamed_in_every_fact(client, archivist, library, portrait):
    person = make_person(library)
    recognition.name_face(box(portrait), person, archivist)
    client.post(reverse("edit-person", args=[person.pk]), {"name": "Ada Lovelace"})
    assert portrait.annotations.get(kind="person").text == "Ada Lovelace"


def test_a_group_of_nameless_faces_gets_one_name_except_those_without_a_tick(
    client, archivist, library, portrait
):
    declare(library)
    other = make_asset(library)
    see(portrait, face(ADA), face(LIKE_ADA, RIGHT))
    see(other, face(ADA))
    grouping.group_new_faces()
    person = make_person(library)
    assert "3 faces" in text(client.get(reverse("people")))
    group = library.face_clusters.get()
    ticked = [box(portrait).pk, box(other).pk]
    client.post(reverse("face-group", args=[group.pk]), {"person": person.pk, "faces": ticked})
    named = Annotation.objects.filter(kind="person", status="accepted")
    assert sorted((fact.asset_id, fact.x) for fact in named) == sorted(
        (asset.pk, LEFT.x) for asset in (portrait, other)
    )


def test_a_library_declares_its_basis_with_evidence_and_ends_it(client, library, portrait):
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    address = reverse("library-recognition", args=[library.pk])
    terms = {"scope": "face", "given_by": "The board", "given_at": "2024-03-01T10:00"}
    assert 'class="errors"' in text(client.post(address, terms))
    client.post(address, {**terms, "evidence": "Minutes of 1 March"})
    assert library.recognition.get().holds
    see(portrait, face(ADA))
    client.post(address, {"action": "end"})
    assert not library.faces.exists()
    assert not library.recognition.holding().exists()


def test_a_stranger_reaches_neither_a_person_nor_a_face(client, library, portrait):
    person = make_person(library)
    client.force_login(make_member(make_asset().library, Role.ADMINISTRATOR))
    for name, pk in (("person", person.pk), ("face-picture", box(portrait).pk), ("asset-faces", portrait.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    assert "Ada" not in text(client.get(reverse("people")))
