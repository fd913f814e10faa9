"""What people change is searchable when the page returns, and what they lose is gone with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dam.assets.models import Asset
from dam.collections.models import Collection, Library
from dam.people.models import Appearance, Person
from dam.sharing.models import Membership, Role, User
from indexing import signals, store
from indexing.analysers.contract import Finding
from search import documents, receivers, service
from search.meaning import MeaningOff
from search.models import Word
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user

pytestmark = pytest.mark.django_db

Sent = Callable[..., None]


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search as it is where no model for meaning is installed."""

    def off(text: str) -> None:
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def reader(library: Library) -> User:
    return make_member(library)


@pytest.fixture
def sent(client: Client, library: Library, django_capture_on_commit_callbacks: Any) -> Sent:
    """sent(page, *ids, **fields): a form that an administrator sends to that page."""
    client.force_login(make_member(library, Role.ADMINISTRATOR))

    def send(page: str, /, *ids: int, **fields: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(reverse(page, args=ids), fields)
        assert response.status_code in {200, 302}, response.content.decode()

    return send


@pytest.fixture
def called(client: Client, library: Library, django_capture_on_commit_callbacks: Any) -> Sent:
    """called(method, path, **body): what an archivist's program asks of the API."""
    client.force_login(make_member(library, Role.ARCHIVIST))

    def call(method: str, path: str, /, **body: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            response = getattr(client, method)(path, body, content_type="application/json")
        assert response.status_code < 300, response.content.decode()

    return call


def indexed(asset: Asset) -> Asset:
    documents.rebuild([asset.pk])
    return asset


def found(user: User, text: str) -> list[Asset]:
    return [hit.asset for hit in service.search(user, text).hits]


def test_a_correction(library: Library, reader: User, sent: Sent) -> None:
    asset = make_asset(library, kind="audio", duration=9.0)
    fact = make_fact(asset, "speech", "a red baboon", start=1.0, end=2.0)
    indexed(asset)
    assert found(reader, "baboon") == [asset]
    sent("correct-speech", fact.pk, text="a red balloon")
    assert found(reader, "balloon") == [asset]
    assert found(reader, '"baboon"') == []


def test_a_rejection_and_taking_it_back(library: Library, reader: User, sent: Sent) -> None:
    asset = make_asset(library)
    fact = make_fact(asset, "object", "zebra")
    indexed(asset)
    sent("decide", fact.pk, decision="rejected")
    assert found(reader, "zebra") == []
    sent("decide", fact.pk, decision="proposed")
    assert found(reader, "zebra") == [asset]


def test_an_acceptance_of_what_the_machine_was_not_sure_of(
    library: Library, reader: User, sent: Sent
) -> None:
    asset = make_asset(library)
    fact = make_fact(asset, "object", "zebra", confidence=0.1)
    indexed(asset)
    assert found(reader, "zebra") == []
    sent("decide", fact.pk, decision="accepted")
    assert found(reader, "zebra") == [asset]


def test_a_new_title(library: Library, reader: User, called: Sent) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    called("patch", f"/api/assets/{asset.pk}/", title="Lighthouse")
    assert found(reader, "lighthouse") == [asset]
    assert found(reader, "harbour") == []


def test_the_trash_and_the_way_out_of_it(library: Library, reader: User, called: Sent) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    called("delete", f"/api/assets/{asset.pk}/")
    assert found(reader, "harbour") == []
    called("post", f"/api/trash/{asset.pk}/restore/")
    assert found(reader, "harbour") == [asset]


def test_a_collection_and_who_sees_by_it(library: Library, sent: Sent) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    collection = Collection.objects.create(library=library, name="Ships")
    confined = make_member(library, collection=collection)
    assert found(confined, "harbour") == []
    sent("add-to-collection", asset.pk, collection=collection.pk)
    assert found(confined, "harbour") == [asset]
    sent("remove-from-collection", asset.pk, collection.pk)
    assert found(confined, "harbour") == []


def test_a_person_who_is_called_otherwise_on_many_assets(library: Library, reader: User, sent: Sent) -> None:
    person = Person.objects.create(library=library, name="Ada")
    assets = [make_asset(library) for _ in range(30)]
    for asset in assets:
        named = make_fact(asset, "person", "Ada", source="person", status="accepted")
        Appearance.objects.create(annotation=named, person=person)
    documents.rebuild([asset.pk for asset in assets])
    sent("edit-person", person.pk, name="Grace")
    assert set(found(reader, "grace")) == set(assets)
    assert found(reader, '"ada"') == []


def test_a_deleted_asset(library: Library, reader: User) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    asset.delete()
    assert found(reader, "harbour") == []
    assert service.search(reader, "harbor").corrected is None


def test_a_deleted_collection_with_a_membership(library: Library, sent: Sent) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    collection = Collection.objects.create(library=library, name="Ships")
    collection.items.create(asset=asset)
    confined = make_member(library, collection=collection)
    assert found(confined, "harbour") == [asset]
    sent("delete-collection", collection.pk)
    assert found(confined, "harbour") == []


def test_a_membership_that_is_taken_away(library: Library, reader: User, sent: Sent) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    assert found(reader, "harbour") == [asset]
    sent("remove-member", library.pk, Membership.objects.get(user=reader).pk)
    assert found(reader, "harbour") == []
    assert service.search(reader, "harbor").corrected is None


def test_an_account_that_is_closed(library: Library, reader: User) -> None:
    asset = indexed(make_asset(library, title="Harbour"))
    assert found(reader, "harbour") == [asset]
    reader.is_active = False
    reader.save()
    assert found(reader, "harbour") == []


@pytest.mark.django_db(transaction=True)
def test_a_machines_fact_with_its_commit() -> None:
    asset = make_asset()
    reader = make_member(asset.library)
    store.save(make_run(asset), [Finding("object", "zebra", confidence=0.9)])
    assert found(reader, "zebra") == [asset]
    assert Word.objects.filter(word="zebra").exists()


@pytest.mark.django_db(transaction=True)
def test_machines_facts_of_quick_runs_when_the_last_is_done() -> None:
    assets = [make_asset() for _ in range(3)]
    with signals.gathered():
        for asset in assets:
            store.save(make_run(asset), [Finding("object", "zebra", confidence=0.9)])
    assert [found(make_member(asset.library), "zebra") for asset in assets] == [[asset] for asset in assets]


def test_what_is_too_much_for_a_page_goes_through_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[list[int]] = []
    monkeypatch.setattr(receivers.tasks.rebuild_documents, "delay", queued.append)
    asset = make_asset(title="Harbour")
    receivers.follow_facts([asset.pk, *range(10**9, 10**9 + receivers.AT_ONCE)])
    assert sum(map(len, queued)) == receivers.AT_ONCE + 1
    assert found(make_user(is_superuser=True), "harbour") == []
