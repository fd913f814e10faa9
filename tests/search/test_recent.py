"""Recent searches: each person's own, few, and forgotten at will."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from search import recent
from search.saved_models import RecentSearch
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = make_user()
    client.force_login(user)
    return user


def texts(user):
    return [each.text for each in recent.recent_for(user)]


def test_a_search_on_the_page_is_remembered_newest_first_and_once(client, reader):
    for text in ("ferry", "harbour  at dawn", "ferry"):
        client.get(reverse("search"), {"q": text})
    assert texts(reader) == ["ferry", "harbour at dawn"]


def test_further_pages_and_empty_searches_are_not_remembered(client, reader):
    client.get(reverse("search"), {"q": "ferry", "page": "2"})
    client.get(reverse("search"), {"q": "  "})
    assert texts(reader) == []


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "a\x00b", "!?"])
def test_what_is_nothing_to_search_for_is_not_remembered(reader, text):
    recent.remember(reader, text)
    assert texts(reader) == []


def test_fifty_are_kept(reader):
    for number in range(recent.KEPT + 2):
        recent.remember(reader, f"ferry {number}")
    assert len(texts(reader)) == recent.KEPT
    assert texts(reader)[0] == "ferry 51"
    assert "ferry 1" not in texts(reader)


def test_a_visitor_without_an_account_is_not_written_down(client):
    recent.remember(AnonymousUser(), "ferry")
    client.get(reverse("search"), {"q": "ferry"})
    assert not RecentSearch.objects.exists()


def test_one_is_forgotten_and_then_all(client, reader):
    for text in ("ferry", "harbour", "gulls"):
        recent.remember(reader, text)
    one = recent.recent_for(reader).get(text="harbour")
    client.post(reverse("forget-search", args=[one.pk]))
    assert texts(reader) == ["gulls", "ferry"]
    assert "gulls" in client.get(reverse("recent-searches")).content.decode()
    client.post(reverse("forget-searches"))
    assert texts(reader) == []


def test_nobody_sees_or_forgets_those_of_another_person(client, reader):
    other = make_user()
    recent.remember(other, "secret ferry")
    theirs = recent.recent_for(other).get()
    assert "secret ferry" not in client.get(reverse("recent-searches")).content.decode()
    assert client.post(reverse("forget-search", args=[theirs.pk])).status_code == 404
    client.post(reverse("forget-searches"))
    assert texts(other) == ["secret ferry"]
