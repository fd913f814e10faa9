"""PostgreSQL answers, soon and openly, whenever the cluster does not."""

from __future__ import annotations

import base64
import socket
import time

import pytest

from dam import env
from dam.collections.models import Library
from dam.sharing.models import User
from search import documents, meaning
from search.backends.elasticsearch import client
from search.backends.elasticsearch.address import address
from search.filters import Filters
from search.models import MomentDocument
from search.results import Results
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member
from tests.search.backends.elastic import Cluster, Reply, counts, greeting, hits, missing, moments, refusal

SEARCH = "/shelf/_search"
NO_PRODUCT = {"Server": "something else"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_space(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(weights: object) -> None:
        raise LookupError("not fetched")

    monkeypatch.setattr(meaning, "current_space", absent)
    meaning._encoded.cache_clear()


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


@pytest.fixture
def dog(library: Library) -> int:
    asset = make_asset(library)
    make_fact(asset, "object", "dog")
    documents.rebuild([asset.pk])
    return asset.pk


def found(results: Results) -> list[int]:
    return [hit.asset.pk for hit in results.hits]


def said(results: Results) -> str:
    return " ".join(note for note in results.notes if "Elasticsearch" in note)


FAILURES = {
    "no index": (missing(), "it has no index yet"),
    "overloaded": (refusal(429, "es_rejected_execution_exception"), "it is overloaded"),
    "unavailable": (refusal(503, "unavailable_shards_exception"), "status 503"),
    "refused query": (refusal(400, "too_many_nested_clauses"), "status 400"),
    "wrong password": (refusal(401, "security_exception"), "does not accept the credentials"),
    "broken JSON": (Reply(b'{"hits": {"hi', sound=False), "cannot be read"),
    "no JSON at all": (Reply(b"<html>hello</html>", sound=False), "cannot be read"),
    "another shape": (Reply({"hits": None, "timed_out": False}, sound=False), "cannot be read"),
    "a list": (Reply([1, 2], sound=False), "cannot be read"),
    "half an answer": (Reply({**hits([]), "timed_out": True}), "did not answer in time"),
    "another product": (Reply(hits([]), headers=NO_PRODUCT), "it is not Elasticsearch"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_postgresql_answers_and_the_reader_is_told_why(cluster, viewer, dog, name: str) -> None:
    reply, reason = FAILURES[name]
    cluster.reply("POST", SEARCH, reply)
    results = search(viewer, "dog")
    assert found(results) == [dog]
    assert reason in said(results)
    assert "PostgreSQL searched instead" in said(results)
    assert [moment.text for moment in results.hits[0].moments] == ["dog"]


def test_a_cluster_that_refuses_connections_costs_little_time(viewer, dog, monkeypatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setattr(env, "ELASTICSEARCH_URL", f"http://127.0.0.1:{held.getsockname()[1]}")
        started = time.perf_counter()
        results = search(viewer, "dog")
    assert found(results) == [dog]
    assert "cannot be reached" in said(results)
    assert time.perf_counter() - started < 3


def test_a_cluster_that_is_slow_is_not_waited_for(cluster, viewer, dog, monkeypatch) -> None:
    monkeypatch.setattr(client, "REQUEST_SECONDS", 0.2)
    cluster.reply("POST", SEARCH, Reply(counts([1]), delay=20))
    started = time.perf_counter()
    results = search(viewer, "dog")
    assert found(results) == [dog]
    assert "did not answer in time" in said(results)
    assert time.perf_counter() - started < 3


def test_a_search_has_one_budget_for_all_its_requests(cluster, viewer, dog, monkeypatch) -> None:
    monkeypatch.setattr(client.Budget.__init__, "__defaults__", (0.3,))
    cluster.reply("POST", SEARCH, Reply(counts([1]), delay=0.2), Reply(hits([dog]), delay=0.2))
    results = search(viewer, "dog")
    assert found(results) == [dog]
    assert said(results)


def test_a_busy_cluster_is_asked_once_more(cluster, viewer, dog) -> None:
    busy = refusal(429, "es_rejected_execution_exception")
    cluster.reply("POST", SEARCH, busy, counts([1]), busy, hits([dog]), moments({dog: []}))
    results = search(viewer, "dog")
    assert (found(results), said(results)) == ([dog], "")


def test_after_a_failure_the_cluster_is_left_alone_for_a_while(cluster, viewer, dog) -> None:
    cluster.reply("POST", SEARCH, missing())
    search(viewer, "dog")
    asked = len(cluster.asked)
    results = search(viewer, "dog")
    assert found(results) == [dog]
    assert "it has no index yet" in said(results)
    assert len(cluster.asked) == asked


def test_a_cluster_that_goes_away_in_the_middle_takes_nothing_with_it(cluster, viewer, dog) -> None:
    cluster.reply("POST", SEARCH, counts([1]), hits([dog]), missing())
    results = search(viewer, "dog")
    assert [moment.text for moment in results.hits[0].moments] == ["dog"]
    assert said(results)


def test_answers_of_the_cluster_are_shown_without_a_note(cluster, viewer, dog) -> None:
    seen = MomentDocument.objects.get(asset=dog, kind="object")
    cluster.reply("POST", SEARCH, counts([1]), hits([dog]), moments({dog: [(seen.pk, 1.0)]}))
    results = search(viewer, "dogs")
    assert (found(results), said(results)) == ([dog], "")
    assert [(piece.text, piece.matched) for piece in results.hits[0].moments[0].pieces] == [("dog", True)]


def test_browsing_by_an_object_says_so_too(cluster, viewer, dog) -> None:
    cluster.reply("POST", SEARCH, missing())
    results = search(viewer, "", Filters(object="dog"))
    assert found(results) == [dog]
    assert said(results)


def test_strangers_find_nothing_either_way(cluster, dog) -> None:
    stranger = make_member(make_library())
    cluster.reply("POST", SEARCH, counts([1]), hits([dog]))
    assert search(stranger, "dog").total == 0
    cluster.reply("POST", SEARCH, missing())
    assert search(stranger, "dog").total == 0


def test_without_an_address_nobody_is_asked_and_nothing_is_said(cluster, viewer, dog, monkeypatch) -> None:
    monkeypatch.setattr(env, "ELASTICSEARCH_URL", None)
    results = search(viewer, "dog")
    assert (found(results), said(results), cluster.asked) == ([dog], "", [])


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("search.example:9200", "must look like"),
        ("ftp://search.example", "must look like"),
        ("http://", "must look like"),
        ("http://search.example:9200?indx=a", "does not know the option indx"),
        ("http://search.example:99999", "must look like"),
    ],
)
def test_an_address_that_is_none_is_said(viewer, dog, monkeypatch, url: str, complaint: str) -> None:
    monkeypatch.setattr(env, "ELASTICSEARCH_URL", url)
    results = search(viewer, "dog")
    assert found(results) == [dog]
    assert complaint in said(results)


def test_an_address_holds_credentials_that_are_never_shown() -> None:
    place = address("https://ann:secret@search.example?index=shelf&ca_certs=/etc/ca.pem")
    assert place.server == "https://ann:secret@search.example:443"
    assert (place.alias, place.options, place.host) == (
        "shelf",
        {"ca_certs": "/etc/ca.pem"},
        "search.example:443",
    )


def test_credentials_are_sent(cluster: Cluster) -> None:
    cluster.reply("GET", "/", greeting("9.1.0"))
    named = address(cluster.url.replace("http://", "http://ann:p%40ss@"))
    assert client.client(named).info()["version"]["number"] == "9.1.0"
    expected = base64.b64encode(b"ann:p@ss").decode()
    assert [each.authorization for each in cluster.asked] == [f"Basic {expected}"]
