"""Which backend answers: the one that the operator named, and PostgreSQL as soon as that one does not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

from django.core.cache import cache

from dam.sharing.access import AssetQuerySet
from search.backends.base import AssetMoments, Backend, Lexical, Neighbour
from search.backends.elasticsearch.address import Away, configured
from search.backends.postgres import PostgresBackend
from search.filters import Filters
from search.meaning import Meaning
from search.query import Query

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

RESTING = "search.elasticsearch.resting"
REST_SECONDS = 15
"""After a failure nobody waits for the cluster for so long; PostgreSQL answers at once."""

Answer = TypeVar("Answer")


class Chosen:
    """A Backend for one search. `notes` tell the reader when the named backend did not answer. Without a
    reader, no collection is known by its name."""

    def __init__(self, assets: AssetQuerySet, reader: AnyUser | None = None) -> None:
        self.notes: tuple[str, ...] = ()
        self._postgres = PostgresBackend(assets, reader)
        self._named = self._open(assets, reader)

    def lexical(self, query: Query, limit: int) -> Lexical:
        return self._ask(lambda backend: backend.lexical(query, limit))

    def nearest(self, query: Query, meaning: Meaning, limit: int) -> list[Neighbour]:
        return self._ask(lambda backend: backend.nearest(query, meaning, limit))

    def moments(
        self, query: Query, filters: Filters, asset_ids: Collection[int], limit: int
    ) -> Mapping[int, AssetMoments]:
        return self._ask(lambda backend: backend.moments(query, filters, asset_ids, limit))

    def matched(self, query: Query, words: Collection[str]) -> set[str]:
        return self._ask(lambda backend: backend.matched(query, words))

    def _open(self, assets: AssetQuerySet, reader: AnyUser | None) -> Backend | None:
        try:
            place = configured()
            if place is None:
                return None
            refuse_while_resting()
            from search.backends.elasticsearch.backend import ElasticsearchBackend

            return ElasticsearchBackend(assets, place, reader)
        except (Away, ValueError) as reason:
            self._tell(reason)
            return None

    def _ask(self, question: Callable[[Backend], Answer]) -> Answer:
        if self._named is not None:
            try:
                return question(self._named)
            except Away as away:
                self._named = None
                self._tell(away)
                cache.set(RESTING, str(away), REST_SECONDS)
        return question(self._postgres)

    def _tell(self, reason: Exception) -> None:
        self.notes = (f"Elasticsearch is away ({str(reason).rstrip('.')}); PostgreSQL searched instead.",)


def refuse_while_resting() -> None:
    """Raises Away, with the reason, while the cluster is left alone after a failure."""
    reason = cache.get(RESTING)
    if reason is not None:
        raise Away(reason)
