"""The cluster holds what PostgreSQL holds, through changes, rebuilds, refusals and absences."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from dam.assets.models import Asset
from dam.services import questions
from indexing.signals import facts_changed
from search import tasks
from search.backends.choice import RESTING
from search.backends.elasticsearch import content, indexing, mapping
from search.backends.elasticsearch.address import Away, address
from tests.search.backends.elastic import (
    Cluster,
    Reply,
    aliased,
    bulk_done,
    greeting,
    missing,
    refusal,
    stored,
)
from tests.search.backends.elastic_documents import embedded, known

BULK, ALIAS, BUILDING, SEARCH = "/_bulk", "/_alias/shelf", "/_alias/shelf-building", "/shelf[a-z-]*/_search"
ACKNOWLEDGED = {"acknowledged": True}

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(cluster: Cluster) -> Cluster:
    """A cluster with an index in use, that takes whatever it is sent."""
    cluster.reply("GET", ALIAS, aliased("shelf-1"))
    cluster.reply("GET", BUILDING, missing("alias [shelf-building] missing"))
    cluster.reply("PUT", BULK, bulk_done())
    cluster.reply("POST", "/shelf[^/]*/_refresh", {"_shards": {"total": 1, "successful": 1, "failed": 0}})
    return cluster


def actions(cluster: Cluster) -> list[Mapping[str, Any]]:
    """The actions of all bulk requests, without the documents."""
    lines = [line for each in cluster.asked_for("PUT", BULK) for line in each.body]
    return [line for line in lines if line.keys() <= {"index", "delete"}]


def sent(cluster: Cluster) -> list[Mapping[str, Any]]:
    lines = [line for each in cluster.asked_for("PUT", BULK) for line in each.body]
    return [line for line in lines if "asset" in line]


def test_a_space_that_is_new_is_made_room_for_before_its_vectors_are_sent(ready: Cluster) -> None:
    asset = embedded(known(), "clip", [1, 0, 0])
    ready.reply("PUT", "/shelf/_mapping", ACKNOWLEDGED)
    indexing.index(address(ready.url), [asset.pk], patient=False)
    (request,) = ready.asked_for("PUT", "/shelf/_mapping")
    assert list(request.body["properties"]["views"]["properties"]) == [mapping.vector_field("clip")]
    paths = [each.path for each in ready.asked]
    assert paths.index("/shelf/_mapping") < paths.index(BULK)


def test_a_new_index_has_room_for_every_space(rebuildable: Cluster) -> None:
    embedded(known(), "clip", [1, 0, 0])
    rebuildable.reply("PUT", "/shelf-building/_mapping", ACKNOWLEDGED)
    indexing.rebuild(address(rebuildable.url))
    (created,) = rebuildable.asked_for("PUT", "/shelf-[0-9]+")
    views = created.body["mappings"]["properties"]["views"]["properties"]
    assert views[mapping.vector_field("clip")]["dims"] == 3


def test_changed_assets_are_sent_and_deleted_ones_taken_away(ready: Cluster) -> None:
    asset = known()
    indexing.index(address(ready.url), [asset.pk, 10**9], patient=False)
    (request,) = ready.asked_for("PUT", BULK)
    assert (request.query["refresh"], request.query["require_alias"]) == ("true", "true")
    index, delete = actions(ready)
    version = content.documents([asset.pk])[asset.pk].version
    assert index["index"] == {
        "_index": "shelf",
        "_id": str(asset.pk),
        "version": version,
        "version_type": "external_gte",
    }
    assert delete["delete"] == {"_index": "shelf", "_id": str(10**9)}


def test_an_index_that_is_being_built_gets_changes_too(ready: Cluster) -> None:
    ready.reply("GET", BUILDING, aliased("shelf-2", alias="shelf-building"))
    indexing.index(address(ready.url), [known().pk], patient=True)
    assert [each["index"]["_index"] for each in actions(ready)] == ["shelf", "shelf-building"]


def test_without_an_index_nothing_is_sent(ready: Cluster) -> None:
    ready.reply("GET", ALIAS, missing())
    indexing.index(address(ready.url), [known().pk], patient=True)
    assert actions(ready) == []


def test_a_newer_document_in_the_index_is_left_there(ready: Cluster) -> None:
    error = {"type": "version_conflict_engine_exception", "reason": "newer"}
    ready.reply("PUT", BULK, bulk_done(1, status=409, error=error))
    indexing.index(address(ready.url), [known().pk], patient=False)


def test_a_document_that_was_refused_for_now_is_sent_again(ready: Cluster, monkeypatch) -> None:
    monkeypatch.setattr(indexing, "FIRST_PAUSE", 0.01)
    error = {"type": "es_rejected_execution_exception", "reason": "busy"}
    ready.reply("PUT", BULK, bulk_done(1, status=429, error=error), bulk_done(1))
    indexing.index(address(ready.url), [known().pk], patient=True)
    assert len(ready.asked_for("PUT", BULK)) == 2


def test_a_cluster_that_stays_busy_is_away(ready: Cluster, monkeypatch) -> None:
    monkeypatch.setattr(indexing, "FIRST_PAUSE", 0.001)
    error = {"type": "es_rejected_execution_exception", "reason": "busy"}
    ready.reply("PUT", BULK, bulk_done(1, status=429, error=error))
    for patient in (True, False):
        with pytest.raises(Away, match="did not take every document"):
            indexing.index(address(ready.url), [known().pk], patient=patient)


def test_an_index_that_was_swapped_in_this_moment_is_tried_again(ready: Cluster) -> None:
    error = {"type": "index_not_found_exception", "reason": "no such alias"}
    ready.reply("PUT", BULK, bulk_done(1, status=404, error=error))
    with pytest.raises(Away):
        indexing.index(address(ready.url), [known().pk], patient=False)


def test_a_document_that_the_cluster_cannot_take_does_not_stop_the_others(ready: Cluster, caplog) -> None:
    error = {"type": "document_parsing_exception", "reason": "too deep"}
    ready.reply("PUT", BULK, bulk_done(1, status=400, error=error))
    indexing.index(address(ready.url), [known().pk], patient=False)
    assert "too deep" in caplog.text


def rebuilt(cluster: Cluster) -> list[tuple[str, str]]:
    """What a rebuild asked, without the number of the new index."""
    return [(each.method, each.path.rstrip("0123456789")) for each in cluster.asked]


@pytest.fixture
def rebuildable(ready: Cluster) -> Cluster:
    created = {"acknowledged": True, "shards_acknowledged": True, "index": "shelf-2"}
    ready.reply("PUT", "/shelf-[0-9]+", created)
    ready.reply("DELETE", "/shelf-[0-9]+", ACKNOWLEDGED)
    ready.reply("POST", "/_aliases", ACKNOWLEDGED)
    ready.reply("POST", SEARCH, stored({}))
    return ready


def test_a_rebuild_fills_a_new_index_and_swaps_it_in_one_step(rebuildable: Cluster) -> None:
    first, second = known(), known()
    assert indexing.rebuild(address(rebuildable.url)) == 2
    (created,) = rebuildable.asked_for("PUT", "/shelf-[0-9]+")
    name = created.path[1:]
    assert created.body["aliases"] == {"shelf-building": {}}
    assert [each["asset"] for each in sent(rebuildable)] == [first.pk, second.pk]
    assert {each["index"]["_index"] for each in actions(rebuildable)} == {"shelf-building"}
    (swap,) = rebuildable.asked_for("POST", "/_aliases")
    assert swap.body["actions"] == [
        {"add": {"index": name, "alias": "shelf"}},
        {"remove": {"index": name, "alias": "shelf-building"}},
        {"remove_index": {"index": "shelf-1"}},
    ]
    assert rebuilt(rebuildable)[-1] == ("POST", "/_aliases")


def test_a_rebuild_takes_away_what_was_deleted_meanwhile(rebuildable: Cluster) -> None:
    asset = known()
    rebuildable.reply("POST", SEARCH, stored({asset.pk: "x"}), stored({10**9: "y"}))
    indexing.rebuild(address(rebuildable.url))
    assert actions(rebuildable)[-1] == {"delete": {"_index": "shelf-building", "_id": str(10**9)}}


def test_a_rebuild_that_fails_leaves_the_index_in_use(rebuildable: Cluster) -> None:
    known()
    rebuildable.reply("PUT", BULK, refusal(500, "exception"))
    with pytest.raises(Away, match="status 500"):
        indexing.rebuild(address(rebuildable.url))
    assert rebuildable.asked_for("POST", "/_aliases") == []


def test_what_a_failed_rebuild_left_is_dropped_by_the_next(rebuildable: Cluster) -> None:
    rebuildable.reply("GET", BUILDING, aliased("shelf-7", alias="shelf-building"))
    indexing.rebuild(address(rebuildable.url))
    assert [each.path for each in rebuildable.asked_for("DELETE", "/shelf-[0-9]+")] == ["/shelf-7"]


def test_two_rebuilds_at_once_are_refused(rebuildable: Cluster) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [indexing.REBUILDING])
    try:
        with pytest.raises(RuntimeError, match="Another rebuild"):
            indexing.rebuild(address(rebuildable.url))
        assert rebuildable.asked == []
    finally:
        other.close()


def test_verify_mends_what_is_missing_changed_or_too_much(ready: Cluster) -> None:
    whole, changed, lacking = known(), known(), known()
    held = {whole.pk: content.documents([whole.pk])[whole.pk].fingerprint, changed.pk: "other"}
    ready.reply("POST", SEARCH, stored(held), stored({10**9: "x"}))
    assert indexing.verify(address(ready.url)) == (3, 3)
    index, again, delete = actions(ready)
    assert [index["index"]["_id"], again["index"]["_id"]] == [str(changed.pk), str(lacking.pk)]
    assert delete["delete"]["_id"] == str(10**9)
    bounds = [each.body["query"]["bool"]["filter"][0]["range"] for each in ready.asked_for("POST", SEARCH)]
    assert bounds == [{"asset": {"gt": 0, "lte": lacking.pk}}, {"asset": {"gt": lacking.pk}}]


def test_verify_spares_an_asset_that_came_meanwhile(ready: Cluster) -> None:
    first, late = known(), known()
    held = {pk: each.fingerprint for pk, each in content.documents([first.pk, late.pk]).items()}
    ready.reply("POST", SEARCH, stored({first.pk: held[first.pk]}), stored({late.pk: held[late.pk]}))
    indexing.verify(address(ready.url))
    assert not any("delete" in each for each in actions(ready))


def test_the_commands_do_both_and_say_so(rebuildable: Cluster) -> None:
    known()
    out = StringIO()
    call_command("search", "rebuild", stdout=out)
    assert "Elasticsearch: a new index of 1 assets is in use." in out.getvalue()
    call_command("search", "verify", stdout=out)
    assert "Elasticsearch: checked 1 assets; 1 differed and were mended." in out.getvalue()
    rebuildable.reply("POST", SEARCH, missing())
    with pytest.raises(CommandError, match="no index yet"):
        call_command("search", "verify", stdout=out)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """What is left to the queue."""
    waiting: list[list[int]] = []
    monkeypatch.setattr(tasks.mirror_documents, "delay", waiting.append)
    return waiting


def change(asset: Asset) -> None:
    facts_changed.send(sender=None, asset_ids=[asset.pk])


def test_a_changed_fact_is_in_the_index_when_the_sender_goes_on(
    ready: Cluster, queued, django_capture_on_commit_callbacks
) -> None:
    asset = known()
    with django_capture_on_commit_callbacks(execute=True):
        change(asset)
    assert [each["asset"] for each in sent(ready)] == [asset.pk]
    assert queued == []


def test_a_cluster_that_is_away_gets_it_later(
    ready: Cluster, queued, django_capture_on_commit_callbacks
) -> None:
    asset = known()
    ready.reply("PUT", BULK, refusal(503, "unavailable"))
    with django_capture_on_commit_callbacks(execute=True):
        change(asset)
    cache.set(RESTING, "it is overloaded", 15)
    asked = len(ready.asked)
    with django_capture_on_commit_callbacks(execute=True):
        change(asset)
    assert queued == [[asset.pk], [asset.pk]]
    assert len(ready.asked) == asked


def test_the_task_is_tried_again_while_the_cluster_is_away(ready: Cluster) -> None:
    asset = known()
    tasks.mirror_documents([asset.pk])
    assert [each["asset"] for each in sent(ready)] == [asset.pk]
    assert Away in tasks.mirror_documents.autoretry_for
    ready.reply("GET", ALIAS, Reply(b"", status=503))
    with pytest.raises(Away):
        tasks.mirror_documents.run.__wrapped__([asset.pk])


def test_a_deleted_asset_is_taken_from_the_index(
    ready: Cluster, queued, django_capture_on_commit_callbacks
) -> None:
    asset = known()
    pk = asset.pk
    with django_capture_on_commit_callbacks(execute=True):
        asset.delete()
    assert actions(ready) == [{"delete": {"_index": "shelf", "_id": str(pk)}}]


def test_without_an_address_nothing_is_sent_or_queued(
    ready: Cluster, queued, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr("dam.env.ELASTICSEARCH_URL", None)
    with django_capture_on_commit_callbacks(execute=True):
        change(known())
        tasks.rebuild_documents([known().pk])
        known().delete()
    assert (ready.asked, queued) == ([], [])


def doctor() -> tuple[bool, str]:
    (answer,) = questions.elasticsearch()
    assert not answer.essential
    return answer.well, f"{answer.seen} {answer.mend}"


def test_the_doctor_says_what_answers_and_what_it_holds(ready: Cluster) -> None:
    ready.reply("GET", "/", greeting("9.1.0"))
    ready.reply(
        "POST", "/shelf/_count", {"count": 1234, "_shards": {"total": 1, "successful": 1, "failed": 0}}
    )
    well, said = doctor()
    assert well
    assert "9.1.0 at 127.0.0.1" in said
    assert "1,234 assets" in said
    ready.reply("POST", "/shelf/_count", missing())
    well, said = doctor()
    assert not well
    assert "search rebuild" in said
    ready.reply("GET", "/", refusal(401, "security_exception"))
    well, said = doctor()
    assert not well
    assert "credentials" in said
