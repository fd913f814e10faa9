"""Connecting a system, testing it, and looking at what was sent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dam.sharing.models import Role
from dam.webhooks import sending
from dam.webhooks.models import Delivery, Endpoint
from tests.factories import make_asset, make_library, make_member

pytestmark = pytest.mark.django_db

LIST = reverse("webhooks")


@pytest.fixture
def signed_in(client, administrator):
    client.force_login(administrator)
    return client


def wanted(library, **fields):
    chosen = {"name": "The website", "url": "https://hook.example.org/in", "events": ["asset.added"]}
    return {**chosen, "library": library.pk, "active": "on", **fields}


def test_a_system_is_connected_and_its_secret_shown(signed_in, library, administrator):
    page = signed_in.post(LIST, wanted(library), follow=True).content.decode()
    endpoint = Endpoint.objects.get()
    assert (endpoint.made_by, endpoint.site) == (administrator, "http://testserver/")
    assert endpoint.secret.startswith("whsec_")
    assert endpoint.secret in page


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"url": "http://example.org/"}, "begins with https://"),
        ({"url": "https://me:secret@example.org/"}, "holds no password"),
        ({"events": []}, "This field is required"),
        ({"events": ["asset.eaten"]}, "not one of the available choices"),
        ({"events": ["test"]}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in, library, fields, complaint):
    page = signed_in.post(LIST, wanted(library, **{"name": "Kept words", **fields})).content.decode()
    assert complaint in page
    assert "Kept words" in page
    assert not Endpoint.objects.exists()


def test_nobody_connects_a_library_that_they_do_not_administer(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    assert client.get(LIST).status_code == 403
    client.force_login(make_member(make_library(), Role.ADMINISTRATOR))
    client.post(LIST, wanted(library))
    assert not Endpoint.objects.exists()


def test_a_test_arrives_and_stands_in_the_log(signed_in, endpoint, receiver):
    signed_in.post(reverse("test-webhook", args=[endpoint.pk]))
    sending.send_due(endpoint)
    assert b"The website is connected." in receiver.taken[0][1]
    page = signed_in.get(endpoint.get_absolute_url()).content.decode()
    assert "204" in page
    assert "delivered" in page


def test_a_message_is_sent_again_under_its_id(signed_in, endpoint, library, receiver):
    message = Delivery.objects.create(
        endpoint=endpoint,
        event="asset.changed",
        subject=[make_asset(library).pk],
        state="failed",
        attempts=10,
    )
    signed_in.post(reverse("send-webhook-again", args=[message.pk]))
    endpoint.refresh_from_db()
    assert sending.send_due(endpoint) == 1
    assert receiver.taken[0][0]["webhook-id"] == message.message_id


def test_saving_begins_again_what_was_stopped(signed_in, endpoint, library, receiver):
    receiver.answers = [410]
    Delivery.objects.create(endpoint=endpoint, event="test")
    sending.send_due(endpoint)
    page = signed_in.get(endpoint.get_absolute_url()).content.decode()
    assert "It was stopped on" in page
    assert "answered 410" in page
    signed_in.post(reverse("edit-webhook", args=[endpoint.pk]), wanted(library, url=receiver.url))
    endpoint.refresh_from_db()
    assert endpoint.listens
    assert endpoint.failures == 0


def test_a_stopped_one_says_so_when_a_test_is_asked_for(signed_in, endpoint):
    Endpoint.objects.update(active=False)
    page = signed_in.post(reverse("test-webhook", args=[endpoint.pk]), follow=True).content.decode()
    assert "is not sending" in page
    assert not Delivery.objects.exists()


def test_a_new_secret_replaces_the_one_before(signed_in, endpoint, library, receiver):
    before = endpoint.secret
    address = reverse("edit-webhook", args=[endpoint.pk])
    signed_in.post(address, wanted(library, url=receiver.url, renew_secret="on"))
    endpoint.refresh_from_db()
    assert endpoint.secret != before


def test_a_wrong_change_changes_nothing(signed_in, endpoint, library):
    page = signed_in.post(reverse("edit-webhook", args=[endpoint.pk]), wanted(library, url="ftp://x/"))
    assert "begins with https://" in page.content.decode()
    before = endpoint.url
    endpoint.refresh_from_db()
    assert endpoint.url == before


def test_a_removed_one_can_be_taken_back(signed_in, endpoint):
    page = signed_in.post(reverse("remove-webhook", args=[endpoint.pk]), follow=True).content.decode()
    assert "Undo" in page
    assert signed_in.get(endpoint.get_absolute_url()).status_code == 404
    signed_in.post(reverse("restore-webhook", args=[endpoint.pk]))
    assert signed_in.get(endpoint.get_absolute_url()).status_code == 200


def test_the_log_asks_the_same_number_of_questions_however_long(
    signed_in, endpoint, django_assert_max_num_queries
):
    for _ in range(60):
        Delivery.objects.create(endpoint=endpoint, event="test", state="delivered")
    with django_assert_max_num_queries(14):
        page = signed_in.get(endpoint.get_absolute_url()).content.decode()
    assert "Earlier messages" in page
