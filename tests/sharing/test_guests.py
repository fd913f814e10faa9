"""What guests of a share link see: exactly what it allows, as far as its maker may share it now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dam.assets.models import Asset, Rendition
from dam.collections.models import Collection
from dam.people.models import Appearance, Person
from dam.sharing import guest_passes
from dam.sharing.access import shared_by
from dam.sharing.links import digest
from dam.sharing.models import LinkVisit, Membership, Role, ShareLink
from tests.factories import make_asset, make_fact, make_library, make_member, make_user

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-a-test"


@pytest.fixture(autouse=True)
def _no_remembered_attempts():
    cache.clear()


@pytest.fixture
def library():
    return make_library("Harbour archive")


@pytest.fixture
def maker(library):
    return make_member(library, Role.ARCHIVIST)


@pytest.fixture
def photograph(library):
    return stored(make_asset(library, title="The quay", original_name="ada in rome.jpg"), "thumb-large")


def stored(asset, *renditions):
    """The asset with an original and those renditions in the storages."""
    asset.original.save(asset.original_name, ContentFile(b"original"))
    for name in renditions:
        rendition = Rendition(asset=asset, name=name, media_type="image/webp", size=9)
        rendition.file.save(f"{name}.webp", ContentFile(b"rendition"))
    return asset


@pytest.fixture
def make_link(maker, library):
    def made(*assets, **fields):
        kind = {1: "asset"}.get(len(assets), "collection" if "collection" in fields else "list")
        link = ShareLink.objects.create(
            **{
                "maker": maker,
                "library": library,
                "kind": kind,
                "title": "For the newspaper",
                "token_hash": digest(TOKEN),
                **fields,
            }
        )
        link.assets.set(assets)
        return link

    return made


def address(name="guest", *args, token=TOKEN):
    return reverse(name, args=[token, *args])


def status(*args, **kwargs):
    return Client().get(address(*args, **kwargs)).status_code


def test_whoever_has_the_link_sees_the_file_without_an_account(client, photograph, make_link):
    make_link(photograph, note="Taken from the pier.")
    page = client.get(address())
    assert page.status_code == 200
    assert "The quay" in page.content.decode()
    assert "Taken from the pier." in page.content.decode()
    picture = client.get(address("guest-rendition", photograph.pk, "thumb-large"))
    assert b"".join(picture.streaming_content) == b"rendition"


def test_guests_are_not_followed_and_nothing_is_indexed_or_kept(client, photograph, make_link):
    make_link(photograph)
    for name, *args in (["guest"], ["guest-asset", photograph.pk], ["guest-asset", 0]):
        headers = client.get(address(name, *args)).headers
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    "ended",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"token_hash": digest("another one")},
        {"max_visits": 3, "visit_count": 3},
    ],
)
def test_ended_and_guessed_links_look_the_same(client, photograph, make_link, ended):
    guessed = client.get(address(token="guessed"))
    make_link(photograph, **ended)
    page = client.get(address())
    assert page.status_code == guessed.status_code == 404
    assert page.content == guessed.content
    assert status("guest-asset", photograph.pk) == 404
    assert status("guest-rendition", photograph.pk, "thumb-large") == 404


def test_other_files_and_other_addresses_of_the_library_stay_closed(client, library, photograph, make_link):
    other = stored(make_asset(library), "thumb-large")
    make_link(photograph)
    client.get(address())
    for name, *rest in (["guest-asset"], ["guest-rendition", "thumb-large"], ["guest-download"]):
        assert client.get(address(name, other.pk, *rest)).status_code == 404
    assert client.get(photograph.get_absolute_url()).status_code == 302
    assert client.get(reverse("rendition", args=[photograph.pk, "thumb-large"])).status_code == 302
    assert client.get(reverse("api:asset-detail", args=[photograph.pk])).status_code in (401, 403)


def take_role(maker, asset):
    Membership.objects.filter(user=maker).update(role=Role.VIEWER)


def leave(maker, asset):
    Membership.objects.filter(user=maker).delete()


def close_account(maker, asset):
    type(maker).objects.filter(pk=maker.pk).update(is_active=False)


def trash(maker, asset):
    Asset.objects.filter(pk=asset.pk).update(trashed_at=timezone.now())


def embargo(maker, asset):
    Asset.objects.filter(pk=asset.pk).update(embargo_until=timezone.now() + timedelta(days=1))


def move_away(maker, asset):
    Asset.objects.filter(pk=asset.pk).update(library=make_library())


@pytest.mark.parametrize("loss", [take_role, leave, close_account, trash, embargo, move_away])
def test_what_the_maker_may_share_no_longer_is_gone_at_once(client, photograph, maker, make_link, loss):
    link = make_link(photograph, may_download=True)
    assert client.get(address()).status_code == 200
    loss(maker, photograph)
    link = ShareLink.objects.get(pk=link.pk)
    assert not shared_by(link).exists()
    for name, *rest in (["guest-asset"], ["guest-rendition", "thumb-large"], ["guest-download"]):
        assert client.get(address(name, photograph.pk, *rest)).status_code == 404
    gone = client.get(address())
    assert gone.status_code == 404
    assert "newspaper" not in gone.content.decode()


def test_a_collection_shows_what_lies_in_it_and_below_it_today(client, library, photograph, make_link):
    above = Collection.objects.create(library=library, name="Ships")
    below = Collection.objects.create(library=library, name="Ferries", parent=above)
    beside = Collection.objects.create(library=library, name="Cars")
    below.items.create(asset=photograph)
    car = make_asset(library, title="A car")
    beside.items.create(asset=car)
    link = make_link(collection=above, kind="collection")
    page = client.get(address()).content.decode()
    assert "The quay" in page
    assert "A car" not in page
    above.items.create(asset=car)
    assert set(shared_by(link)) == {photograph, car}


def test_a_link_of_somebody_confined_to_a_collection_shows_no_more_than_that(library, make_link, photograph):
    mine = Collection.objects.create(library=library, name="Mine")
    theirs = Collection.objects.create(library=library, name="Theirs")
    mine.items.create(asset=photograph)
    theirs.items.create(asset=make_asset(library))
    confined = make_member(library, Role.ARCHIVIST, mine)
    assert list(shared_by(make_link(maker=confined, collection=mine, kind="collection"))) == [photograph]
    other = make_link(maker=confined, collection=theirs, kind="collection", token_hash=digest("other"))
    assert not shared_by(other).exists()


def test_a_password_is_asked_for_and_remembered_for_this_link_alone(client, photograph, make_link):
    make_link(photograph, password=make_password("seven gulls"))
    asked = client.get(address())
    assert "The quay" not in asked.content.decode()
    assert asked.headers["Referrer-Policy"] == "same-origin"
    assert status("guest-rendition", photograph.pk, "thumb-large") == 404
    wrong = client.post(address(), {"password": "six gulls"})
    assert wrong.status_code == 403
    assert "not the password" in wrong.content.decode()
    assert client.post(address(), {"password": "seven gulls"}).status_code == 302
    assert "The quay" in client.get(address()).content.decode()
    assert client.get(address("guest-rendition", photograph.pk, "thumb-large")).status_code == 200
    make_link(photograph, password=make_password("other"), token_hash=digest("other"))
    assert "The quay" not in client.get(address(token="other")).content.decode()


def test_a_changed_password_ends_the_visits_that_go_on(client, photograph, make_link):
    link = make_link(photograph, password=make_password("seven gulls"))
    client.post(address(), {"password": "seven gulls"})
    ShareLink.objects.filter(pk=link.pk).update(password=make_password("eight gulls"))
    assert "The quay" not in client.get(address()).content.decode()


def test_a_pass_cannot_be_made_by_the_guest(client, photograph, make_link):
    link = make_link(photograph, password=make_password("seven gulls"))
    client.cookies[f"guest-{link.pk}"] = guest_passes._fingerprint(link)
    assert "The quay" not in client.get(address()).content.decode()


def test_after_ten_wrong_passwords_the_right_one_is_not_looked_at_either(client, photograph, make_link):
    make_link(photograph, password=make_password("seven gulls"))
    for _ in range(guest_passes.ATTEMPTS):
        client.post(address(), {"password": "guess"}, REMOTE_ADDR="203.0.113.7")
    told = client.post(address(), {"password": "seven gulls"}, REMOTE_ADDR="203.0.113.7")
    assert "Too many wrong passwords" in told.content.decode()
    elsewhere = client.post(address(), {"password": "seven gulls"}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302
    assert LinkVisit.objects.filter(kind="refused").count() == guest_passes.ATTEMPTS


def test_visits_are_counted_by_browser_and_end_when_there_have_been_enough(photograph, make_link):
    link = make_link(photograph, max_visits=2)
    first, second, third = Client(), Client(), Client()
    for guest in (first, first, second):
        assert guest.get(address()).status_code == 200
    assert third.get(address()).status_code == 404
    assert third.get(address("guest-rendition", photograph.pk, "thumb-large")).status_code == 404
    assert first.get(address("guest-rendition", photograph.pk, "thumb-large")).status_code == 200
    link.refresh_from_db()
    assert link.visit_count == 2


def test_asking_for_headers_begins_no_visit(client, photograph, make_link):
    link = make_link(photograph, max_visits=1)
    assert client.head(address()).status_code == 200
    link.refresh_from_db()
    assert link.visit_count == 0


def test_the_log_keeps_the_network_and_not_the_computer(client, photograph, make_link):
    link = make_link(photograph)
    client.get(address(), REMOTE_ADDR="203.0.113.77")
    client.get(address("guest-asset", photograph.pk), REMOTE_ADDR="2001:db8:1:2::3")
    assert list(link.visits.order_by("pk").values_list("kind", "address")) == [
        ("seen", "203.0.113.0/24"),
        ("opened", "203.0.113.0/24"),
        ("seen", "2001:db8:1::/48"),
    ]


def test_without_downloads_nothing_but_what_pages_are_made_of_is_sent(client, photograph, make_link):
    make_link(photograph)
    assert client.get(address("guest-download", photograph.pk)).status_code == 404
    assert "Download" not in client.get(address()).content.decode()
    Rendition.objects.create(asset=photograph, name="spectrogram", media_type="image/webp", size=1)
    assert client.get(address("guest-rendition", photograph.pk, "spectrogram")).status_code == 404


def test_a_download_is_a_copy_without_metadata_unless_names_and_places_travel(client, photograph, make_link):
    link = make_link(photograph, may_download=True)
    copy = client.get(address("guest-download", photograph.pk))
    assert b"".join(copy.streaming_content) == b"rendition"
    ShareLink.objects.filter(pk=link.pk).update(shows_people=True, shows_places=True)
    assert b"".join(client.get(address("guest-download", photograph.pk)).streaming_content) == b"original"
    assert link.visits.filter(kind="downloaded").count() == 2


FACTS = {"person": "Ada Lovelace", "place": "Rome", "description": "A quay at noon", "credit": "The harbour"}


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        ({}, {"description", "credit"}),
        ({"shows_people": True}, {"description", "credit", "person"}),
        ({"shows_places": True}, {"description", "credit", "place"}),
        ({"shows_places": True, "shows_people": True}, set(FACTS)),
    ],
)
def test_only_the_facts_that_travel_are_told(client, photograph, make_link, settings, seen):
    for kind, text in FACTS.items():
        make_fact(photograph, kind, text, source="person", status="accepted")
    make_fact(photograph, "person", "Proposed Person")
    make_fact(photograph, "object", "dog", status="accepted")
    make_link(photograph, **settings)
    page = client.get(address()).content.decode()
    assert {kind for kind, text in FACTS.items() if text in page} == seen
    assert "Proposed Person" not in page
    assert "dog" not in page


def test_hidden_people_do_not_travel_even_where_people_do(client, library, photograph, make_link):
    hidden = Person.objects.create(library=library, name="Small Child", hidden=True)
    named = make_fact(photograph, "person", "The child", source="person", status="accepted")
    Appearance.objects.create(annotation=named, person=hidden)
    make_fact(photograph, "person", "small child", source="file", status="accepted")
    make_link(photograph, shows_people=True)
    page = client.get(address()).content.decode().casefold()
    assert "child" not in page


@pytest.fixture
def recording(library):
    found = stored(make_asset(library, kind="audio", title="The keeper", duration=60.0))
    turn = {"start": 0.0, "end": 4.0, "details": {"speaker": 1}}
    make_fact(found, "turn", "Speaker 1", **turn)
    make_fact(found, "speaker", "Ada Lovelace", source="person", status="accepted", **turn)
    make_fact(found, "speech", "The lamp is lit", start=0.0, end=4.0, language="en")
    return found


def test_the_transcript_travels_or_not(client, recording, make_link):
    link = make_link(recording)
    assert "The lamp is lit" in client.get(address("guest-transcript", recording.pk)).content.decode()
    assert "The lamp is lit" in client.get(address("guest-captions", recording.pk)).content.decode()
    ShareLink.objects.filter(pk=link.pk).update(shows_transcript=False)
    assert client.get(address("guest-transcript", recording.pk)).status_code == 404
    assert client.get(address("guest-captions", recording.pk)).status_code == 404
    assert "Transcript" not in client.get(address()).content.decode()


def test_speakers_are_named_only_where_people_travel(client, recording, make_link):
    link = make_link(recording)
    page = client.get(address("guest-transcript", recording.pk)).content.decode()
    captions = client.get(address("guest-captions", recording.pk)).content.decode()
    assert "Ada" not in page + captions
    assert "Speaker 1" in page
    ShareLink.objects.filter(pk=link.pk).update(shows_people=True)
    assert "Ada Lovelace" in client.get(address("guest-transcript", recording.pk)).content.decode()


def test_a_moment_opens_at_its_second(client, recording, make_link):
    Rendition.objects.create(asset=recording, name="proxy", media_type="audio/mp4", size=1, file="p.m4a")
    make_link(recording, kind="moment", second=12.5)
    assert "#t=12.5" in client.get(address()).content.decode()


def test_sensitive_pictures_are_blurred_for_guests_too(client, library, photograph, make_link):
    make_fact(photograph, "sensitive", "nudity")
    make_link(photograph, stored(make_asset(library), "thumb-small"))
    page = client.get(address()).content.decode()
    assert page.count('class="blurred"') == 1


def test_the_grid_asks_the_same_number_of_questions_however_much_it_shows(
    client, library, make_link, django_assert_max_num_queries
):
    make_link(*(stored(make_asset(library), "thumb-small") for _ in range(12)))
    client.get(address())
    with django_assert_max_num_queries(8):
        assert client.get(address()).content.decode().count("data-item") == 12


def test_a_guest_who_is_signed_in_elsewhere_sees_the_same(client, photograph, make_link):
    make_link(photograph)
    client.force_login(make_user())
    assert "The quay" in client.get(address()).content.decode()


def test_methods_that_change_something_are_refused(client, photograph, make_link):
    make_link(photograph)
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(address()).status_code == 405
    assert client.post(address("guest-asset", photograph.pk)).status_code == 405
