"""The Elasticsearch backend keeps the contract and agrees with PostgreSQL where Lucene answers it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import User
from search.backends.base import Backend
from search.backends.elasticsearch import client, indexing
from search.backends.elasticsearch.address import Address, address
from search.backends.elasticsearch.backend import ElasticsearchBackend
from search.backends.postgres import PostgresBackend
from search.filters import Filters
from search.query import And, Query
from tests.factories import make_asset, make_fact
from tests.search.backends import lucene
from tests.search.backends.conftest import problems
from tests.search.backends.contract import BackendContract
from tests.search.backends.contract_base import PERSON
from tests.search.backends.elastic_schema import Schema
from tests.search.backends.lucene import Lucene
from tests.search.backends.lucene.cluster import LuceneCluster
from tests.search.backends.trees import trees

pytestmark = pytest.mark.skipif(bool(lucene.missing()), reason=lucene.missing())


@pytest.fixture(scope="module")
def program() -> Iterator[Lucene]:
    program = Lucene()
    yield program
    program.stop()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is right is asked here, not how soon on a machine that is busy with other tests."""
    monkeypatch.setattr(client, "REQUEST_SECONDS", 60.0)
    monkeypatch.setattr(client.client, "__defaults__", (60.0,))
    monkeypatch.setattr(client.Budget.__init__, "__defaults__", (120.0,))


@pytest.fixture
def shelf(program: Lucene, specification: Schema | None, patience: None) -> Iterator[Address]:
    cluster = LuceneCluster(program)
    yield address(cluster.url)
    cluster.stop()
    assert [reply.body for _, reply in cluster.answered if reply.status == 400] == []
    if specification:
        assert problems(specification, cluster) == []


class TestElasticsearchBackendOnLucene(BackendContract):
    """What is asked is within Elastic's specification, and Lucene makes the right answers of it."""

    test_joins_agree_with_their_definition = None
    """A search that is nothing but a join is PostgreSQL's from end to end; its own class makes this test."""

    @pytest.fixture(autouse=True)
    def _index(self, _library: None, shelf: Address) -> None:
        self.place = shelf
        indexing.rebuild(shelf)

    def open_backend(self, user: User, filters: Filters | None = None) -> Backend:
        assets = (filters or Filters()).apply(Asset.objects.visible_to(user), user)
        return ElasticsearchBackend(assets, self.place, user)

    def refresh(self, *assets: Asset) -> None:
        super().refresh(*assets)
        indexing.index(self.place, [asset.pk for asset in assets], patient=False)

    def test_the_same_assets_answer_any_tree_as_in_postgresql(self) -> None:
        self._shelf_of_many_kinds()
        visible = Asset.objects.visible_to(self.viewer)

        @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
        @given(trees)
        def agree(tree: And) -> None:
            query = Query(tree)
            here = self.open_backend(self.viewer).lexical(query, 50)
            there = PostgresBackend(visible, self.viewer).lexical(query, 50)
            assert set(here.assets) == set(there.assets)

        agree()

    def test_the_same_moments_answer_any_tree_as_in_postgresql(self) -> None:
        self._shelf_of_many_kinds()
        visible = Asset.objects.visible_to(self.viewer)
        ids = list(visible.values_list("pk", flat=True))

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(trees)
        def agree(tree: And) -> None:
            here, there = self.open_backend(self.viewer), PostgresBackend(visible, self.viewer)
            assert _shown(here, Query(tree), ids) == _shown(there, Query(tree), ids)

        agree()

    def _shelf_of_many_kinds(self) -> None:
        photo = self.seen(("object", "dog"), ("caption", "A red dog running"), title="Harbour")
        film = self.film(("speech", "the dog ran", 0, 4), ("object", "cat", 3, 5), ("object", "dog", 9, 12))
        old = self.seen(("object", "cat"), taken_at=datetime(1969, 7, 20, 23, 59, 59, tzinfo=UTC))
        spoken = make_asset(self.library, kind="audio", duration=30)
        make_fact(spoken, "speech", "um cão vermelho no café", language="pt-BR", confidence=0.4)
        make_fact(spoken, "speech", "a red cat", language="en", source=PERSON)
        make_fact(old, "object", "dog", confidence=0.9, reviewer=self.viewer, status="accepted")
        make_fact(photo, "position", "there", details={"lat": 48.85, "lon": 2.35})
        shelf = Collection.objects.create(library=self.library, name="Shelf")
        CollectionItem.objects.create(collection=shelf, asset=film)
        self.refresh(photo, film, old, spoken)


def _shown(backend: Backend, query: Query, ids: list[int]) -> dict[int, set[tuple[str, object]]]:
    """By asset, what the moments say and when."""
    found = backend.moments(query, Filters(), ids, 20)
    return {
        pk: {(moment.text, moment.start) for moment in each.moments}
        for pk, each in found.items()
        if each.moments
    }
