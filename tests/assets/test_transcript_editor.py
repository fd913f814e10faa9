"""The transcript editor: segments rewritten, split, joined, given to speakers; speakers called; the state."""

import pytest
from django.urls import reverse

from dam.assets import turns_edits, turns_window
from dam.assets.turns_speakers import speakers_of
from dam.export.transcript import transcript_of
from dam.people.models import Person
from dam.people.recognition import name_voice
from dam.sharing.models import Role
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
WORDS = ("the", "fairy", "left", "early")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def recording(library):
    return make_asset(library, kind="audio", duration=600.0, title="Harbour talk")


@pytest.fixture
def archivist(client, library):
    client.user = make_member(library, Role.ARCHIVIST)
    client.force_login(client.user)
    return client


def heard(recording, start=10.0, words=WORDS):
    fact = make_fact(recording, "speech", " ".join(words), start=start, end=start + len(words), language="en")
    for at, word in enumerate(words):
        make_fact(recording, "word", word, parent=fact, start=start + at, end=start + at + 1)
    return fact


def turn(recording, number, start, end):
    details = {"speaker": number}
    return make_fact(recording, "turn", f"Speaker {number}", start=start, end=end, details=details)


def page(client, recording, query=""):
    return client.get(reverse("edit-transcript", args=[recording.pk]) + query)


def edit(client, fact, do="save", headers=None, **values):
    return client.post(
        reverse("edit-turn", args=[fact.pk]), {"do": do, **values}, headers=headers, follow=True
    )


def undo(client, fact, headers=None, **values):
    return client.post(reverse("undo-turn", args=[fact.pk]), values, headers=headers, follow=True)


def text(response):
    return " ".join(response.content.decode().split())


def told(recording):
    return [each.text for each in transcript_of(recording)]


def spoken(recording):
    """Who says each word, and when it begins."""
    return [(w.text, w.start, w.speaker) for each in transcript_of(recording) for w in each.words]


def test_a_new_line_splits_a_segment_and_words_keep_their_times(archivist, recording):
    fact = heard(recording)
    response = edit(archivist, fact, text="the ferry\r\nleft early", headers=HTMX)
    assert told(recording) == ["the ferry", "left early"]
    first, second = transcript_of(recording)
    assert (first.start, first.end, second.start, second.end) == (10, 12, 12, 14)
    assert [word.start for word in second.words] == [12, 13]
    assert f'id="turn-{second.fact}"' in text(response)
    assert "<html" not in text(response)


def test_one_undo_takes_the_whole_split_back(archivist, recording):
    fact = heard(recording)
    edit(archivist, fact, text="the ferry\nleft early")
    first, second = recording.annotations.filter(kind="speech", source="person").order_by("start")
    response = undo(archivist, first, headers=HTMX)
    assert [(each.text, each.fact) for each in transcript_of(recording)] == [
        ("the fairy left early", fact.pk)
    ]
    assert f'<li id="turn-{second.pk}" hx-swap-oob="delete">' in text(response)


def test_a_split_of_which_a_part_was_changed_since_is_not_taken_back(archivist, recording):
    fact = heard(recording)
    edit(archivist, fact, text="the ferry\nleft early")
    first, second = recording.annotations.filter(kind="speech", source="person").order_by("start")
    edit(archivist, second, text="left late")
    assert "Somebody has corrected or rejected this meanwhile." in text(undo(archivist, first))
    assert told(recording) == ["the ferry", "left late"]


def test_a_segment_is_joined_to_the_one_before_with_what_was_typed(archivist, recording):
    before, fact = heard(recording), heard(recording, 20.0, ("and", "never", "came"))
    response = edit(archivist, fact, do="join", text="and never came back", headers=HTMX)
    (whole,) = transcript_of(recording)
    assert (whole.text, whole.start, whole.end) == ("the fairy left early and never came back", 10, 23)
    assert [word.start for word in whole.words][:7] == [10, 11, 12, 13, 20, 21, 22]
    assert f'<li id="turn-{before.pk}" hx-swap-oob="delete">' in text(response)
    undo(archivist, recording.annotations.get(pk=whole.fact))
    assert told(recording) == ["the fairy left early", "and never came"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"do": "save", "text": "  "}, "Write what is said there."),
        ({"do": "save", "text": "x" * 5001}, "at most 5000 characters"),
        ({"do": "join", "text": "alone"}, "There is nothing before this to join it to."),
        ({"do": "give", "text": "alone", "speaker": 9}, "Choose who says this."),
        ({"do": "give", "text": "alone"}, "Choose who says this."),
        ({"do": "sing", "text": "alone"}, "Select a valid choice."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_done_is_said_and_what_was_typed_stays(archivist, recording, values, said, headers):
    fact = heard(recording)
    response = edit(archivist, fact, headers=headers, **values)
    assert said in text(response)
    assert values["text"].strip() in text(response)
    assert told(recording) == ["the fairy left early"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_who_edit_at_once_see_each_others_words(archivist, recording, headers):
    fact = heard(recording)
    edit(archivist, fact, text="the ferry left early")
    response = text(edit(archivist, fact, text="the furry left early", headers=headers))
    assert "Somebody has corrected or rejected this meanwhile." in response
    assert "the furry left early</textarea>" in response
    assert "Put mine in its place" in response
    assert told(recording) == ["the ferry left early"]


def test_a_segment_that_nobody_said_is_taken_away_and_brought_back(archivist, recording):
    fact = heard(recording)
    response = edit(archivist, fact, do="remove", text="")
    assert told(recording) == []
    assert "Bring it back" in text(response)
    assert "It is back." in text(undo(archivist, fact))
    assert told(recording) == ["the fairy left early"]


def test_a_segment_is_given_to_another_speaker_and_turns_are_cut_there(archivist, recording):
    heard(recording, 10.0)
    fact = heard(recording, 20.0, ("yes",))
    turn(recording, 1, 9.0, 30.0)
    turn(recording, 2, 40.0, 50.0)
    edit(archivist, fact, do="give", text="yes", speaker=2)
    assert {who for word, _, who in spoken(recording) if word == "yes"} == {"Speaker 2"}
    assert {who for word, _, who in spoken(recording) if word != "yes"} == {"Speaker 1"}
    rest = recording.annotations.filter(kind="turn", status="accepted").order_by("start")
    assert list(rest.values_list("start", "end", "details__speaker")) == [
        (9, 20, 1),
        (20, 21, 2),
        (21, 30, 1),
    ]


def test_giving_is_taken_back(archivist, recording):
    fact = heard(recording)
    turn(recording, 1, 9.0, 30.0)
    response = edit(archivist, fact, do="give", text=fact.text, speaker=2, headers=HTMX)
    given = recording.annotations.get(kind="turn", details__speaker=2, status="accepted")
    assert reverse("undo-turn", args=[given.pk]) in text(response)
    undo(archivist, given, headers=HTMX, segment=fact.pk)
    assert {who for _, _, who in spoken(recording)} == {"Speaker 1"}
    assert recording.annotations.filter(kind="turn", status__in=("proposed", "accepted")).count() == 1


def test_a_segment_without_any_turn_is_given_to_the_first_speaker(archivist, recording):
    fact = heard(recording)
    edit(archivist, fact, do="give", text=fact.text, speaker=1)
    assert {who for _, _, who in spoken(recording)} == {"Speaker 1"}


def call(client, recording, number, label, before=""):
    address = reverse("call-speaker", args=[recording.pk, number])
    return client.post(address, {"label": label, "before": before}, follow=True)


def test_a_label_holds_for_all_that_a_speaker_says(archivist, recording):
    heard(recording)
    heard(recording, 40.0)
    turn(recording, 1, 9.0, 15.0)
    turn(recording, 1, 39.0, 50.0)
    call(archivist, recording, 1, " The  interviewer ")
    assert {who for _, _, who in spoken(recording)} == {"The interviewer"}
    call(archivist, recording, 1, "", before="The interviewer")
    assert {who for _, _, who in spoken(recording)} == {"Speaker 1"}


def test_a_label_recognises_nobody_and_is_no_way_around_consent(archivist, recording, library):
    turn(recording, 1, 9.0, 15.0)
    voice = make_fact(recording, "voice", "Speaker 1", start=9.0, end=12.0, details={"speaker": 1})
    ada = Person.objects.create(library=library, name="Ada Zabel")
    refused = text(call(archivist, recording, 1, "ada zabel"))
    assert "is a person of this library, whose consent counts" in refused
    assert 'value="ada zabel"' in refused
    ada.consents.create(scope="voice", given_by="Ada")
    name_voice(voice, ada, archivist.user)
    assert "Ada Zabel was named here." in text(call(archivist, recording, 1, "Interviewer"))
    (speaker,) = speakers_of(recording)
    assert (speaker.text, speaker.recognised) == ("Ada Zabel", True)


def test_two_who_call_a_speaker_at_once_are_told(archivist, recording):
    turn(recording, 1, 9.0, 15.0)
    call(archivist, recording, 1, "Interviewer")
    told = text(call(archivist, recording, 1, "Keeper", before=""))
    assert "Somebody has called this speaker “Interviewer” meanwhile." in told
    assert 'value="Keeper"' in told
    assert "There is no such speaker" not in told


def test_a_speaker_that_is_not_there_is_refused(archivist, recording):
    turn(recording, 1, 9.0, 15.0)
    call(archivist, recording, 5, "Keeper")
    assert not recording.annotations.filter(kind="speaker").exists()


def state(client, recording, wanted, before=""):
    address = reverse("transcript-state", args=[recording.pk])
    return client.post(address, {"state": wanted, "before": before}, follow=True)


def test_the_first_edit_begins_the_correcting_and_a_person_ends_it(archivist, recording):
    fact = heard(recording)
    assert ">Uncorrected<" in text(page(archivist, recording))
    edit(archivist, fact, text="the ferry left early")
    now = recording.annotations.get(kind="transcript", status="accepted")
    assert (now.text, now.author) == ("correcting", archivist.user)
    shown = text(state(archivist, recording, "correct", now.pk))
    assert ">Correct<" in shown
    assert f"said by {archivist.user}" in shown
    assert ">Correct<" in text(archivist.get(recording.get_absolute_url()))


def test_two_who_set_the_state_at_once_are_told_and_nonsense_is_refused(archivist, recording):
    state(archivist, recording, "correcting")
    assert "has set this to “Being corrected” meanwhile." in text(state(archivist, recording, "correct"))
    assert "is no state of a transcript" in text(state(archivist, recording, "perfect"))
    assert recording.annotations.get(kind="transcript", status="accepted").text == "correcting"


def test_a_long_transcript_is_paged_in_windows_without_gaps(archivist, recording, monkeypatch):
    monkeypatch.setattr(turns_window, "WINDOW", 3)
    for number in range(8):
        heard(recording, 10.0 * number, (f"word{number}",))
    seen, cursor = [], ""
    while True:
        shown = page(archivist, recording, f"?at={cursor}" if cursor else "").context["shown"]
        seen += [each.fact.text for each in shown.segments]
        if not shown.later:
            break
        cursor = shown.later
    assert seen == [f"word{number}" for number in range(8)]
    back = page(archivist, recording, f"?at={shown.earlier}").context["shown"]
    assert [each.fact.text for each in back.segments] == ["word3", "word4", "word5"]
    assert [each.fact.text for each in page(archivist, recording, "?t=45").context["segments"]] == [
        "word5",
        "word6",
        "word7",
    ]


@pytest.mark.parametrize("cursor", ["after", "after_x_1", "after_nan_1", "before_1_-5", "after_1_1_1"])
def test_a_cursor_that_is_none_is_refused(archivist, recording, cursor):
    heard(recording)
    assert page(archivist, recording, f"?at={cursor}").status_code == 404


def test_machines_words_below_a_correction_that_began_before_the_window_stay_hidden(archivist, recording):
    fact = heard(recording, 10.0)
    edit(archivist, fact, text="the ferry left early")
    heard(recording, 12.0, ("left",))
    shown = page(archivist, recording, "?t=12").context["segments"]
    assert [each.fact.text for each in shown] == ["the ferry left early"]


def test_an_hour_takes_as_many_queries_as_a_minute(archivist, recording, django_assert_max_num_queries):
    for number in range(60):
        heard(recording, 10.0 * number)
        turn(recording, 1 + number % 3, 10.0 * number, 10.0 * number + 10)
    with django_assert_max_num_queries(22):
        shown = page(archivist, recording)
    assert len(shown.context["segments"]) == 60
    fact = recording.annotations.filter(kind="speech").first()
    with django_assert_max_num_queries(45):
        edit(archivist, fact, text="the ferry left early", headers=HTMX)


def test_pictures_and_recordings_of_others_have_no_editor(archivist, library):
    assert page(archivist, make_asset(library)).status_code == 404
    assert page(archivist, make_asset(kind="audio", duration=9.0)).status_code == 404
    empty = make_asset(library, kind="audio", duration=9.0)
    assert "Nothing said has been found here yet" in text(page(archivist, empty))


def test_only_what_was_changed_can_be_undone(archivist, recording):
    fact = heard(recording)
    assert undo(archivist, fact).status_code == 404
    assert Annotation.objects.get(pk=fact.pk).status == "proposed"


def test_words_of_a_language_without_spaces_are_joined_without_any(recording):
    one, two = (
        make_fact(recording, "speech", said, start=start, end=start + 2, language="ja")
        for said, start in (("今日は", 1.0), ("雨だ", 3.0))
    )
    _, made = turns_edits.join(two, "雨だ", make_member(recording.library, Role.ARCHIVIST))
    assert made.text == "今日は雨だ"
    assert one.pk in made.details["replaced"]
