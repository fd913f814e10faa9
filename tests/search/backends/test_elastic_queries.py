"""What each kind of node is asked of the cluster, and what is left to PostgreSQL."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from dam.assets.models import Asset
from dam.collections.models import Library
from dam.sharing.models import User
from indexing.models import Embedding
from search.backends.elasticsearch import backend as backend_module
from search.backends.elasticsearch import mapping, scope
from search.backends.elasticsearch.address import address
from search.backends.elasticsearch.backend import ElasticsearchBackend
from search.filters import Filters
from search.meaning import Meaning
from search.parser import parse
from search.query import And, Query
from tests.factories import make_fact, make_library, make_member, make_run
from tests.search.backends.elastic import Cluster, counts, hits, moments
from tests.search.backends.elastic_backend import SEARCH, asked, opened, seen
from tests.search.backends.trees import trees

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


def must(cluster: Cluster) -> list[dict]:
    """The clauses of the last search for assets."""
    return asked(cluster, "sort")[-1]["query"]["bool"]["must"][0]["bool"]["must"]


def test_a_field_asks_one_moment_of_its_kinds(cluster, library, viewer) -> None:
    seen(library)
    cluster.reply("POST", SEARCH, counts([1, 1]), hits([]))
    opened(cluster, viewer).lexical(parse("said:(dog OR cat)"), 5)
    (clause,) = must(cluster)
    nested = clause["nested"]
    assert (nested["path"], nested["score_mode"]) == ("moments", "max")
    assert nested["query"]["bool"]["filter"] == [{"terms": {"moments.kind": ["speech"]}}]
    (either,) = nested["query"]["bool"]["must"]
    assert {each["multi_match"]["query"] for each in either["bool"]["should"]} == {"dog", "cat"}
    assert either["bool"]["should"][0]["multi_match"]["fields"] == ["moments.text.*"]


def test_attributes_of_facts_are_asked_of_the_same_moment(cluster, library, viewer) -> None:
    seen(library)
    cluster.reply("POST", SEARCH, counts([1]), hits([]))
    opened(cluster, viewer).lexical(parse("dog confidence:>0.8 -source:machine"), 5)
    (clause,) = must(cluster)
    word, sure, other = clause["nested"]["query"]["bool"]["must"]
    assert word["multi_match"]["query"] == "dog"
    assert sure["constant_score"]["filter"] == {"range": {"moments.confidence": {"gt": 0.8}}}
    (machine,) = other["bool"]["must_not"]
    assert machine["constant_score"]["filter"] == {"term": {"moments.source": "machine"}}


def test_attributes_of_assets_are_conditions_without_a_score(cluster, library, viewer) -> None:
    seen(library)
    cluster.reply("POST", SEARCH, counts([1]), hits([]))
    opened(cluster, viewer).lexical(parse("dog type:video duration:>10m date:1969..1972 lang:pt-BR"), 5)
    _, *conditions = must(cluster)
    assert all(each["constant_score"]["boost"] == 0 for each in conditions)
    assert [each["constant_score"]["filter"] for each in conditions] == [
        {"term": {"kind": "video"}},
        {"range": {"duration": {"gt": 600.0}}},
        {"range": {"date": {"gte": "1969-01-01", "lt": "1973-01-01"}}},
        {"term": {"languages": "pt-br"}},
    ]


def test_a_prefix_is_asked_as_written_and_by_the_stems_it_begins(cluster, library, viewer) -> None:
    seen(library, ("caption", "a wedding"))
    cluster.reply("POST", SEARCH, counts([1]), hits([]))
    opened(cluster, viewer).lexical(parse("weddi*"), 5)
    (clause,) = must(cluster)
    begun, stem = (each["multi_match"] for each in clause["bool"]["should"])
    assert (begun["type"], begun["query"], begun["analyzer"]) == ("bool_prefix", "weddi", "plain")
    assert (stem["type"], stem["query"]) == ("phrase", "wed")


@pytest.mark.parametrize("text", ["dog WITH cat", "type:image", "-type:video", "near:48.85,2.35~5km"])
def test_what_holds_no_free_words_is_answered_without_the_cluster(cluster, library, viewer, text) -> None:
    asset = seen(library, ("object", "dog"), ("object", "cat"))
    make_fact(asset, "position", "there", details={"lat": 48.85, "lon": 2.35})
    assert opened(cluster, viewer).lexical(parse(text), 5).assets == [asset.pk]
    assert cluster.asked == []


def test_beside_words_postgresql_names_the_assets_that_answer_a_join(cluster, library, viewer) -> None:
    both, _ = seen(library, ("object", "dog"), ("object", "cat")), seen(library, ("object", "dog"))
    cluster.reply("POST", SEARCH, counts([1, 1, 1]), hits([]))
    opened(cluster, viewer).lexical(parse("red -(dog WITH cat)"), 5)
    _, other = must(cluster)
    (joined,) = other["bool"]["must_not"]
    assert joined == {"constant_score": {"filter": {"terms": {"asset": [both.pk]}}, "boost": 0}}


def test_more_assets_than_can_be_named_are_searched_in_postgresql(
    cluster, library, viewer, monkeypatch
) -> None:
    monkeypatch.setattr(backend_module, "MOST_IDS", 1)
    mine = [seen(library, ("object", "dog"), ("object", "cat")).pk for _ in range(2)]
    cluster.reply("POST", SEARCH, counts([2, 2]))
    assert opened(cluster, viewer).lexical(parse("dog (dog WITH cat)"), 5).assets == mine[::-1]
    assert asked(cluster, "sort") == []


def test_the_moments_of_a_join_are_postgresqls(cluster, library, viewer) -> None:
    asset = seen(library, ("object", "dog"), ("object", "cat"))
    cluster.reply("POST", SEARCH, counts([1, 1]))
    found = opened(cluster, viewer).moments(parse("dog WITH cat"), Filters(), [asset.pk], 5)
    assert [each.text for each in found[asset.pk].moments] == ["dog"]


def test_moments_of_a_field_are_worth_more_than_all_free_words(cluster, library, viewer) -> None:
    asset = seen(library, ("object", "dog"))
    cluster.reply("POST", SEARCH, counts([1] * 3), moments({asset.pk: []}))
    opened(cluster, viewer).moments(parse("dog red said:cat"), Filters(), [asset.pk], 5)
    shares = asked(cluster, "query")[-1]["query"]["bool"]["must"][0]["nested"]["query"]["bool"]["should"]
    *free, field = (each["constant_score"] for each in shares)
    assert field["boost"] > sum(each["boost"] for each in free)
    assert field["filter"]["bool"]["filter"] == [{"terms": {"moments.kind": ["speech"]}}]


def embedded(asset: Asset, angle: float) -> Asset:
    """The asset with one vector, so far (in radians) from the first axis."""
    vector = np.array([np.cos(angle), np.sin(angle), 0, 0], dtype=np.float32)
    Embedding.objects.create(asset=asset, run=make_run(asset, "made"), space="made", vector=vector)
    return asset


def meant(floor: float = 0.1) -> Meaning:
    return Meaning("made", np.array([1, 0, 0, 0], dtype=np.float32), floor=floor)


def test_near_vectors_are_the_clusters_and_their_cosines_postgresqls(cluster, library, viewer) -> None:
    near, far, hidden = (seen(home) for home in (library, library, make_library()))
    for asset, angle in ((near, 0.1), (far, 1.5), (hidden, 0.0)):
        embedded(asset, angle)
    query = parse('pony "red cat" type:image')
    cluster.reply("POST", SEARCH, counts([1, 1, 1]), hits([hidden.pk, far.pk, near.pk]), hits([far.pk]))
    (found,) = opened(cluster, viewer).nearest(query, meant(), 5)
    assert (found.asset_id, found.similarity) == (near.pk, pytest.approx(np.cos(0.1), abs=1e-5))
    (body,) = asked(cluster, "knn")
    knn = body["knn"]
    assert (knn["field"], knn["k"]) == (f"views.{mapping.vector_field('made')}", 10)
    scope, musts = knn["filter"]["bool"]["filter"]
    assert scope == {"terms": {"asset": sorted([near.pk, far.pk])}}
    phrase, image = musts["bool"]["must"]
    assert phrase["multi_match"]["query"] == "red cat"
    assert image["constant_score"]["filter"] == {"term": {"kind": "image"}}


def test_near_vectors_that_may_be_seen_are_not_lost_among_others(
    cluster, library, viewer, monkeypatch
) -> None:
    monkeypatch.setattr(scope, "MOST_IDS", 0)
    mine = embedded(seen(library), 0.2)
    cluster.reply("POST", SEARCH, counts([1]), hits([10**9, 10**9 + 1]))
    (found,) = opened(cluster, viewer).nearest(parse("pony"), meant(), 1)
    assert found.asset_id == mine.pk


def test_a_space_without_vectors_is_not_asked_for(cluster, library, viewer) -> None:
    seen(library)
    assert opened(cluster, viewer).nearest(parse("pony"), meant(), 5) == []
    assert cluster.asked == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees)
def test_any_tree_becomes_requests_within_the_specification(cluster, tree: And) -> None:
    """That they are within it is asserted when the cluster stops."""
    asset = Asset.objects.first() or seen(make_library(), ("object", "dog"))
    hit = {**hits([asset.pk])["hits"]["hits"][0], **moments({asset.pk: []})["hits"]["hits"][0]}
    cluster.reply("POST", SEARCH, {**counts([1] * 64), "hits": {"max_score": None, "hits": [hit]}})
    backend = ElasticsearchBackend(Asset.objects.all(), address(cluster.url))
    backend.lexical(Query(tree), 5)
    backend.moments(Query(tree), Filters(), [asset.pk], 5)
