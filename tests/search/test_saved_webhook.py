"""Webhooks of saved searches: signed, guarded, tried again, and stopped at last."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from dam import env
from dam.sharing.models import Membership
from dam.webhooks import delivery
from dam.webhooks.signing import new_secret
from search import saved_tasks, saved_webhook
from search.saved_models import News, SavedSearch
from tests.factories import make_asset, make_library, make_member
from tests.webhooks.receiving import Receiver


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setattr(env, "WEBHOOK_PRIVATE_ADDRESSES", True, raising=False)


@pytest.fixture
def saved(db, receiver):
    library = make_library()
    return SavedSearch.objects.create(
        owner=make_member(library),
        name="Ferries",
        text="ferry",
        site="https://dam.test/",
        alerts_since=timezone.now(),
        webhook_url=receiver.url,
        webhook_secret=new_secret(),
    )


@pytest.fixture
def news(saved):
    asset = make_asset(saved.owner.memberships.get().library, title="The crossing")
    news = News.objects.create(saved=saved)
    saved.matches.create(asset=asset, news=news)
    return news


def again(saved):
    """The next attempt, as if the pause were over."""
    saved.webhook_after = timezone.now()
    return saved_webhook.post_news(saved)


def test_a_message_is_json_and_its_signature_can_be_checked(allowed, saved, news, receiver):
    assert saved_webhook.post_news(saved)
    headers, body = receiver.taken[0]
    data = json.loads(body)["data"]
    assert data["search"] == {
        "id": saved.pk,
        "name": "Ferries",
        "text": "ferry",
        "url": "https://dam.test" + saved.get_absolute_url(),
    }
    assert [asset["title"] for asset in data["assets"]] == ["The crossing"]
    key = base64.b64decode(saved.webhook_secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert not saved_webhook.post_news(saved)
    assert len(receiver.taken) == 1


def test_a_failure_is_tried_again_later_with_the_same_id(allowed, saved, news, receiver):
    receiver.answers = [500, 302]
    assert not saved_webhook.post_news(saved)
    assert "answered 500" in saved.webhook_problem
    assert not saved_webhook.post_news(saved)
    assert len(receiver.taken) == 1
    first = saved.webhook_after
    assert not again(saved)
    assert saved.webhook_after > first
    assert again(saved)
    assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1
    assert (saved.webhook_failures, saved.webhook_problem) == (0, "")


def test_after_many_failures_it_is_stopped_and_the_page_says_why(client, allowed, saved, news, receiver):
    receiver.answers = [503] * 100
    for _ in range(saved_webhook.ATTEMPTS):
        again(saved)
    assert saved.webhook_stopped
    again(saved)
    assert len(receiver.taken) == saved_webhook.ATTEMPTS
    client.force_login(saved.owner)
    page = client.get(saved.get_absolute_url()).content.decode()
    assert "stopped after 10 failures" in page
    assert "answered 503" in page
    receiver.answers = []
    client.post(
        reverse("saved-search-alerts", args=[saved.pk]), {"alerts": "on", "webhook_url": receiver.url}
    )
    saved.refresh_from_db()
    assert again(saved)


def test_a_server_that_is_not_there_or_does_not_answer_is_a_failure(
    allowed, saved, news, receiver, monkeypatch
):
    receiver.server.shutdown()
    monkeypatch.setattr(delivery, "TIMEOUT", delivery.urllib3.Timeout(connect=0.2, read=0.2))
    assert not saved_webhook.post_news(saved)
    assert "127.0.0.1 could not be reached" in saved.webhook_problem
    receiver.server.server_close()
    assert not again(saved)
    assert saved.webhook_failures == 2


def test_a_task_that_takes_too_long_counts_as_a_failure(allowed, saved, news, monkeypatch):
    def hang(saved):
        raise saved_tasks.SoftTimeLimitExceeded

    monkeypatch.setattr(saved_webhook, "post_news", hang)
    saved_tasks.post_news(saved.pk)
    saved.refresh_from_db()
    assert "no answer within" in saved.webhook_problem


def test_what_the_owner_may_not_see_any_more_does_not_leave(allowed, saved, news, receiver):
    Membership.objects.all().delete()
    assert not saved_webhook.post_news(saved)
    assert receiver.taken == []


def test_without_the_operators_word_it_does_not_go_inside(saved, news, receiver):
    assert not saved_webhook.post_news(saved)
    assert receiver.taken == []
    assert "https://" in saved.webhook_problem


def test_the_form_refuses_such_an_address_and_keeps_the_earlier_one(client, saved):
    client.force_login(saved.owner)
    sent = {"alerts": "on", "webhook_url": "http://intranet/"}
    page = client.post(reverse("saved-search-alerts", args=[saved.pk]), sent).content.decode()
    assert "begins with https://" in page
    before = saved.webhook_url
    saved.refresh_from_db()
    assert saved.webhook_url == before
