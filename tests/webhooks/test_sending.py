"""Messages are signed, sent, tried again, given up, and never say more than their maker may see."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.utils import timezone

from dam.sharing.models import Membership, Role
from dam.webhooks import delivery as posting
from dam.webhooks import outbox, sending, tasks
from dam.webhooks.models import Delivery, Endpoint
from dam.webhooks.signing import signature
from indexing import signals
from tests.factories import make_asset, make_fact

pytestmark = pytest.mark.django_db


def message_about(endpoint, event="asset.changed", *ids):
    """A message that is due."""
    return Delivery.objects.create(endpoint=endpoint, event=event, subject=list(ids))


def again(endpoint):
    """Send what waits, as if every pause were over."""
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(state="waiting").update(due_at=past)
    Endpoint.objects.update(after=past)
    return sending.send_due(Endpoint.objects.get(pk=endpoint.pk))


def test_a_message_arrives_and_its_signature_can_be_checked(endpoint, library, receiver):
    asset = make_asset(library, title="The quay")
    message = message_about(endpoint, "asset.changed", asset.pk)
    assert sending.send_due(endpoint) == 1
    headers, body = receiver.taken[0]
    data = json.loads(body)
    assert data["type"] == "asset.changed"
    url = f"https://dam.test{asset.get_absolute_url()}"
    assert data["data"]["items"] == [{"id": asset.pk, "title": "The quay", "kind": "image", "url": url}]
    timestamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(endpoint.secret, message.message_id, timestamp, body)
    message.refresh_from_db()
    assert (message.state, message.status_code, message.attempts) == ("delivered", 204, 1)
    assert message.body == body.decode()
    assert sending.send_due(endpoint) == 0


def test_accepted_facts_say_what_and_where(endpoint, library, receiver):
    asset = make_asset(library, kind="audio", duration=9.0)
    fact = make_fact(asset, "speech", "The lamp is lit", start=1.0, end=2.0, status="accepted")
    proposed = make_fact(asset, "speech", "Proposed", start=3.0, end=4.0)
    message_about(endpoint, "facts.accepted", fact.pk, proposed.pk)
    sending.send_due(endpoint)
    (item,) = json.loads(receiver.taken[0][1])["data"]["items"]
    assert (item["text"], item["start"], item["asset"]["id"]) == ("The lamp is lit", 1.0, asset.pk)


@pytest.mark.parametrize("event", ["asset.changed", "facts.accepted", "collection.changed", "asset.removed"])
def test_whoever_administers_the_library_no_longer_sends_nothing(endpoint, library, receiver, event):
    message = message_about(endpoint, event, make_asset(library).pk)
    Membership.objects.filter(user=endpoint.made_by).update(role=Role.ARCHIVIST)
    assert sending.send_due(endpoint) == 0
    assert receiver.taken == []
    message.refresh_from_db()
    assert message.state == "dropped"


def test_what_went_into_the_trash_meanwhile_does_not_leave(endpoint, library, receiver):
    kept, trashed = make_asset(library), make_asset(library, trashed_at=timezone.now())
    message_about(endpoint, "asset.changed", kept.pk, trashed.pk, make_asset().pk)
    sending.send_due(endpoint)
    assert [item["id"] for item in json.loads(receiver.taken[0][1])["data"]["items"]] == [kept.pk]


def test_a_failure_is_kept_with_the_answer_and_tried_again_under_the_same_id(endpoint, library, receiver):
    receiver.answers, receiver.text = [500], b"<h1>Out of paper</h1>"
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    before = timezone.now()
    assert sending.send_due(endpoint) == 0
    message.refresh_from_db()
    assert (message.state, message.status_code, message.attempts) == ("waiting", 500, 1)
    assert message.response_head == "<h1>Out of paper</h1>"
    assert message.due_at >= before + timedelta(seconds=29)
    assert sending.send_due(Endpoint.objects.get(pk=endpoint.pk)) == 0
    assert len(receiver.taken) == 1
    assert again(endpoint) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.problem) == (0, "")


def test_only_the_head_of_an_answer_is_kept(endpoint, library, receiver):
    receiver.answers, receiver.text = [200], b"x" * 100_000
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    sending.send_due(endpoint)
    message.refresh_from_db()
    assert len(message.response_head) == posting.HEAD


def test_a_message_that_never_arrives_is_given_up_while_others_go_through(endpoint, library, receiver):
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    for _ in range(sending.ATTEMPTS):
        receiver.answers = [500]
        again(endpoint)
        Endpoint.objects.update(failures=0)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", sending.ATTEMPTS)
    assert message.settled_at
    assert Endpoint.objects.get().stopped_at is None


def test_after_many_failures_it_is_stopped_and_its_maker_is_told(endpoint, library, receiver):
    receiver.answers = [503] * 100
    for _ in range(sending.STOPPED_AFTER):
        message_about(endpoint, "asset.changed", make_asset(library).pk)
        again(endpoint)
    endpoint.refresh_from_db()
    assert endpoint.stopped_at
    assert mail.outbox[0].to == [endpoint.made_by.email]
    assert "answered 503" in mail.outbox[0].body
    taken = len(receiver.taken)
    again(endpoint)
    assert len(receiver.taken) == taken
    assert len(mail.outbox) == 1


def test_a_receiver_that_is_gone_stops_it_at_once(endpoint, library, receiver):
    receiver.answers = [410]
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    sending.send_due(endpoint)
    message.refresh_from_db()
    endpoint.refresh_from_db()
    assert message.state == "failed"
    assert endpoint.stopped_at


def test_redirections_are_not_followed(endpoint, library, receiver):
    receiver.answers = [302]
    message_about(endpoint, "asset.changed", make_asset(library).pk)
    assert sending.send_due(endpoint) == 0
    assert len(receiver.taken) == 1


def test_a_receiver_that_drips_byte_by_byte_holds_no_worker(endpoint, library, monkeypatch):
    def hang(*_):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(sending, "post", hang)
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    tasks.send_messages(endpoint.pk)
    message.refresh_from_db()
    assert "no answer within 45 s" in message.problem


def test_an_address_inside_is_refused_without_the_operators_word(endpoint, library, receiver, monkeypatch):
    monkeypatch.setattr("dam.env.WEBHOOK_PRIVATE_ADDRESSES", False)
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    assert sending.send_due(endpoint) == 0
    assert receiver.taken == []
    message.refresh_from_db()
    assert "https://" in message.problem


def test_one_failure_ends_the_round_so_that_a_dead_receiver_is_not_beaten(endpoint, library, receiver):
    receiver.answers = [500] * 10
    for _ in range(5):
        message_about(endpoint, "asset.changed", make_asset(library).pk)
    assert sending.send_due(endpoint) == 0
    assert len(receiver.taken) == 1


def test_the_planner_sends_workers_to_endpoints_with_work(endpoint, library, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.send_messages, "delay", sent.append)
    signals.look_around()
    assert sent == []
    message = message_about(endpoint, "asset.changed", make_asset(library).pk)
    Delivery.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(seconds=5))
    signals.look_around()
    assert sent == []
    outbox.send_test(endpoint)
    signals.look_around()
    assert sent == [endpoint.pk]


def test_the_log_is_kept_for_thirty_days(endpoint):
    old, new = message_about(endpoint, "test"), message_about(endpoint, "test")
    Delivery.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=31))
    sending.sweep()
    assert list(Delivery.objects.all()) == [new]
