import pytest
from django.utils import timezone

from dam.people import grouping, housekeeping, recognition, withdrawal
from dam.people.models import Appearance, Consent, Erasure, Face, FaceCluster, LibraryRecognition, Tombstone
from indexing.models import Annotation, Embedding
from search.models import AssetDocument, MomentDocument, Word
from tests.factories import make_asset, make_fact
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
def portrait(library):
    return make_asset(library)


@pytest.fixture
def crowd(library):
    return make_asset(library)


@pytest.fixture
def ada(library, user, portrait, crowd):
    """Ada, named in a portrait and found in a crowd, beside Bob."""
    person = make_person(library, "Ada Zabel")
    see(portrait, face(ADA))
    recognition.name_face(box(portrait), person, user)
    see(portrait, face(ADA))
    see(crowd, face(LIKE_ADA), face(BOB, RIGHT))
    return person


def holds(text: str) -> bool:
    documents = AssetDocument.objects.extra(
        where=["vector @@ plainto_tsquery('mediatheque', %s)"], params=[text]
    )
    known = Word.objects.filter(word=text.lower()).exists()
    return documents.exists() or known or MomentDocument.objects.filter(text__icontains=text).exists()


def test_withdrawal_erases_vectors_and_names_and_leaves_the_boxes(ada, user, portrait, crowd):
    assert Embedding.objects.filter(space=SPACE).count() == 2
    receipt = withdrawal.withdraw(ada, user)
    assert Embedding.objects.filter(space=SPACE).count() == 0
    assert (Face.objects.count(), Appearance.objects.count()) == (0, 0)
    assert not Annotation.objects.filter(kind="person").exists()
    assert (portrait.annotations.count(), crowd.annotations.count()) == (1, 2)
    assert {name: receipt.counts[name] for name in ("names", "vectors", "assets")} == {
        "names": 2,
        "vectors": 2,
        "assets": 2,
    }
    assert (receipt.person, receipt.made_by, receipt.reason) == (ada, user, "withdrawn")


def test_withdrawal_ends_every_consent_and_says_by_whom(ada, user):
    consent_of(ada, scope="voice")
    withdrawal.withdraw(ada, user)
    assert [each.withdrawn_by for each in ada.consents.all()] == [user, user]
    assert not Consent.objects.holding().exists()


def test_the_search_index_forgets_the_name_at_once(ada, user, committed):
    with committed():
        recognition.rename(ada, "Ada Zabel")
    assert holds("zabel")
    with committed():
        withdrawal.withdraw(ada, user)
    assert not holds("zabel")


def test_the_search_index_forgets_the_name_in_many_assets_without_a_worker(ada, user, library, committed):
    with committed():
        for _ in range(12):
            see(make_asset(library), face(ADA))
    assert MomentDocument.objects.filter(text="Ada Zabel").exists()
    with committed():
        withdrawal.withdraw(ada, user)
    assert not holds("zabel")


def test_a_tombstone_survives_a_new_look_even_where_a_basis_was_declared(ada, user, library, crowd):
    withdrawal.withdraw(ada, user)
    declare(library)
    see(crowd, face(LIKE_ADA), face(BOB, RIGHT), version="2")
    kept = Embedding.objects.get(asset=crowd, space=SPACE)
    assert kept.annotation.x == pytest.approx(RIGHT.x)


def test_a_tombstone_covers_a_box_that_another_detector_drew(ada, user, library, crowd):
    withdrawal.withdraw(ada, user)
    declare(library)
    shifted = LEFT._replace(x=LEFT.x + 0.08, y=LEFT.y - 0.05, w=LEFT.w * 0.9)
    see(crowd, face(LIKE_ADA, shifted), version="2")
    assert not Embedding.objects.filter(asset=crowd, space=SPACE).exists()


def test_nobody_else_is_recognised_at_a_tombstone(ada, user, library, crowd):
    twin, portrait = make_person(library, "Twin"), make_asset(library)
    see(portrait, face(LIKE_ADA))
    withdrawal.withdraw(ada, user)
    recognition.name_face(box(portrait), twin, user)
    see(portrait, face(LIKE_ADA))
    see(crowd, face(LIKE_ADA), version="2")
    assert not crowd.annotations.filter(kind="person").exists()


def test_in_a_film_no_nameless_face_is_kept_during_a_tombstone(ada, user, library, crowd):
    see(crowd, face(ADA, start=1.0, end=5.0), version="2")
    withdrawal.withdraw(ada, user)
    declare(library)
    moved = face(ADA, RIGHT, start=3.0, end=6.0)
    see(crowd, moved, face(BOB, RIGHT, start=20.0, end=25.0), version="3")
    assert Embedding.objects.get(asset=crowd, space=SPACE).annotation.start == 20


def test_a_tombstone_holds_neither_a_name_nor_a_vector(ada, user):
    withdrawal.withdraw(ada, user)
    fields = {field.name for field in Tombstone._meta.get_fields()}
    assert fields == {"id", "asset", "scope", "start", "end", "x", "y", "w", "h", "made_at"}
    assert Tombstone.objects.count() == 2


def test_naming_somebody_with_new_consent_lifts_the_tombstone(ada, user, portrait):
    withdrawal.withdraw(ada, user)
    see(portrait, face(ADA))
    consent_of(ada)
    recognition.name_face(box(portrait), ada, user)
    see(portrait, face(ADA), version="2")
    assert Embedding.objects.filter(asset=portrait, space=SPACE).count() == 1


def test_a_name_that_was_refused_goes_too_but_leaves_no_tombstone(ada, user, library):
    from indexing import store

    other = make_asset(library)
    see(other, face(ADA))
    store.review(other.annotations.get(kind="person"), user, "rejected")
    withdrawal.withdraw(ada, user)
    assert not other.annotations.filter(kind="person").exists()
    assert not other.tombstones.exists()


def test_speaker_labels_of_the_person_go_too(ada, user, library):
    recording = make_asset(library, kind="audio")
    make_fact(recording, "speaker", "ada zabel", start=0, end=3)
    make_fact(recording, "speech", "Ada Zabel was here", start=0, end=3)
    receipt = withdrawal.withdraw(ada, user)
    assert receipt.counts["speaker labels"] == 1
    assert list(recording.annotations.values_list("kind", flat=True)) == ["speech"]


def test_another_person_of_the_same_name_keeps_theirs(ada, user, library):
    namesake, portrait = make_person(library, ada.name), make_asset(library)
    see(portrait, face(BOB))
    recognition.name_face(box(portrait), namesake, user)
    withdrawal.withdraw(ada, user)
    assert portrait.annotations.get(kind="person").text == ada.name


def test_nameless_faces_that_were_grouped_with_the_person_go_too(library, user, portrait):
    declare(library)
    strange = make_asset(library)
    see(strange, face(LIKE_ADA, RIGHT))
    see(portrait, face(ADA), face(BOB, RIGHT))
    person = make_person(library)
    recognition.name_face(box(portrait), person, user)
    grouping.group_new_faces()
    receipt = withdrawal.withdraw(person, user)
    assert receipt.counts["vectors"] == 2
    assert strange.tombstones.count() == 1
    (left,) = FaceCluster.objects.all()
    assert left.size == 1
    assert left.mean == pytest.approx(BOB)


def test_expired_consent_is_swept_like_a_withdrawal(ada, crowd):
    Consent.objects.update(given_at=long_ago(20), expires_at=long_ago())
    (receipt,) = withdrawal.sweep()
    assert (receipt.reason, receipt.counts["vectors"], receipt.made_by) == ("expired", 2, None)
    assert not Annotation.objects.filter(kind="person").exists()
    assert crowd.tombstones.count() == 1
    assert withdrawal.sweep() == []


def test_consent_that_expires_while_another_holds_erases_nothing(ada):
    Consent.objects.update(given_at=long_ago(20), expires_at=long_ago())
    consent_of(ada)
    assert withdrawal.sweep() == []
    assert Embedding.objects.filter(space=SPACE).count() == 2
    assert not Consent.objects.run_out().exists()


def test_a_basis_that_ends_takes_every_nameless_face_with_it(ada, user, library, crowd):
    declare(library)
    see(crowd, face(LIKE_ADA), face(BOB, RIGHT), version="2")
    grouping.group_new_faces()
    receipt = withdrawal.end_basis(library, user)
    assert receipt.counts["vectors"] == 1
    assert not FaceCluster.objects.exists()
    assert Embedding.objects.filter(space=SPACE).count() == 2


def test_the_planner_ends_a_basis_that_has_run_out(library, crowd, monkeypatch):
    declare(library)
    see(crowd, face(BOB))
    LibraryRecognition.objects.update(given_at=long_ago(20), expires_at=long_ago())
    monkeypatch.setattr(housekeeping.tasks.group_faces, "delay", lambda: None)
    assert housekeeping.look() == 1
    assert not Embedding.objects.filter(space=SPACE).exists()
    assert Erasure.objects.get().library == library
    assert LibraryRecognition.objects.get().ended_at <= timezone.now()
