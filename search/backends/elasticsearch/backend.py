"""The backend that asks the cluster. Every method raises Away where there is no usable answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models.functions import Left

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from search.backends import lexicon
from search.backends.base import AssetMoments, Lexical, Neighbour
from search.backends.elasticsearch import translation
from search.backends.elasticsearch.address import Address, Away
from search.backends.elasticsearch.client import Budget, answering, client
from search.backends.elasticsearch.scope import Scope
from search.backends.postgres import LONGEST_TEXT, PostgresBackend, moment_of
from search.backends.translation import leaves, searchable, words_of
from search.backends.tsearch import Term
from search.filters import Filters
from search.meaning import Meaning
from search.models import MomentDocument
from search.query import And, Query

PAGE = 2_000
MOST_PAGES = 10
"""Where answers have to be sifted, so many of them are looked at before the search says "and more"."""


@dataclass(frozen=True)
class _Found:
    """One asset's moments as the cluster has them: ids and scores, best first, and how many there are."""

    scores: Mapping[int, float]
    count: int


class ElasticsearchBackend:
    """Made anew for each search. Meaning and misspellings are PostgreSQL's: the vectors and the vocabulary
    are there. So is every text that is shown: the cluster says which moments, never what is in them."""

    def __init__(self, assets: AssetQuerySet, place: Address) -> None:
        self._assets = assets
        self._place = place
        self._budget = Budget()
        self._postgres = PostgresBackend(assets)
        self._terms: dict[str, Term] = {}
        self._read_scope: Scope | None = None

    def lexical(self, query: Query, limit: int) -> Lexical:
        if self._scope.is_empty:
            return Lexical((), query)
        found = self._answers(query, limit)
        corrected = None if found.assets else self._corrected(query)
        better = self._answers(corrected, limit) if corrected else found
        return better if better.assets else found

    def nearest(self, query: Query, meaning: Meaning, limit: int) -> list[Neighbour]:
        return self._postgres.nearest(query, meaning, limit)

    def moments(
        self, query: Query, filters: Filters, asset_ids: Collection[int], limit: int
    ) -> Mapping[int, AssetMoments]:
        tree = self._tree(query) if query else And()
        if not asset_ids or not (leaves(tree) or filters.object):
            return {}
        body = translation.showing(tree, self._terms, filters.object, asset_ids, limit)
        found = _read_moments(self._search(body))
        rows = _rows(found, asset_ids)
        return {pk: _shown(pk, each, rows) for pk, each in found.items() if pk in asset_ids}

    def matched(self, query: Query, words: Collection[str]) -> set[str]:
        return PostgresBackend(Asset.objects.none()).matched(query, words)

    @property
    def _scope(self) -> Scope:
        if self._read_scope is None:
            self._read_scope = Scope(self._assets)
        return self._read_scope

    def _tree(self, query: Query) -> And:
        """What the index can be asked, with its words looked up and counted."""
        missing = sorted({word.text for word in query.words()} - self._terms.keys())
        if missing:
            terms = lexicon.look_up(missing, Asset.objects.none())
            counts = self._counts([word for word in missing if terms[word].lexemes])
            self._terms |= {word: replace(terms[word], assets=counts.get(word, 0)) for word in missing}
        return searchable(query, self._terms)

    def _counts(self, words: list[str]) -> dict[str, int]:
        if not words:
            return {}
        answer = self._search(translation.counting(words, self._scope.filter()))
        with answering():
            buckets = answer["aggregations"]["words"]["buckets"]
            return {word: int(buckets[str(place)]["doc_count"]) for place, word in enumerate(words)}

    def _answers(self, query: Query, limit: int) -> Lexical:
        """Read until there are enough that the reader may see, or no more, or too many were looked at."""
        tree = self._tree(query)
        kept: dict[int, None] = {}
        after, complete = None, not tree.children
        pages = 1 if self._scope.is_named else MOST_PAGES
        size = limit + 1 if self._scope.is_named else PAGE
        while not complete and pages and len(kept) <= limit:
            ids, after = self._page(tree, size, after)
            kept |= dict.fromkeys(self._scope.keep(ids))
            complete, pages = len(ids) < size, pages - 1
        return Lexical(list(kept)[:limit], query, complete=complete and len(kept) <= limit)

    def _page(self, tree: And, size: int, after: list[Any] | None) -> tuple[list[int], list[Any] | None]:
        """Ids of the next documents, and the sort values of the last one."""
        answer = self._search(translation.answering(tree, self._terms, self._scope.filter(), size, after))
        with answering():
            hits = answer["hits"]["hits"]
            return [int(hit["_id"]) for hit in hits], list(hits[-1]["sort"]) if hits else None

    def _corrected(self, query: Query) -> Query | None:
        """The query with words that are nowhere replaced by near ones, None where no word is near."""
        sought = [word.text for leaf in leaves(self._tree(query)) for word in words_of(leaf)]
        unknown = {word for word in sought if not self._terms[word].assets}
        spellings = lexicon.spellings(unknown, self._assets) if unknown else {}
        return query.corrected(spellings) if spellings else None

    def _search(self, body: dict[str, Any]) -> Mapping[str, Any]:
        """A whole answer; one from some of the shards, or from those that were quick, is none."""
        with answering():
            asked = client(self._place, self._budget.next())
            answer = asked.search(index=self._place.alias, allow_partial_search_results=False, **body)
            found: dict[str, Any] = dict(answer)
            late = bool(answer["timed_out"])
        if late:
            raise Away("it did not answer in time")
        return found


def _read_moments(answer: Mapping[str, Any]) -> dict[int, _Found]:
    with answering():
        return {
            int(hit["_id"]): _found(hit["inner_hits"]["moments"]["hits"]) for hit in answer["hits"]["hits"]
        }


def _found(inner: Mapping[str, Any]) -> _Found:
    scores = {int(hit["fields"]["moments.moment"][0]): float(hit["_score"]) for hit in inner["hits"]}
    return _Found(scores, int(inner["total"]["value"]))


def _rows(found: Mapping[int, _Found], asset_ids: Collection[int]) -> dict[int, MomentDocument]:
    """The moments as PostgreSQL has them now; those that are gone since, or of other assets, are left out."""
    ids = [pk for each in found.values() for pk in each.scores]
    rows = MomentDocument.objects.filter(pk__in=ids, asset__in=asset_ids).defer("vector", "text")
    return {row.pk: row for row in rows.annotate(shown=Left("text", LONGEST_TEXT))}


def _shown(asset_id: int, found: _Found, rows: Mapping[int, MomentDocument]) -> AssetMoments:
    known = [(rows[pk], score) for pk, score in found.scores.items() if pk in rows]
    here = [(row, score) for row, score in known if row.asset_id == asset_id]
    gone = len(found.scores) - len(here)
    return AssetMoments([moment_of(row, score) for row, score in here], max(0, found.count - gone))
