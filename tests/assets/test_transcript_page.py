"""The transcript page: reading, linking by second, and the corrections of archivists."""

import pytest
from django.urls import reverse

from dam.assets import corrections
from dam.export.transcript import transcript_of
from dam.sharing.models import Role
from indexing import store
from indexing.analysers.contract import Finding, Place
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user

pytestmark = pytest.mark.django_db
WORDS = ("the", "fairy", "left", "early")


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def recording(library):
    return make_asset(library, kind="audio", duration=60.0, title="Harbour talk")


@pytest.fixture
def viewer(client, library):
    client.force_login(make_member(library))
    return client


@pytest.fixture
def archivist(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


def heard(recording, start=10.0, words=WORDS):
    fact = make_fact(recording, "speech", " ".join(words), start=start, end=start + len(words), language="en")
    for at, word in enumerate(words):
        make_fact(recording, "word", word, parent=fact, start=start + at, end=start + at + 1)
    return fact


def turn(recording, number, start, end):
    make_fact(recording, "turn", f"Speaker {number}", start=start, end=end, details={"speaker": number})


def page(client, recording, query=""):
    return client.get(reverse("transcript", args=[recording.pk]) + query)


def text(response):
    return " ".join(response.content.decode().split())


def correct(client, fact, said):
    return client.post(reverse("correct-speech", args=[fact.pk]), {"text": said})


def test_words_stand_under_their_speaker_and_second(viewer, recording):
    heard(recording)
    heard(recording, 20.0, ("yes", "it", "did", "so"))
    turn(recording, 1, 9, 15)
    turn(recording, 2, 19, 25)
    shown = text(page(viewer, recording, "?t=11"))
    assert '<span data-word="11">fairy</span>' in shown
    assert 'id="t=10"' in shown
    assert 'href="?t=20#t=20" data-second="20"' in shown
    assert '<span class="who">Speaker 1</span>' in shown
    assert '<span class="who">Speaker 2</span>' in shown
    assert "#t=11" in shown
    assert "heard by a machine, not checked" in shown
    assert "Correct<" not in shown


def test_chapters_are_headings(viewer, recording):
    heard(recording)
    make_fact(recording, "chapter", "Ferry, harbour", start=0, end=60)
    assert "Ferry, harbour</a></h2>" in text(page(viewer, recording))


def test_a_recording_without_words_says_so_and_a_picture_has_no_transcript(viewer, library, recording):
    assert "Nothing said has been found here yet." in text(page(viewer, recording))
    assert page(viewer, make_asset(library)).status_code == 404
    assert page(viewer, make_asset(make_library(), kind="audio")).status_code == 404


def test_words_of_files_are_never_markup(viewer, recording):
    heard(recording, words=("<script>alert(1)</script>", "x"))
    assert "<script>alert" not in text(page(viewer, recording))


def test_a_correction_outranks_the_machine_everywhere_and_keeps_times(archivist, recording):
    fact = heard(recording)
    assert "What is said" in text(page(archivist, recording, f"?edit={fact.pk}"))
    response = correct(archivist, fact, "the ferry left early")
    made = recording.annotations.get(kind="speech", source="person")
    assert response["Location"].endswith(f"#s{made.pk}")
    assert (made.status, made.text) == ("accepted", "the ferry left early")
    (segment,) = transcript_of(recording)
    assert [(word.text, word.start, word.end) for word in segment.words] == [
        ("the", 10, 11),
        ("ferry", 11, 12),
        ("left", 12, 13),
        ("early", 13, 14),
    ]
    vtt = archivist.get(reverse("export", args=[recording.pk, "webvtt"]) + "?show")
    assert b"the ferry left early" in vtt.content
    assert b"fairy" not in vtt.content
    assert vtt["Content-Disposition"].startswith("inline")
    assert "1 of 1 sentences checked by people" in text(page(archivist, recording))


@pytest.mark.parametrize("again", ["the fairy left early", "the fairy left earlier now"])
def test_a_correction_survives_the_next_run(archivist, recording, again):
    fact = heard(recording)
    correct(archivist, fact, "the ferry left early")
    run = make_run(recording, "speech", version="2")
    store.save(run, [Finding("speech", again, place=Place(10.0, 13.8), language="en")])
    assert [segment.text for segment in transcript_of(recording)] == ["the ferry left early"]


def test_a_correction_is_taken_back(archivist, recording):
    fact = heard(recording)
    correct(archivist, fact, "the ferry left early")
    made = recording.annotations.get(kind="speech", source="person")
    correct(archivist, made, "the ferry left at once")
    second = recording.annotations.get(kind="speech", source="person", status="accepted")
    undo = reverse("undo-correction", args=[second.pk])
    assert undo in text(page(archivist, recording, f"?edit={second.pk}"))
    archivist.post(undo)
    assert [each.text for each in transcript_of(recording)] == ["the ferry left early"]
    archivist.post(reverse("undo-correction", args=[made.pk]))
    (segment,) = transcript_of(recording)
    assert (segment.text, segment.fact) == ("the fairy left early", fact.pk)


def test_a_correction_taken_back_gives_way_to_what_was_heard_since(archivist, recording):
    fact = heard(recording)
    correct(archivist, fact, "the ferry left early")
    run = make_run(recording, "speech", version="2")
    longer = "a fairy left early and was seen no more"
    store.save(run, [Finding("speech", longer, place=Place(10.0, 24.0), language="en")])
    made = recording.annotations.get(kind="speech", source="person")
    archivist.post(reverse("undo-correction", args=[made.pk]))
    assert [each.text for each in transcript_of(recording)] == [longer]


def test_the_same_words_accept_what_was_heard(archivist, recording):
    fact = heard(recording)
    correct(archivist, fact, "the  fairy left early ")
    fact.refresh_from_db()
    assert fact.status == Annotation.Status.ACCEPTED
    assert recording.annotations.filter(kind="speech").count() == 1


@pytest.mark.parametrize("said", ["", "   ", "x" * 5001])
def test_no_words_and_too_many_are_refused_in_words(archivist, recording, said):
    fact = heard(recording)
    response = archivist.post(reverse("correct-speech", args=[fact.pk]), {"text": said}, follow=True)
    assert "Write what is said" in text(response) or "at most 5000 characters" in text(response)
    assert [each.text for each in transcript_of(recording)] == ["the fairy left early"]


def test_two_who_correct_at_once_lose_nothing(archivist, recording):
    fact = heard(recording)
    correct(archivist, fact, "the ferry left early")
    response = archivist.post(
        reverse("correct-speech", args=[fact.pk]), {"text": "the furry left early"}, follow=True
    )
    assert "Somebody has corrected or rejected this meanwhile." in text(response)
    assert [each.text for each in transcript_of(recording)] == ["the ferry left early"]


def test_only_words_can_be_corrected_and_only_by_archivists(archivist, viewer, recording, library):
    fact, other = heard(recording), make_fact(recording, text="dog")
    assert correct(viewer, fact, "no").status_code == 404
    viewer.force_login(make_member(library, Role.ARCHIVIST))
    assert correct(archivist, other, "cat").status_code == 404
    assert archivist.post(reverse("undo-correction", args=[fact.pk])).status_code == 404


def test_times_of_words_that_stay_are_kept_and_the_rest_share_what_is_between():
    known = [corrections.SpokenWord(word, at, at + 0.5) for at, word in enumerate("abcd")]
    words = corrections.evenly("a xx yy d e", 0, 5, "en")
    made = corrections.timed_as(words, known, 0, 5)
    assert [(word.text, round(word.start, 2), round(word.end, 2)) for word in made] == [
        ("a", 0, 0.5),
        ("xx", 0.5, 1.75),
        ("yy", 1.75, 3),
        ("d", 3, 3.5),
        ("e", 3.5, 5),
    ]


def test_a_name_that_a_machine_proposes_does_not_leave_the_house(viewer, recording):
    heard(recording)
    turn(recording, 1, 9, 15)
    make_fact(recording, "speaker", "Ada Lovelace", start=10, end=14, confidence=0.9)
    assert transcript_of(recording)[0].words[0].speaker == "Speaker 1"
    recording.annotations.filter(kind="speaker").update(status="accepted", reviewer=make_user())
    assert transcript_of(recording)[0].words[0].speaker == "Ada Lovelace"


def test_a_translation_is_read_and_exported_by_language(viewer, recording):
    heard(recording)
    make_fact(recording, "translation", "a barca partiu cedo", start=10, end=14, language="pt")
    assert "barca" in text(page(viewer, recording, "?language=pt"))
    vtt = viewer.get(reverse("export", args=[recording.pk, "webvtt"]) + "?language=pt").content.decode()
    assert "a barca partiu cedo" in vtt
    assert "Language: pt" in vtt


def test_the_page_takes_as_many_queries_for_much_speech_as_for_little(
    viewer, recording, django_assert_max_num_queries
):
    for start in range(0, 50, 5):
        heard(recording, float(start))
        turn(recording, 1 + start % 2, start, start + 5)
    with django_assert_max_num_queries(22):
        page(viewer, recording)
