import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from dam.people import grouping, recognition
from dam.people.models import Consent, Person
from dam.people.voice_gallery import speakers
from dam.sharing.models import Role
from indexing import store
from tests.factories import make_asset, make_member
from tests.people.conftest import ADA, BOB, LIKE_ADA, declare, hear, make_person, speaker, voice

pytestmark = pytest.mark.django_db


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


@pytest.fixture
def interview(library):
    """Speaker 1 speaks for 15 of 20 seconds."""
    asset = make_asset(library, kind="audio", title="The interview", duration=40.0)
    hear(asset, speaker(1, ADA, (0, 5), (9, 19)), speaker(2, BOB, (20, 25)))
    return asset


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def page_of(client, asset):
    return text(client.get(reverse("asset-voices", args=[asset.pk])))


def test_each_speaker_is_heard_by_their_clearest_stretch_without_a_script(client, archivist, interview):
    page = page_of(client, interview)
    assert f'src="{reverse("original", args=[interview.pk])}#t=9,19"' in page
    assert f'src="{reverse("original", args=[interview.pk])}#t=20,25"' in page
    assert page.index("Speaker 1") < page.index("Speaker 2"), "who speaks longest comes first"
    assert "75 % of what is said" in page
    assert page.count(f'href="{interview.get_absolute_url()}?t=') == 3, "one link for each turn"


def test_turns_with_hardly_a_pause_between_them_are_drawn_as_one(library):
    asset = make_asset(library, kind="audio", duration=4000.0)
    hear(asset, speaker(1, ADA, *((second, second + 4.0) for second in range(0, 500, 5))))
    (shown,) = speakers(asset)
    assert [(bar.start, bar.end) for bar in shown.bars] == [(0, 499)]
    assert shown.seconds == 400


def test_a_speaker_is_named_together_with_the_voice_consent_of_somebody_new(client, archivist, interview):
    address = reverse("name-voice", args=[voice(interview).pk])
    answer = client.post(address, {"name": "Ada", "given_by": "Ada herself", "evidence": "Form 12"})
    assert answer.status_code == 302
    consent = Consent.objects.get()
    assert (consent.scope, consent.given_by, consent.recorded_by) == ("voice", "Ada herself", archivist)
    fact = interview.annotations.get(kind="speaker")
    assert (fact.text, fact.status, fact.author, fact.start) == ("Ada", "accepted", archivist, 9)
    assert "confirmed" in page_of(client, interview)


def test_no_voice_is_named_without_consent(client, archivist, interview):
    page = text(client.post(reverse("name-voice", args=[voice(interview).pk]), {"name": "Ada"}))
    assert "Nobody is recognised without consent" in page
    assert not Person.objects.exists()


def test_who_consents_to_the_face_alone_cannot_be_chosen_for_a_voice(client, archivist, library, interview):
    seen_only, heard = make_person(library, "Eve"), make_person(library, "Ada", scope="voice")
    address = reverse("name-voice", args=[voice(interview).pk])
    page = text(client.get(address))
    assert "Ada" in page
    assert "Eve" not in page
    assert 'class="errors"' in text(client.post(address, {"person": seen_only.pk}))
    client.post(address, {"person": heard.pk})
    assert interview.annotations.get(kind="speaker").text == "Ada"


def test_a_proposed_name_waits_for_a_decision_and_a_given_one_can_be_taken_back(
    client, archivist, library, interview
):
    person, other = (
        make_person(library, "Ada", scope="voice"),
        make_asset(library, kind="audio", duration=9.0),
    )
    recognition.name_voice(voice(interview), person, archivist)
    hear(interview, speaker(1, ADA, (0, 5), (9, 19)))
    hear(other, speaker(1, LIKE_ADA, (0, 5)))
    proposed = page_of(client, other)
    assert "probably, " in proposed
    assert reverse("decide", args=[other.annotations.get(kind="speaker").pk]) in proposed
    answer = client.post(reverse("take-back-voice", args=[voice(interview).pk]), follow=True)
    assert "Taken back: Ada" in text(answer)
    assert "Ada" not in page_of(client, interview).replace("Taken back: Ada", "")


def test_the_page_of_a_person_leads_to_the_second_at_which_they_speak(client, archivist, library, interview):
    person = make_person(library, scope="voice")
    recognition.name_voice(voice(interview), person, archivist)
    page = text(client.get(person.get_absolute_url()))
    assert f"?fact={interview.annotations.get(kind='speaker').pk}&amp;t=9" in page
    assert "speaks, " in page
    assert "1 file, speaks in 1" in text(client.get(reverse("people")))


def test_a_group_of_nameless_voices_gets_one_name(client, archivist, library, interview):
    declare(library, scope="voice")
    other = make_asset(library, kind="audio", duration=9.0)
    hear(interview, speaker(1, ADA, (0, 5)))
    hear(other, speaker(1, ADA, (0, 5)))
    grouping.group_new_faces()
    person = make_person(library, scope="voice")
    assert "2 voices" in text(client.get(reverse("people")))
    address = reverse("face-group", args=[library.face_clusters.get(size=2).pk])
    assert "Name the ticked voices" in text(client.get(address))
    ticked = [voice(interview).pk, voice(other).pk]
    client.post(address, {"person": person.pk, "faces": ticked})
    named = person.appearances.values_list("annotation__kind", "annotation__asset")
    assert sorted(named) == [("speaker", interview.pk), ("speaker", other.pk)]


def test_withdrawing_the_voice_alone_is_offered(client, archivist, library, interview):
    person = make_person(library, scope="both")
    recognition.name_voice(voice(interview), person, archivist)
    address = reverse("withdraw-consent", args=[person.pk])
    assert "The voice only" in text(client.get(address))
    receipt = text(client.post(address, {"what": "voice"}, follow=True))
    assert "Speaker labels" in receipt
    assert [consent.scope for consent in person.consents.holding()] == ["face"]


def test_a_stranger_and_a_viewer_reach_no_voices(client, library, interview):
    visitors = make_member(library), make_member(make_asset().library, Role.ADMINISTRATOR)
    for visitor in visitors:
        client.force_login(visitor)
        for name, pk in (("asset-voices", interview.pk), ("name-voice", voice(interview).pk)):
            assert client.get(reverse(name, args=[pk])).status_code == 404
        assert client.post(reverse("take-back-voice", args=[voice(interview).pk])).status_code == 404


def test_the_way_to_the_voices_is_shown_to_archivists_where_somebody_speaks(library, interview):
    def shown(asset, can_edit):
        return render_to_string("people/voices_link.html", {"asset": asset, "can_edit": can_edit}).strip()

    assert reverse("asset-voices", args=[interview.pk]) in shown(interview, True)
    assert shown(interview, False) == ""
    assert shown(make_asset(library, kind="audio"), True) == ""


def test_the_page_asks_no_more_of_the_database_for_more_speakers(
    client, archivist, library, django_assert_max_num_queries
):
    asset = make_asset(library, kind="audio", duration=400.0)
    hear(asset, *(speaker(number, BOB, (10 * number, 10 * number + 9)) for number in range(20)))
    person = make_person(library, scope="voice")
    for number in range(12):
        recognition.name_voice(voice(asset, number), person, archivist)
    with django_assert_max_num_queries(14):
        page_of(client, asset)


def test_a_voice_that_a_person_rejected_is_none(client, archivist, interview):
    store.review(voice(interview), archivist, "rejected")
    assert "Speaker 1" not in page_of(client, interview)
