"""Making, changing and ending share links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dam.collections.models import Collection
from dam.sharing.guest_address import truncated
from dam.sharing.links import digest, sweep_visits
from dam.sharing.models import LinkVisit, Role, ShareLink
from tests.factories import make_asset, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def asset(library):
    return make_asset(library, title="The quay")


@pytest.fixture
def archivist(client, library):
    user = make_member(library, Role.ARCHIVIST)
    client.force_login(user)
    return user


def wanted(**fields):
    day = timezone.localdate() + timedelta(days=3)
    return {"title": "For the newspaper", "last_day": day.isoformat(), "shows_transcript": "on", **fields}


def shown_address(response):
    """The address for guests that a page shows."""
    text = response.content.decode()
    start = text.index("http://testserver/s/")
    return text[start : text.index('"', start)]


def test_a_link_is_made_shown_once_and_kept_as_a_fingerprint(client, archivist, asset):
    made = client.post(reverse("share-asset", args=[asset.pk]), wanted())
    address = shown_address(made)
    assert made.headers["Cache-Control"] == "no-store"
    link = ShareLink.objects.get()
    token = address.split("/")[-2]
    assert len(token) == 43
    assert link.token_hash == digest(token)
    assert token not in client.get(link.get_absolute_url()).content.decode()
    assert "The quay" in Client().get(address).content.decode()


def test_the_form_begins_with_thirty_days_and_with_transcripts_alone(client, archivist, asset):
    form = client.get(reverse("share-asset", args=[asset.pk])).context["form"]
    assert form["last_day"].value() == timezone.localdate() + timedelta(days=30)
    ticked = {name for name in form.fields if form[name].value() is True}
    assert ticked == {"shows_transcript"}


def test_it_works_to_the_end_of_the_last_day(client, archivist, asset):
    client.post(reverse("share-asset", args=[asset.pk]), wanted(last_day=timezone.localdate().isoformat()))
    link = ShareLink.objects.get()
    assert link.is_open
    assert timezone.now() < link.expires_at <= timezone.now() + timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"last_day": ""}, "This field is required"),
        ({"last_day": "2001-01-01"}, "That day is over"),
        ({"new_password": "short"}, "at least 8 characters"),
        ({"max_visits": "0"}, "allow one at least"),
        ({"max_visits": "-1"}, "greater than or equal to 0"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, archivist, asset, fields, complaint):
    page = client.post(reverse("share-asset", args=[asset.pk]), wanted(note="Kept words", **fields))
    assert complaint in page.content.decode()
    assert "Kept words" in page.content.decode()
    assert not ShareLink.objects.exists()


def test_only_administrators_make_links_without_an_end(client, library, asset):
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    client.post(reverse("share-asset", args=[asset.pk]), wanted(last_day=""))
    assert ShareLink.objects.get().expires_at is None


def test_a_moment_names_a_second_that_is_in_the_film(client, archivist, library):
    film = make_asset(library, kind="video", duration=20.0)
    for second in ("12.5", "nonsense", "99", "inf"):
        client.post(f"{reverse('share-asset', args=[film.pk])}?t={second}", wanted())
    found = ShareLink.objects.order_by("pk").values_list("kind", "second")
    assert list(found) == [("moment", 12.5), *[("asset", None)] * 3]


def test_several_files_are_shared_by_one_link(client, archivist, library, asset):
    other = make_asset(library)
    client.post(f"{reverse('new-link')}?assets={asset.pk},{other.pk},{asset.pk}", wanted())
    link = ShareLink.objects.get()
    assert link.kind == "list"
    assert set(link.assets.all()) == {asset, other}


def test_nobody_shares_what_they_may_not_edit(client, archivist, library, asset):
    foreign = make_asset()
    for query in (f"{asset.pk},{foreign.pk}", "1e3", "", f"{asset.pk},", "9" * 30):
        assert client.post(f"{reverse('new-link')}?assets={query}", wanted()).status_code == 404
    client.force_login(make_member(library, Role.CONTRIBUTOR))
    assert client.post(reverse("share-asset", args=[asset.pk]), wanted()).status_code == 404
    assert not ShareLink.objects.exists()


def test_too_many_files_and_files_of_two_libraries_are_refused_with_a_word(client, archivist, asset):
    ids = ",".join(map(str, range(1, 502)))
    page = client.post(f"{reverse('new-link')}?assets={ids}", wanted(), follow=True)
    assert "at most 500 files" in page.content.decode()
    second = make_library()
    archivist.memberships.create(library=second, role=Role.ARCHIVIST)
    both = f"{asset.pk},{make_asset(second).pk}"
    page = client.post(f"{reverse('new-link')}?assets={both}", wanted(), follow=True)
    assert "several libraries" in page.content.decode()
    assert not ShareLink.objects.exists()


def test_a_smart_collection_cannot_be_shared_and_says_why(client, archivist, library):
    smart = Collection.objects.create(library=library, name="Dogs", query="dog")
    page = client.get(reverse("share-collection", args=[smart.pk]), follow=True)
    assert "A smart collection is a search" in page.content.decode()


@pytest.fixture
def link(archivist, library, asset):
    made = ShareLink.objects.create(
        maker=archivist, library=library, kind="asset", title="Mine", token_hash=digest("token")
    )
    made.assets.set([asset])
    return made


def test_settings_are_changed_and_the_password_stays_unless_another_is_given(client, link):
    address = reverse("edit-link", args=[link.pk])
    client.post(address, wanted(new_password="seven gulls", may_download="on"))
    link.refresh_from_db()
    assert link.may_download
    first = link.password
    assert first
    assert "gulls" not in first
    client.post(address, wanted(title="Renamed"))
    link.refresh_from_db()
    assert (link.title, link.password, link.may_download) == ("Renamed", first, False)
    client.post(address, wanted(no_password="on"))
    link.refresh_from_db()
    assert link.password == ""


def test_a_wrong_change_changes_nothing(client, link):
    page = client.post(reverse("edit-link", args=[link.pk]), wanted(title="Lost", last_day="2001-01-01"))
    assert "That day is over" in page.content.decode()
    link.refresh_from_db()
    assert link.title == "Mine"


def test_a_link_is_revoked_and_taken_back(client, link):
    page = client.post(reverse("revoke-link", args=[link.pk]), follow=True)
    assert Client().get("/s/token/").status_code == 404
    assert "Undo" in page.content.decode()
    client.post(reverse("restore-link", args=[link.pk]))
    assert Client().get("/s/token/").status_code == 200


def test_what_an_administrator_revoked_its_maker_cannot_open_again(client, library, link):
    administrator = make_member(library, Role.ADMINISTRATOR)
    client.force_login(administrator)
    client.post(reverse("revoke-link", args=[link.pk]))
    client.force_login(link.maker)
    assert client.post(reverse("restore-link", args=[link.pk])).status_code == 404
    assert "Undo" not in client.get(link.get_absolute_url()).content.decode()
    client.force_login(administrator)
    assert client.post(reverse("restore-link", args=[link.pk])).status_code == 302


def test_a_new_address_ends_the_one_before(client, link):
    address = shown_address(client.post(reverse("renew-link", args=[link.pk])))
    assert Client().get("/s/token/").status_code == 404
    assert Client().get(address).status_code == 200


def test_the_log_names_no_file_that_its_reader_may_not_see(client, library, link, asset):
    LinkVisit.objects.create(link=link, kind="seen", asset=asset, address="203.0.113.0/24")
    page = client.get(link.get_absolute_url()).content.decode()
    assert "The quay" in page
    assert "203.0.113.0/24" in page
    link.maker.memberships.all().delete()
    assert "The quay" not in client.get(link.get_absolute_url()).content.decode()


def test_the_list_shows_ones_own_and_administrators_those_of_their_library(client, library, link):
    assert "Mine" in client.get(reverse("links")).content.decode()
    client.force_login(make_member(library, Role.ARCHIVIST))
    assert "Mine" not in client.get(reverse("links")).content.decode()
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    assert "Mine" in client.get(reverse("links")).content.decode()


def test_lists_ask_the_same_number_of_questions_however_long(
    client, link, library, django_assert_max_num_queries
):
    for number in range(60):
        ShareLink.objects.create(
            maker=link.maker, library=library, kind="list", title=f"L{number}", token_hash=str(number)
        )
        LinkVisit.objects.create(link=link, kind="opened")
    with django_assert_max_num_queries(14):
        page = client.get(reverse("links"))
    assert "Older links" in page.content.decode()
    with django_assert_max_num_queries(20):
        client.get(link.get_absolute_url())
    assert client.get(f"{reverse('links')}?before=nonsense").status_code == 404


def test_visits_are_forgotten_after_a_year(link):
    old, new = (LinkVisit.objects.create(link=link, kind="opened") for _ in range(2))
    LinkVisit.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=366))
    assert sweep_visits() == 1
    assert list(link.visits.all()) == [new]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_an_address_is_kept_as_its_network(address, network):
    assert truncated(address) == network
