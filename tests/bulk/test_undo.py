"""A job is taken back as a whole, as far as nobody has changed anything since."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dam.bulk import jobs
from dam.bulk.models import BulkJob
from dam.bulk.wishes import Wish, wish
from dam.collections.models import Collection
from dam.describing import saving
from dam.sharing.models import Membership
from indexing import store
from tests.bulk.conftest import said, state
from tests.factories import make_asset, make_fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(library):
    made = make_asset(library, title="Old", taken_at=datetime(1950, 1, 1, tzinfo=UTC))
    make_fact(made, "description", "A pier.", source="person", status="accepted")
    make_fact(made, "keyword", "ship", source="person", status="accepted")
    make_fact(made, "keyword", "Crane", source="file", status="accepted")
    make_fact(made, "keyword", "fog", confidence=0.95)
    return made


@pytest.fixture
def shelf(library, asset):
    made = Collection.objects.create(library=library, name="Shelf")
    for number, each in enumerate((make_asset(library), asset, make_asset(library)), start=1):
        made.items.create(asset=each, position=number * 1000)
    return made


CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
WISHES = {
    "title": Wish("title", "set", "New"),
    "empty title": Wish("title", "clear"),
    "description": Wish("description", "set", "New"),
    "more description": Wish("description", "add", "More."),
    "no description": Wish("description", "clear"),
    "keywords": Wish("keywords", "add", ["fog", "ship", "quay"]),
    "fewer keywords": Wish("keywords", "remove", ["SHIP", "crane", "fog"]),
    "other keywords": Wish("keywords", "set", ["ship", "quay"]),
    "date": wish("date", "set", "12 May 1931"),
    "places": wish("places", "add", "Altona (53.55, 9.93)"),
    "statement": Wish("statement", "set", CC0),
    "holder": Wish("holder", "set", "Harbour archive"),
    "trash": Wish("trash", "trash"),
    "decision": Wish("decision", "rejected", ["keyword", 0.9]),
}


@pytest.mark.parametrize("name", WISHES)
def test_undo_brings_everything_back(name, asset, shelf, change, ada):
    before = state(asset)
    job = change([asset], WISHES[name])
    assert state(asset) != before
    back = jobs.undo(job, ada)
    assert back.state == BulkJob.State.DONE
    assert (back.changed, back.refused) == (1, 0)
    assert state(asset) == before


@pytest.mark.parametrize("name", WISHES)
def test_an_undo_can_be_undone(name, asset, shelf, change, ada):
    job = change([asset], WISHES[name])
    after = state(asset)
    again = jobs.undo(jobs.undo(job, ada), ada)
    assert again.refused == 0
    assert state(asset) == after
    assert jobs.can_undo(job), "what holds again can be taken back again"


def test_an_asset_comes_back_to_its_place_in_a_collection(asset, shelf, change, ada):
    before = state(asset)
    job = change([asset], Wish("collection", "take out", shelf.pk))
    jobs.undo(job, ada)
    assert state(asset) == before


def test_what_entered_a_collection_leaves_it(library, asset, change, ada):
    target = Collection.objects.create(library=library, name="New")
    jobs.undo(change([asset], Wish("collection", "enter", target.pk)), ada)
    assert not target.items.exists()


def test_a_later_edit_is_left_alone_and_counted(asset, change, ada, library):
    other = make_asset(library)
    job = change([asset, other], Wish("description", "set", "Ours"))
    saving.save(asset, ada, {"description": "Theirs"})
    back = jobs.undo(job, ada)
    assert said(asset, "description") == ["Theirs"]
    assert said(other, "description") == []
    assert (back.changed, back.refused) == (1, 1)
    assert back.items.get(asset=asset).reason.endswith("changed again since: Description.")


def test_of_several_values_each_is_taken_back_for_itself(asset, change, ada):
    job = change([asset], Wish("keywords", "add", ["quay", "rope"]))
    store.review(asset.annotations.get(text="quay"), ada, "superseded")
    back = jobs.undo(job, ada)
    assert "quay" not in said(asset, "keyword")
    assert "rope" not in said(asset, "keyword")
    item = back.items.get()
    assert item.state == "changed"
    assert "changed again since: Keywords" in item.reason


def test_a_title_that_was_changed_since_stays(asset, change, ada):
    job = change([asset], Wish("title", "set", "Ours"))
    type(asset).objects.filter(pk=asset.pk).update(title="Theirs")
    back = jobs.undo(job, ada)
    asset.refresh_from_db()
    assert asset.title == "Theirs"
    assert back.refused == 1


def test_whoever_may_not_change_an_asset_takes_nothing_back(asset, change, ada):
    job = change([asset], Wish("title", "set", "New"))
    Membership.objects.filter(user=ada).update(role=10)
    back = jobs.undo(job, ada)
    asset.refresh_from_db()
    assert asset.title == "New"
    assert back.refused == 1


def test_a_job_is_taken_back_once(asset, change, ada):
    job = change([asset], Wish("title", "set", "New"))
    jobs.undo(job, ada)
    with pytest.raises(jobs.StateError):
        jobs.undo(job, ada)


def test_a_job_that_changed_nothing_has_nothing_to_take_back(asset, change, ada):
    job = change([asset], Wish("title", "set", "Old"))
    with pytest.raises(jobs.StateError):
        jobs.undo(job, ada)
