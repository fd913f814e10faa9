"""Alerts of saved searches: what is new, once, to who may see it, on the page and by e-mail."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import Membership
from search import documents, saved_alerts, saved_looking, saved_mail
from search.saved_models import Change, Match, News, SavedSearch
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_round_of_another_test(monkeypatch):
    monkeypatch.setattr(saved_looking, "_round", None)


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def owner(client, library):
    user = make_member(library)
    client.force_login(user)
    return user


@pytest.fixture
def ferries(owner):
    saved = SavedSearch.objects.create(owner=owner, name="Ferries", text="ferry", site="https://dam.test/")
    saved_alerts.switch_on(saved)
    return saved


def indexed(library, text="ferry", **fields):
    asset = make_asset(library, **fields)
    make_fact(asset, "caption", text, source="file")
    documents.rebuild([asset.pk])
    return asset


def told(saved):
    return [match.asset for match in Match.objects.filter(saved=saved, news__isnull=False).order_by("pk")]


def test_what_comes_and_answers_is_told_once(library, ferries):
    asset = indexed(library)
    indexed(library, "a dog")
    assert saved_looking.look_at_changes() == 1
    documents.rebuild([asset.pk])
    assert saved_looking.look_at_changes() == 0
    assert told(ferries) == [asset]


def test_what_answered_before_is_not_new(library, owner):
    old = indexed(library)
    saved = SavedSearch.objects.create(owner=owner, name="Ferries", text="ferry")
    saved_alerts.switch_on(saved)
    documents.rebuild([old.pk])
    saved_looking.look_at_changes()
    assert told(saved) == []


def test_an_old_asset_is_told_of_when_a_fact_makes_it_answer(library, ferries):
    asset = indexed(library, "a boat")
    saved_looking.look_at_changes()
    make_fact(asset, "caption", "the ferry", source="person", status="accepted")
    documents.rebuild([asset.pk])
    saved_looking.look_at_changes()
    assert told(ferries) == [asset]


def test_only_what_the_owner_may_see_when_it_is_looked_at(library, owner, ferries):
    indexed(make_library())
    Membership.objects.filter(user=owner).delete()
    indexed(library)
    assert saved_looking.look_at_changes() == 0
    assert told(ferries) == []


def test_an_asset_that_comes_into_the_owners_collection_is_new(library, ferries, owner):
    Membership.objects.filter(user=owner).delete()
    shelf = Collection.objects.create(library=library, name="Shelf")
    Membership.objects.create(user=owner, library=library, collection=shelf, role=10)
    asset = indexed(library)
    saved_looking.look_at_changes()
    CollectionItem.objects.bulk_create([CollectionItem(collection=shelf, asset=asset)])
    saved_looking.look_at_changes()
    assert told(ferries) == [asset]


def test_likeness_spelling_and_parts_of_names_do_not_alert(library, ferries, owner):
    indexed(library, "the ferry terminal", original_name="one.jpg")
    saved_looking.look_at_changes()
    indexed(library, "a boat", original_name="ferryman.jpg")
    indexed(library, "a fery")
    assert saved_looking.look_at_changes() == 0


def test_of_too_many_answers_only_those_added_since_are_new(library, owner, monkeypatch):
    monkeypatch.setattr("search.saved_answers.REMEMBERED", 1)
    old = [indexed(library), indexed(library)]
    saved = SavedSearch.objects.create(owner=owner, name="Ferries", text="ferry")
    saved_alerts.switch_on(saved)
    assert not saved.knows_all
    fresh = indexed(library)
    documents.rebuild([asset.pk for asset in old])
    saved_looking.look_at_changes()
    assert told(saved) == [fresh]


def test_nothing_is_noted_where_nobody_wants_alerts(library, ferries):
    saved_alerts.switch_off(ferries)
    indexed(library)
    assert not Change.objects.exists()


def test_a_look_has_a_budget_and_the_next_one_goes_on(library, owner, ferries, monkeypatch):
    other = SavedSearch.objects.create(owner=owner, name="Others", text="ferry")
    saved_alerts.switch_on(other)
    asset = indexed(library)
    moments = iter([0.0, 0.0, 9.0, 10.0, 10.0, 10.0])
    monkeypatch.setattr(saved_looking.time, "monotonic", lambda: next(moments))
    assert [saved_looking.look_at_changes(), Change.objects.count()] == [1, 1]
    assert [saved_looking.look_at_changes(), Change.objects.count()] == [1, 0]
    assert told(ferries) == told(other) == [asset]


def test_a_change_during_the_look_is_not_lost(library, ferries, monkeypatch):
    asset = indexed(library, "a boat")

    def meanwhile(saved, asset_ids):
        documents.rebuild([asset.pk])

    monkeypatch.setattr(saved_alerts, "tell", meanwhile)
    saved_looking.look_at_changes()
    assert Change.objects.get().asset == asset


def test_the_page_of_alerts_shows_them_and_the_header_counts_them(client, library, ferries):
    assets = [indexed(library, title=f"Crossing {number}") for number in range(7)]
    saved_looking.look_at_changes()
    page = client.get(reverse("alerts")).content.decode()
    assert "Alerts, 1 unread" in page
    assert "Crossing 0" in page
    assert "and 2 more" in page
    client.post(reverse("read-news"), {"saved": ferries.pk})
    assert "unread" not in client.get(reverse("alerts")).content.decode()
    for asset in assets:
        asset.delete()
    assert "Ferries" not in client.get(reverse("alerts")).content.decode()


def test_alerts_are_switched_by_their_form(client, library, ferries):
    address = reverse("saved-search-alerts", args=[ferries.pk])
    client.post(address, {})
    ferries.refresh_from_db()
    assert ferries.alerts_since is None
    client.post(address, {"alerts": "on"}, headers={"host": "localhost:8000"})
    ferries.refresh_from_db()
    assert ferries.alerts_since is not None
    assert ferries.site == "http://localhost:8000/"


def test_a_new_text_begins_anew(client, library, ferries):
    indexed(library, "a dog")
    client.post(reverse("edit-saved-search", args=[ferries.pk]), {"name": "Dogs", "text": "dog"})
    saved_looking.look_at_changes()
    assert told(ferries) == []


def test_an_email_names_what_is_new_and_the_next_one_waits(library, owner, ferries, settings):
    SavedSearch.objects.update(by_mail=True)
    settings.CELERY_TASK_ALWAYS_EAGER = True
    asset = indexed(library, title="The crossing")
    saved_looking.look_at_changes()
    ferries.refresh_from_db()
    assert saved_mail.mail_news(ferries)
    message = mail.outbox[0]
    assert (message.to, message.subject) == ([owner.email], "1 new in “Ferries”")
    assert f"https://dam.test{asset.get_absolute_url()}" in message.body
    indexed(library)
    saved_looking.look_at_changes()
    assert not saved_mail.mail_news(ferries)
    assert len(mail.outbox) == 1


def test_no_email_tells_of_what_the_owner_may_not_see_any_more(library, owner, ferries):
    indexed(library)
    saved_looking.look_at_changes()
    Membership.objects.filter(user=owner).delete()
    assert not saved_mail.mail_news(ferries)
    assert mail.outbox == []
    assert not News.objects.filter(mailed_at=None).exists()


def test_a_refused_email_is_tried_again_and_the_reason_is_shown(client, library, ferries, monkeypatch):
    def refuse(self):
        raise smtplib.SMTPServerDisconnected("gone for lunch")

    indexed(library)
    saved_looking.look_at_changes()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert not saved_mail.mail_news(ferries)
    assert "gone for lunch" in client.get(ferries.get_absolute_url()).content.decode()
    monkeypatch.undo()
    ferries.mail_after = timezone.now()
    assert saved_mail.mail_news(ferries)


def test_email_is_off_with_a_word_where_none_is_configured(client, ferries, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "no e-mail server is configured" in client.get(ferries.get_absolute_url()).content.decode()
    client.post(reverse("saved-search-alerts", args=[ferries.pk]), {"alerts": "on", "by_mail": "on"})
    ferries.refresh_from_db()
    assert not ferries.by_mail


def test_the_planner_finds_what_is_new(library, ferries):
    asset = indexed(library)
    call_command("plan")
    assert told(ferries) == [asset]


def test_the_planner_sends_what_is_due(library, ferries, monkeypatch):
    SavedSearch.objects.update(by_mail=True, webhook_url="https://example.org/")
    sent = []
    monkeypatch.setattr("search.saved_tasks.mail_news.delay", lambda pk: sent.append(("mail", pk)))
    monkeypatch.setattr("search.saved_tasks.post_news.delay", lambda pk: sent.append(("post", pk)))
    saved_looking.send_due()
    assert sent == []
    indexed(library)
    assert saved_looking.look() == 1
    assert sent == [("mail", ferries.pk), ("post", ferries.pk)]
