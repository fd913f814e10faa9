"""The Elasticsearch backend: the contract where a cluster is named, and what it asks and believes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem, Library
from dam.sharing.models import Membership, User
from search import documents
from search.backends.base import Backend
from search.backends.elasticsearch import backend as backend_module
from search.backends.elasticsearch import indexing, mapping, scope
from search.backends.elasticsearch.address import address
from search.backends.elasticsearch.backend import ElasticsearchBackend
from search.backends.elasticsearch.client import client
from search.filters import Filters
from search.models import MomentDocument
from search.parser import QueryError, parse
from tests.factories import make_asset, make_fact, make_library, make_member
from tests.search.backends.contract import BackendContract
from tests.search.backends.elastic import counts, hits, moments
from tests.search.backends.elastic_backend import SEARCH, asked, opened, seen

REAL = os.environ.get("TEST_ELASTICSEARCH_URL", "")

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(
    not REAL, reason="ELASTICSEARCH_URL names no cluster: the contract is not run against one"
)
class TestElasticsearchBackend(BackendContract):
    """In an index of its own, which is deleted afterwards."""

    @pytest.fixture(autouse=True)
    def _index(self, _library: None) -> Iterator[None]:
        server = REAL.partition("?")[0]
        self.place = address(f"{server}?index=mediatheque-test-{uuid4().hex}")
        indexing.rebuild(self.place)
        yield
        for name in client(self.place).indices.get_alias(name=self.place.alias):
            client(self.place).indices.delete(index=name)

    def open_backend(self, user: User, filters: Filters | None = None) -> Backend:
        assets = (filters or Filters()).apply(Asset.objects.visible_to(user), user)
        return ElasticsearchBackend(assets, self.place, user)

    def refresh(self, *assets: Asset) -> None:
        super().refresh(*assets)
        indexing.index(self.place, [asset.pk for asset in assets], patient=False)

    def test_each_language_has_its_forms(self) -> None:
        asset = make_asset(self.library)
        make_fact(asset, "speech", "deux chevaux", language="fr")
        self.refresh(asset)
        assert self.found("cheval") == [asset.pk]

    def test_verify_mends_and_rebuild_swaps(self) -> None:
        asset = self.seen(("object", "dog"))
        assert indexing.verify(self.place)[1] == 0
        make_fact(asset, "object", "axolotl")
        documents.rebuild([asset.pk])
        assert indexing.verify(self.place)[1] == 1
        assert indexing.rebuild(self.place) == Asset.objects.count()
        assert self.found("axolotl") == [asset.pk]


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


def test_the_query_names_the_assets_of_the_reader_and_no_others(cluster, library, viewer) -> None:
    mine = [seen(library).pk, seen(library).pk]
    seen(make_library())
    seen(library, trashed_at=timezone.now())
    cluster.reply("POST", SEARCH, counts([2]), hits(mine))
    assert opened(cluster, viewer).lexical(parse("dog"), 5).assets == mine
    for body in asked(cluster, "query"):
        assert body["query"]["bool"]["filter"] == [{"terms": {"asset": sorted(mine)}}]


def test_filters_and_a_confined_membership_are_in_the_query(cluster, library) -> None:
    shown, film, hidden = seen(library), seen(library, kind="video"), seen(library)
    collection = Collection.objects.create(library=library, name="Shown")
    for asset in (shown, film):
        CollectionItem.objects.create(collection=collection, asset=asset)
    reader = make_member(library, collection=collection)
    cluster.reply("POST", SEARCH, counts([1]), hits([hidden.pk, film.pk]))
    assert opened(cluster, reader, Filters(kind="video")).lexical(parse("dog"), 5).assets == [film.pk]
    assert asked(cluster, "query")[0]["query"]["bool"]["filter"] == [{"terms": {"asset": [film.pk]}}]


def test_who_sees_nothing_asks_nothing(cluster, library) -> None:
    seen(library)
    assert opened(cluster, make_member(make_library())).lexical(parse("dog"), 5).assets == ()
    assert cluster.asked == []


def test_a_membership_that_ended_counts_at_once(cluster, library, viewer) -> None:
    asset = seen(library)
    cluster.reply("POST", SEARCH, hits([asset.pk]))
    Membership.objects.filter(user=viewer).delete()
    assert opened(cluster, viewer).lexical(parse("dog"), 5).assets == ()


@pytest.mark.parametrize("most_named", [0, 1000])
def test_whatever_the_cluster_answers_nothing_unseen_is_found(
    cluster, library, viewer, monkeypatch, most_named: int
) -> None:
    """Named one by one or sifted: a wrong, old or malicious index shows nothing that PostgreSQL would not."""
    monkeypatch.setattr(scope, "MOST_IDS", most_named)
    visible = {seen(library).pk for _ in range(3)}
    hidden = {seen(make_library()).pk, seen(library, trashed_at=timezone.now()).pk, 10**9}

    @settings(max_examples=15, deadline=None, database=None)
    @given(st.lists(st.sampled_from(sorted(visible | hidden)), max_size=8))
    def holds(answer: list[int]) -> None:
        cluster.reply("POST", SEARCH, counts([7]), hits(answer))
        found = opened(cluster, viewer).lexical(parse("dog"), 50).assets
        assert list(found) == [pk for pk in dict.fromkeys(answer) if pk in visible]

    holds()


def test_many_assets_are_sifted_page_by_page(cluster, library, viewer, monkeypatch) -> None:
    monkeypatch.setattr(scope, "MOST_IDS", 1)
    monkeypatch.setattr(backend_module, "PAGE", 2)
    mine = [seen(library).pk for _ in range(3)]
    others = [seen(make_library()).pk for _ in range(3)]
    pages = [hits([mine[0], others[0]]), hits([others[1], mine[1]]), hits([mine[2]])]
    cluster.reply("POST", SEARCH, counts([3]), *pages)
    found = opened(cluster, viewer).lexical(parse("dog"), 50)
    assert (found.assets, found.complete) == (mine, True)
    bodies = asked(cluster, "sort")
    assert bodies[0]["query"]["bool"]["filter"] == [{"terms": {"library": [library.pk]}}]
    assert [each.get("search_after") for each in bodies] == [None, [8.0, others[0]], [8.0, mine[1]]]


def test_sifting_ends_and_says_that_there_may_be_more(cluster, library, viewer, monkeypatch) -> None:
    monkeypatch.setattr(scope, "MOST_IDS", 1)
    monkeypatch.setattr(backend_module, "PAGE", 2)
    monkeypatch.setattr(backend_module, "MOST_PAGES", 3)
    mine = [seen(library).pk for _ in range(2)]
    cluster.reply("POST", SEARCH, counts([3]), hits([mine[0], 10**9]), hits([10**9, 10**9 + 1]))
    found = opened(cluster, viewer).lexical(parse("dog"), 50)
    assert (found.assets, found.complete) == ([mine[0]], False)
    assert len(asked(cluster, "sort")) == 3


def test_more_than_the_limit_is_told(cluster, library, viewer) -> None:
    mine = [seen(library).pk for _ in range(3)]
    cluster.reply("POST", SEARCH, counts([3]), hits(mine))
    found = opened(cluster, viewer).lexical(parse("dog"), 2)
    assert (found.assets, found.complete) == (mine[:2], False)
    assert asked(cluster, "sort")[0]["size"] == 3


def test_words_phrases_exclusions_and_alternatives_become_clauses(cluster, library, viewer) -> None:
    seen(library)
    cluster.reply("POST", SEARCH, counts([5] * 6), hits([]))
    opened(cluster, viewer).lexical(parse('dog "red car" -cat bus OR tram'), 5)
    dog, phrase, cat, either = asked(cluster, "sort")[0]["query"]["bool"]["must"][0]["bool"]["must"]
    assert dog["multi_match"]["query"] == "dog"
    assert (phrase["multi_match"]["query"], phrase["multi_match"]["type"]) == ("red car", "phrase")
    assert cat["bool"]["must_not"][0]["multi_match"]["query"] == "cat"
    assert [each["multi_match"]["query"] for each in either["bool"]["should"]] == ["bus", "tram"]


def test_rarity_is_counted_over_what_the_reader_sees(cluster, library, viewer) -> None:
    seen(library)
    cluster.reply("POST", SEARCH, counts([10_000, 1]), hits([]))
    opened(cluster, viewer).lexical(parse("axolotl dog"), 5)
    must = asked(cluster, "sort")[0]["query"]["bool"]["must"][0]["bool"]["must"]
    boosts = {each["multi_match"]["query"]: each["multi_match"]["boost"] for each in must}
    assert boosts["dog"] > 10 * boosts["axolotl"]
    script = mapping.settings()["similarity"]["occurrences"]["script"]["source"]
    assert "term." not in script
    assert "field." not in script


def test_an_unknown_word_may_be_a_part_of_a_name(cluster, library, viewer) -> None:
    seen(library)
    cluster.reply("POST", SEARCH, counts([0]), hits([]))
    opened(cluster, viewer).lexical(parse("harb"), 5)
    (clause,) = asked(cluster, "sort")[0]["query"]["bool"]["must"][0]["bool"]["must"]
    assert clause == {"wildcard": {"names": {"value": "*harb*", "case_insensitive": True}}}


def test_a_misspelt_word_is_replaced_by_one_that_the_reader_may_see(cluster, library, viewer) -> None:
    asset = seen(library, ("object", "elephant"))
    seen(make_library(), ("object", "elefantine"))
    cluster.reply("POST", SEARCH, counts([0]), hits([]), counts([1]), hits([asset.pk]))
    found = opened(cluster, viewer).lexical(parse("elefant"), 5)
    assert (found.assets, found.query.text) == ([asset.pk], "elephant")


def test_moments_are_those_the_cluster_names_as_postgresql_has_them(cluster, library, viewer) -> None:
    asset, other = seen(library, ("object", "dog"), ("speech", "a dog")), seen(library, ("object", "dog"))
    spoken, boxed = (MomentDocument.objects.get(asset=asset, kind=kind) for kind in ("speech", "object"))
    stray = MomentDocument.objects.get(asset=other, kind="object")
    named = [(boxed.pk, 1.0), (spoken.pk, 0.5), (stray.pk, 0.4), (10**9, 0.1)]
    cluster.reply("POST", SEARCH, counts([2]), moments({asset.pk: named}))
    found = opened(cluster, viewer).moments(parse("dog"), Filters(), [asset.pk], 20)[asset.pk]
    assert [(each.text, each.reason, each.score) for each in found.moments] == [
        ("dog", "seen", 1.0),
        ("a dog", "said", 0.5),
    ]
    assert found.count == 2


def test_moments_of_an_asset_that_was_not_asked_for_are_not_taken(cluster, library, viewer) -> None:
    asset, hidden = seen(library, ("object", "dog")), seen(make_library(), ("object", "dog"))
    moment = MomentDocument.objects.get(asset=hidden, kind="object")
    cluster.reply("POST", SEARCH, counts([2]), moments({hidden.pk: [(moment.pk, 1.0)], asset.pk: []}))
    found = opened(cluster, viewer).moments(parse("dog"), Filters(), [asset.pk], 20)
    assert {pk: list(each.moments) for pk, each in found.items()} == {asset.pk: []}


def test_the_object_of_the_filters_asks_for_its_label(cluster, library, viewer) -> None:
    asset = seen(library, ("object", "dog"))
    cluster.reply("POST", SEARCH, moments({asset.pk: []}))
    opened(cluster, viewer).moments(parse(""), Filters(object="Dog"), [asset.pk], 3)
    nested = asked(cluster, "query")[0]["query"]["bool"]["must"][0]["nested"]
    (share,) = nested["query"]["bool"]["should"]
    assert share["constant_score"]["filter"] == {"term": {"moments.label": "DOG"}}
    assert nested["inner_hits"]["size"] == 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80) | st.text(alphabet="a -\"OR\u200f\x00'\\:*&|!<>()?😀é", max_size=80))
def test_any_string_becomes_requests_within_the_specification(cluster, text: str) -> None:
    """That they are within it is asserted when the cluster stops."""
    library = Library.objects.order_by("pk").first() or make_library()
    asset = Asset.objects.first() or seen(library, ("object", "dog"))
    hit = {**hits([asset.pk])["hits"]["hits"][0], **moments({asset.pk: []})["hits"]["hits"][0]}
    cluster.reply("POST", SEARCH, {**counts([1] * 64), "hits": {"max_score": None, "hits": [hit]}})
    backend = ElasticsearchBackend(Asset.objects.all(), address(cluster.url))
    try:
        query = parse(text)
    except QueryError:
        return
    backend.lexical(query, 5)
    backend.moments(query, Filters(), [asset.pk], 5)
