"""Pages of watch lists and alerts."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dam.sharing.models import Role
from dam.watchlists.models import Alert, Follow, WatchList
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def archivist(library, client):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


def sent(library, **fields):
    chosen = {"name": "Names", "place": f"library-{library.pk}", "language": "en", "by_sound": "on"}
    return {**chosen, "entries": "Ada\nBabbage", **fields}


def test_an_archivist_makes_a_list_and_follows_it(client, library, archivist):
    response = client.post(reverse("watchlists"), sent(library), follow=True)
    made = WatchList.objects.get()
    assert (made.library, made.collection, made.by_sound) == (library, None, True)
    assert Follow.objects.get().user == archivist
    assert b"Babbage" in response.content


def test_entries_are_added_from_a_text_file_and_exported_as_they_were(client, library, archivist):
    file = SimpleUploadedFile("names.txt", "Čapek = chapek\n".encode("utf-8-sig"))
    client.post(reverse("watchlists"), sent(library, file=file))
    response = client.get(reverse("export-watchlist", args=[WatchList.objects.get().pk]))
    assert response.content.decode().split("\n")[:3] == ["Ada", "Babbage", "Čapek = chapek"]
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("entries", "Ada\n--", "Line 2"),
        ("language", "not a language", "language tag"),
        ("file", SimpleUploadedFile("a.txt", b"\xff\xfe\x00"), "UTF-8"),
        ("place", "library-999999", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, library, archivist, field, value, complaint):
    response = client.post(reverse("watchlists"), sent(library, **{field: value}))
    assert complaint in response.content.decode()
    assert "Ada" in response.content.decode()
    assert not WatchList.objects.exists()


def test_a_name_stands_once_in_a_place(client, library, archivist):
    for _ in range(2):
        response = client.post(reverse("watchlists"), sent(library))
    assert "of that name here already" in response.content.decode()
    assert WatchList.objects.count() == 1


def test_a_list_in_a_language_without_sounds_says_so(client, library, archivist):
    made = WatchList.objects.create(library=library, name="Names", language="xx", entries="Ada")
    assert "found as they are written" in client.get(made.get_absolute_url()).content.decode()


def test_the_header_counts_unread_alerts_and_the_page_leads_to_the_moment(client, library, archivist):
    listed = WatchList.objects.create(library=library, name="Names", entries="Ada")
    Follow.objects.create(user=archivist, watchlist=listed)
    asset = make_asset(library, kind="audio", duration=60.0)
    fact = make_fact(asset, "mention", "Ada", start=12.5, end=13.0, details={"lists": [listed.pk]})
    alert = Alert.objects.create(watchlist=listed, asset=asset, text="Ada", start=12.5)
    page = client.get(reverse("alerts")).content.decode()
    assert f"{asset.get_absolute_url()}?t=12.5&amp;fact={fact.pk}" in page
    assert "Alerts, 1 unread" in page
    assert "1 moment in 1 file" in client.get(listed.get_absolute_url()).content.decode()
    assert "unread" not in client.post(reverse("alerts"), {"alert": alert.pk}).content.decode()


def test_marking_names_that_are_no_alerts_marks_nothing(client, library, archivist):
    listed = WatchList.objects.create(library=library, name="Names", entries="Ada")
    Follow.objects.create(user=archivist, watchlist=listed)
    Alert.objects.create(watchlist=listed, asset=make_asset(library), text="Ada", start=1.0)
    page = client.post(reverse("alerts"), {"alert": "all of them"}).content.decode()
    assert "Alerts, 1 unread" in page
