import pytest

from dam.people import grouping, recognition, speakers, withdrawal
from dam.people.models import Face, FaceCluster, Tombstone
from dam.people.signals import look_again
from indexing import store
from indexing.analysers import registry
from indexing.analysers.contract import Finding, Place
from indexing.models import Embedding, Review
from search.models import AssetDocument, MomentDocument, Word
from tests.factories import make_asset, make_library
from tests.people.conftest import (
    ADA,
    BOB,
    LIKE_ADA,
    SPACE,
    VOICES,
    box,
    consent_of,
    declare,
    face,
    hear,
    long_ago,
    make_person,
    see,
    speaker,
    voice,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recording(library):
    return make_asset(library, kind="audio", duration=60.0)


@pytest.fixture
def interview(library):
    return make_asset(library, kind="audio", duration=60.0)


@pytest.fixture
def ada(library):
    return make_person(library, "Ada Zabel", scope="voice")


@pytest.fixture
def known(ada, user, interview):
    """Ada, known by her voice in an interview with Bob."""
    talk = [speaker(1, ADA, (0, 5), (9, 20)), speaker(2, BOB, (5, 9), (20, 26))]
    hear(interview, *talk)
    recognition.name_voice(voice(interview), ada, user)
    hear(interview, *talk)
    return ada


def vectors_in(asset):
    return Embedding.objects.filter(asset=asset, space=VOICES).count()


def names_in(asset):
    return {number: name.text for number, name in speakers.names_of(asset).items()}


def holds(word: str) -> bool:
    documents = AssetDocument.objects.extra(
        where=["vector @@ plainto_tsquery('mediatheque', %s)"], params=[word]
    )
    known = Word.objects.filter(word=word).exists()
    return documents.exists() or known or MomentDocument.objects.filter(text__icontains=word).exists()


def test_without_consent_a_speaker_is_a_number_and_no_voice_is_stored(recording):
    hear(recording, speaker(1, ADA, (0, 5)), speaker(2, BOB, (5, 9)))
    assert vectors_in(recording) == 0
    assert recording.annotations.filter(kind="voice").count() == 2
    assert names_in(recording) == {}


def test_a_name_holds_for_all_turns_of_the_speaker_whose_voice_is_kept(known, interview):
    assert names_in(interview) == {1: "Ada Zabel"}
    name = speakers.names_of(interview)[1]
    assert (name.probability, name.person_id) == (None, known.pk)
    assert vectors_in(interview) == 1
    assert Face.objects.get().appearance.person == known
    turns = interview.annotations.filter(kind="turn").values_list("text", flat=True)
    assert set(turns) == {"Speaker 1", "Speaker 2"}


def test_a_known_voice_is_proposed_in_another_recording_whatever_its_number_there(known, recording):
    hear(recording, speaker(1, BOB, (0, 5)), speaker(2, LIKE_ADA, (5, 9), (12, 15)))
    assert names_in(recording) == {2: "Ada Zabel"}
    name = speakers.names_of(recording)[2]
    assert 0.5 < name.probability < 1
    assert (name.fact.kind, name.fact.status, name.fact.start) == ("speaker", "proposed", 5)
    assert vectors_in(recording) == 1


def test_nobody_is_heard_by_consent_in_another_library(known):
    elsewhere = make_asset(make_library(), kind="audio")
    hear(elsewhere, speaker(1, ADA, (0, 5)))
    assert (names_in(elsewhere), vectors_in(elsewhere)) == ({}, 0)


@pytest.mark.parametrize(
    "terms",
    [{"expires_at": long_ago()}, {"withdrawn_at": long_ago()}, {"given_at": long_ago(-1)}, {"scope": "face"}],
    ids=["expired", "withdrawn", "not yet begun", "for the face only"],
)
def test_consent_that_does_not_hold_admits_no_voice(known, recording, terms):
    known.consents.all().delete()
    consent_of(known, **{"scope": "voice", **terms})
    hear(recording, speaker(1, ADA, (0, 5)))
    assert (names_in(recording), vectors_in(recording)) == ({}, 0)


def test_naming_a_voice_needs_consent_for_the_voice(library, user, recording):
    hear(recording, speaker(1, ADA, (0, 5)))
    seen_only = make_person(library, "Eve", scope="face")
    with pytest.raises(recognition.ConsentMissingError, match="for the voice"):
        recognition.name_voice(voice(recording), seen_only, user)
    assert names_in(recording) == {}


def test_a_face_and_a_voice_at_one_second_are_not_taken_for_each_other(known, library, user):
    film = make_asset(library, kind="video", duration=30.0)
    bob = make_person(library, "Bob", scope="face")
    see(film, face(BOB, start=0.0, end=5.0))
    recognition.name_face(box(film), bob, user)
    hear(film, speaker(1, ADA, (0, 5)))
    assert names_in(film) == {1: "Ada Zabel"}
    assert list(film.annotations.filter(kind="person").values_list("text", flat=True)) == ["Bob"]


def test_a_name_follows_the_speaker_to_a_new_number_and_another_stretch(known, interview):
    again = [speaker(1, BOB, (5.2, 9), (20, 26)), speaker(2, ADA, (0, 5), (9.1, 12), (13, 19.8))]
    hear(interview, *again, version="2")
    assert names_in(interview) == {2: "Ada Zabel"}
    assert interview.annotations.filter(kind="speaker").count() == 1
    assert Face.objects.get(embedding__asset=interview).appearance.person == known


def test_a_refused_name_is_not_proposed_again_under_another_number(known, user, recording, committed):
    hear(recording, speaker(1, ADA, (0, 9)))
    with committed():
        store.review(recording.annotations.get(kind="speaker"), user, "rejected")
    assert vectors_in(recording) == 0
    hear(recording, speaker(1, BOB, (9, 15)), speaker(2, ADA, (0, 3), (4, 8.5)), version="2")
    assert (names_in(recording), vectors_in(recording)) == ({}, 0)


def test_an_accepted_name_outranks_every_later_run(known, library, user, recording):
    hear(recording, speaker(1, LIKE_ADA, (0, 5)))
    recognition.name_voice(voice(recording), make_person(library, "Grace", scope="voice"), user)
    hear(recording, speaker(4, LIKE_ADA, (0, 5.5)), version="2")
    assert names_in(recording) == {4: "Grace"}


def test_taking_back_a_name_that_a_person_gave_leaves_none_and_no_vector(known, interview, user, committed):
    with committed():
        recognition.take_back(speakers.names_of(interview)[1].fact, user)
    assert (names_in(interview), vectors_in(interview)) == ({}, 0)
    assert Review.objects.filter(decision="superseded", reviewer=user).count() == 1


def test_taking_back_an_accepted_proposal_leaves_the_proposal(known, recording, user):
    hear(recording, speaker(1, ADA, (0, 5)))
    store.review(recording.annotations.get(kind="speaker"), user, "accepted")
    recognition.take_back(speakers.names_of(recording)[1].fact, user)
    assert speakers.names_of(recording)[1].probability > 0.5


def test_a_name_that_was_taken_back_can_be_given_again(known, interview, user):
    recognition.take_back(speakers.names_of(interview)[1].fact, user)
    recognition.name_voice(voice(interview), known, user)
    assert names_in(interview) == {1: "Ada Zabel"}
    assert interview.annotations.filter(kind="speaker").count() == 1


def test_the_first_voice_of_a_person_has_other_recordings_heard_again(
    ada, user, interview, recording, committed
):
    hear(interview, speaker(1, ADA, (0, 5)))
    hear(recording, speaker(1, LIKE_ADA, (0, 5)))
    asked = []

    def listen(space, asset_ids, **_):
        asked.append((space, list(asset_ids)))

    look_again.connect(listen)
    with committed():
        recognition.name_voice(voice(interview), ada, user)
    assert asked == [(VOICES, [interview.pk])]
    with committed():
        hear(interview, speaker(1, ADA, (0, 5)))
    assert asked[1:] == [(VOICES, [recording.pk])]


def test_withdrawal_erases_the_voice_and_the_name_everywhere(known, user, interview, recording, committed):
    with committed():
        hear(recording, speaker(1, LIKE_ADA, (0, 5), (7, 9)))
        recognition.rename(known, "Ada Zabel")
    assert holds("zabel")
    with committed():
        receipt = withdrawal.withdraw(known, user)
    assert not holds("zabel")
    assert not Embedding.objects.filter(space=VOICES).exists()
    assert (names_in(interview), names_in(recording)) == ({}, {})
    counts = {name: receipt.counts[name] for name in ("speaker labels", "vectors", "tombstones", "assets")}
    assert counts == {"speaker labels": 2, "vectors": 2, "tombstones": 4, "assets": 2}


def test_who_withdrew_is_not_found_again_in_another_stretch_of_the_same_recording(
    known, user, library, interview
):
    withdrawal.withdraw(known, user)
    declare(library, scope="both")
    again = [speaker(1, BOB, (5.2, 9), (20, 26)), speaker(2, ADA, (0.5, 4.9), (9.5, 11))]
    hear(interview, *again, version="2")
    kept = Embedding.objects.get(asset=interview, space=VOICES)
    assert kept.annotation.details["speaker"] == 1


def test_a_tombstone_of_a_voice_bars_no_face_of_the_film_and_the_other_way_round(known, user, library):
    film = make_asset(library, kind="video", duration=30.0)
    hear(film, speaker(1, ADA, (0, 10)))
    consent_of(known, scope="face")
    portrait = make_asset(library)
    see(portrait, face(ADA))
    recognition.name_face(box(portrait), known, user)
    see(portrait, face(ADA))
    withdrawal.withdraw(known, user, {"voice"})
    see(film, face(ADA, start=0.0, end=10.0))
    assert film.annotations.get(kind="person").text == "Ada Zabel"
    withdrawal.withdraw(known, user, {"face"})
    assert sorted(Tombstone.objects.filter(asset=film).values_list("scope", flat=True)) == ["face", "voice"]
    consent_of(known, scope="voice")
    recognition.name_voice(voice(film), known, user)
    assert list(Tombstone.objects.filter(asset=film).values_list("scope", flat=True)) == ["face"]


def test_withdrawing_the_voice_alone_leaves_the_face_and_a_consent_to_it(library, user, interview):
    person, portrait = make_person(library, "Eve", scope="both"), make_asset(library)
    see(portrait, face(BOB))
    recognition.name_face(box(portrait), person, user)
    see(portrait, face(BOB))
    hear(interview, speaker(1, ADA, (0, 5)))
    recognition.name_voice(voice(interview), person, user)
    withdrawal.withdraw(person, user, {"voice"})
    assert (person.consents_to("face"), person.consents_to("voice")) == (True, False)
    assert person.consents.get(scope="both").withdrawn_by == user
    assert Embedding.objects.filter(space=SPACE).count() == 1
    assert names_in(interview) == {}


def test_a_speaker_that_a_file_names_is_left_out_once_that_person_withdrew(known, user, recording):
    withdrawal.withdraw(known, user)
    store.import_facts(recording, [Finding("speaker", "Ada Zabel"), Finding("speaker", "Bob")])
    assert list(recording.annotations.values_list("text", flat=True)) == ["Bob"]


def test_a_speaker_that_a_file_names_at_a_span_is_called_so(recording):
    hear(recording, speaker(1, ADA, (0, 5)), speaker(2, BOB, (5, 9)))
    store.import_facts(recording, [Finding("speaker", "The keeper", place=Place(5, 8))])
    assert names_in(recording) == {2: "The keeper"}
    assert speakers.names_of(recording)[2].person_id is None


def test_expired_consent_to_the_voice_is_swept_like_a_withdrawal(known, interview):
    known.consents.update(given_at=long_ago(20), expires_at=long_ago())
    (receipt,) = withdrawal.sweep()
    assert (receipt.reason, receipt.counts["speaker labels"]) == ("expired", 1)
    assert (names_in(interview), vectors_in(interview)) == ({}, 0)


def test_a_basis_for_faces_keeps_no_voice(library, recording):
    declare(library)
    hear(recording, speaker(1, ADA, (0, 5)))
    assert vectors_in(recording) == 0


def test_on_a_basis_for_voices_the_nameless_are_kept_and_grouped_across_recordings(
    library, interview, recording
):
    declare(library, scope="voice")
    hear(interview, speaker(1, ADA, (0, 5)), speaker(2, BOB, (5, 9)))
    hear(recording, speaker(1, LIKE_ADA, (0, 5)))
    assert grouping.group_new_faces() == 3
    assert sorted(FaceCluster.objects.filter(space=VOICES).values_list("size", flat=True)) == [1, 2]


def test_a_basis_for_voices_that_ends_leaves_the_groups_of_faces(library, user, interview):
    declare(library, scope="face")
    basis = declare(library, scope="voice")
    see(make_asset(library), face(ADA))
    hear(interview, speaker(1, ADA, (0, 5)))
    grouping.group_new_faces()
    type(basis).objects.filter(pk=basis.pk).update(given_at=long_ago(20), expires_at=long_ago())
    (receipt,) = withdrawal.sweep()
    assert (receipt.counts["vectors"], receipt.counts["groups"]) == (1, 1)
    assert FaceCluster.objects.get().space == SPACE


def test_every_analyser_of_voices_fills_a_space_that_the_gate_knows():
    for analyser in registry.all():
        if "voice" in analyser.kinds:
            assert set(analyser.spaces) <= {VOICES}, analyser.name
