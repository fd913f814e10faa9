"""What happens is written to the outbox: bounded, and only for those who listen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dam.assets import curation
from dam.assets.models import Asset
from dam.assets.signals import asset_ingested
from dam.collections.models import Collection
from dam.sharing.models import LinkVisit, ShareLink
from dam.webhooks import outbox
from dam.webhooks.models import Delivery
from indexing import store
from indexing.signals import announce
from tests.factories import make_asset, make_fact, make_library

pytestmark = pytest.mark.django_db


def told(event=None):
    """Events and subjects of the messages, oldest first."""
    found = Delivery.objects.order_by("pk").values_list("event", "subject")
    return [row for row in found if event in (None, row[0])]


def test_files_are_told_of_as_they_come_change_and_go(endpoint, library, django_capture_on_commit_callbacks):
    asset = make_asset(library)
    pk = asset.pk
    asset_ingested.send(sender=Asset, asset=asset)
    curation.trash(asset)
    curation.restore(asset)
    with django_capture_on_commit_callbacks(execute=True):
        curation.retitle(asset, "The quay")
        asset.delete()
    assert dict(told()) == {
        "asset.added": [pk],
        "asset.trashed": [pk],
        "asset.restored": [pk],
        "asset.removed": [pk],
    }


def test_changed_facts_and_accepted_ones_are_told_of(endpoint, library, django_capture_on_commit_callbacks):
    asset = make_asset(library)
    accepted, rejected = (make_fact(asset, text=text, source="file") for text in ("dog", "cat"))
    with django_capture_on_commit_callbacks(execute=True):
        store.review(accepted, endpoint.made_by, "accepted")
        store.review(rejected, endpoint.made_by, "rejected")
    assert told("facts.accepted") == [("facts.accepted", [accepted.pk])]
    assert told("asset.changed") == [("asset.changed", [asset.pk])]


def test_collections_are_told_of(endpoint, library, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        collection = Collection.objects.create(library=library, name="Ships")
        collection.items.create(asset=make_asset(library))
    assert told("collection.changed") == [("collection.changed", [collection.pk])]


def test_visits_are_told_of_when_they_begin(endpoint, library):
    link = ShareLink.objects.create(
        maker=endpoint.made_by, library=library, kind="list", title="L", token_hash="x"
    )
    opened, _ = (LinkVisit.objects.create(link=link, kind=kind) for kind in ("opened", "seen"))
    assert told() == [("share.visited", [opened.pk])]


def test_ten_thousand_files_are_a_hundred_messages(endpoint, library):
    outbox.announce("asset.changed", library.pk, range(1, 10_001))
    assert Delivery.objects.count() == 100
    assert {len(subject) for _, subject in told()} == {100}


def test_what_happens_together_is_told_together_and_once(endpoint, library):
    assets = [make_asset(library).pk for _ in range(3)]
    for _ in range(2):
        for pk in assets:
            announce([pk])
    assert told() == [("asset.changed", assets)]
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    announce([assets[0]])
    assert len(told()) == 2


def test_a_message_is_filled_up_before_the_next_is_begun(endpoint, library):
    outbox.announce("asset.changed", library.pk, range(1, 91))
    outbox.announce("asset.changed", library.pk, range(81, 121))
    assert [len(subject) for _, subject in told()] == [100, 20]


@pytest.mark.parametrize(
    "silence",
    [
        {"active": False},
        {"stopped_at": timezone.now()},
        {"removed_at": timezone.now()},
        {"events": ["asset.added"]},
        {"made_by": None},
    ],
)
def test_nothing_is_written_for_whoever_does_not_listen(endpoint, library, silence):
    type(endpoint).objects.update(**silence)
    outbox.announce("asset.changed", library.pk, [1])
    assert told() == []


def test_other_libraries_are_not_told_of(endpoint):
    announce([make_asset(make_library()).pk])
    assert told() == []


def test_where_nobody_listens_a_change_costs_one_question(db, django_assert_num_queries):
    asset = make_asset()
    with django_assert_num_queries(1):
        outbox.announce_assets("asset.changed", [asset.pk])


def test_a_library_goes_with_its_webhooks(endpoint, library, django_capture_on_commit_callbacks):
    collection = Collection.objects.create(library=library, name="Ships")
    collection.items.create(asset=make_asset(library))
    with django_capture_on_commit_callbacks(execute=True):
        library.delete()
    assert not Delivery.objects.exists()


def test_a_user_goes_and_the_webhook_stays_silent(endpoint):
    endpoint.made_by.delete()
    endpoint.refresh_from_db()
    assert endpoint.made_by is None
