"""Saved searches: whose they are, how they are shared, and that deleting can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from search import saved as saving
from search.saved_models import News, SavedSearch
from tests.factories import make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library("Harbour archive")


@pytest.fixture
def owner(client, library):
    user = make_member(library)
    client.force_login(user)
    return user


def make_saved(owner, **fields):
    return SavedSearch.objects.create(**{"owner": owner, "name": "Ferries", "text": "ferry", **fields})


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_a_search_is_saved_from_its_address_and_opens_as_that_search(client, owner):
    form = client.get(reverse("new-saved-search"), {"q": "ferry OR boat"}).content.decode()
    assert "ferry OR boat" in form
    client.post(reverse("new-saved-search"), {"name": "Ferries", "text": "ferry OR boat"})
    made = SavedSearch.objects.get()
    assert (made.owner, made.library, made.alerts_since) == (owner, None, None)
    opened = client.get(reverse("open-saved-search", args=[made.pk]))
    assert opened["Location"] == "/search/?q=ferry+OR+boat"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"text": "!?"}, "nothing to search for"),
        ({"text": ""}, "required"),
        ({"name": "Taken"}, "of that name already"),
        ({"library": "999999"}, "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(client, owner, fields, complaint):
    make_saved(owner, name="Taken")
    sent = {"name": "Ferries", "text": "ferry", **fields}
    assert complaint in client.post(reverse("new-saved-search"), sent).content.decode()
    assert SavedSearch.objects.count() == 1


def test_one_cannot_share_with_a_library_that_one_is_no_member_of(client, owner):
    foreign = make_library()
    sent = {"name": "Ferries", "text": "ferry", "library": foreign.pk}
    assert "valid choice" in client.post(reverse("new-saved-search"), sent).content.decode()


def test_another_persons_search_is_invisible_until_it_is_shared(client, owner, library):
    theirs = make_saved(make_member(library), name="Not yours")
    assert "Not yours" not in page(client, "saved-searches")
    for name in ("saved-search", "open-saved-search"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
    SavedSearch.objects.update(library=library)
    assert "Not yours" in page(client, "saved-searches")
    assert client.get(reverse("open-saved-search", args=[theirs.pk])).status_code == 302
    SavedSearch.objects.update(library=make_library())
    assert "Not yours" not in page(client, "saved-searches")


def test_who_is_shown_a_search_can_copy_but_not_change_it_nor_see_its_webhook(client, owner, library):
    theirs = make_saved(
        make_member(library),
        library=library,
        alerts_since=timezone.now(),
        webhook_url="https://example.org/hook",
        webhook_secret="whsec_hidden",
    )
    shown = page(client, "saved-search", theirs.pk)
    assert "Save a copy" in shown
    assert "whsec_hidden" not in shown
    for name in ("edit-saved-search", "saved-search-alerts", "delete-saved-search", "restore-saved-search"):
        assert client.post(reverse(name, args=[theirs.pk]), {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name, theirs.deleted_at) == ("Ferries", None)


def test_opening_it_marks_its_news_as_read_for_the_owner_alone(client, owner, library):
    mine = make_saved(owner, library=library)
    News.objects.create(saved=mine)
    client.force_login(make_member(library))
    client.get(reverse("open-saved-search", args=[mine.pk]))
    assert saving.unread_news_for(owner).count() == 1
    client.force_login(owner)
    client.get(reverse("open-saved-search", args=[mine.pk]))
    assert saving.unread_news_for(owner).count() == 0


def test_renaming_keeps_it_and_a_taken_name_is_refused(client, owner):
    make_saved(owner, name="Taken")
    mine = make_saved(owner)
    client.post(reverse("edit-saved-search", args=[mine.pk]), {"name": "Boats", "text": "boat"})
    mine.refresh_from_db()
    assert (mine.name, mine.text) == ("Boats", "boat")
    refused = client.post(reverse("edit-saved-search", args=[mine.pk]), {"name": "Taken", "text": "boat"})
    assert "of that name already" in refused.content.decode()
    assert "<h1>Boats</h1>" in refused.content.decode()


def test_deleting_can_be_undone_for_thirty_days(client, owner):
    mine = make_saved(owner)
    client.post(reverse("delete-saved-search", args=[mine.pk]))
    assert client.get(reverse("saved-search", args=[mine.pk])).status_code == 404
    assert "Undo" in page(client, "saved-searches")
    client.post(reverse("restore-saved-search", args=[mine.pk]))
    assert "Ferries" in page(client, "saved-search", mine.pk)


def test_what_was_deleted_long_ago_is_gone(owner):
    long_ago = timezone.now() - saving.TAKEN_BACK_WITHIN - timedelta(minutes=1)
    make_saved(owner, deleted_at=long_ago)
    kept = make_saved(owner, deleted_at=timezone.now())
    assert saving.sweep() == 1
    assert SavedSearch.objects.get() == kept


def test_every_page_asks_for_an_account(client):
    saved = make_saved(make_user())
    for name in ("saved-searches", "new-saved-search", "recent-searches"):
        assert client.get(reverse(name))["Location"].startswith("/accounts/login/")
    assert client.get(reverse("saved-search", args=[saved.pk]))["Location"].startswith("/accounts/login/")
