"""The backend that asks the cluster. Every method raises Away where there is no usable answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Left

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from indexing.models import Embedding
from search.backends import lexicon, vectors
from search.backends.base import AssetMoments, Lexical, Neighbour
from search.backends.elasticsearch import requests
from search.backends.elasticsearch.address import Address, Away
from search.backends.elasticsearch.client import Budget, answering, client
from search.backends.elasticsearch.scope import MOST_IDS, Scope
from search.backends.elasticsearch.translation import Body, Clauses, any_of, holds_words
from search.backends.moments import LONGEST_TEXT, moment_of
from search.backends.postgres import PostgresBackend
from search.backends.scoring import HOLDERS, Words
from search.backends.translation import answers, key, leaves, look_up, searchable, words_of
from search.backends.tsearch import Term
from search.filters import Filters
from search.meaning import Meaning
from search.models import MomentDocument
from search.query import And, Joined, Like, Node, Or, Query, Word

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

PAGE = 2_000
MOST_PAGES = 10
"""Where answers have to be sifted, so many of them are looked at before the search says "and more"."""

NEAR_PER_HIT = 2
"""So many assets are asked for by vectors of a byte for each one that is measured with whole vectors."""


@dataclass(frozen=True)
class _Found:
    """One asset's moments as the cluster has them: ids and scores, best first, and how many there are."""

    scores: Mapping[int, float]
    count: int


class _TooMany(Exception):  # noqa: N818
    """There are more assets than a request can name, or more of others than can be passed by."""


class ElasticsearchBackend:
    """Made anew for each search. Misspellings are PostgreSQL's, where the vocabulary is. So are time joins,
    likeness, places, collections and the state of the work: the cluster is told which assets answer those.
    So is every text that is shown, and every cosine: the cluster says which, never what or how near."""

    def __init__(self, assets: AssetQuerySet, place: Address, reader: AnyUser | None = None) -> None:
        self._assets = assets
        self._place = place
        self._budget = Budget()
        self._postgres = PostgresBackend(assets, reader)
        self._terms: dict[str, Term] = {}
        self._clauses = Clauses(self._terms, self._named)
        self._ids: dict[Node, Sequence[int]] = {}
        self._read_scope: Scope | None = None

    def lexical(self, query: Query, limit: int) -> Lexical:
        if self._scope.is_empty:
            return Lexical((), query)
        if not holds_words(query.root):
            return self._postgres.lexical(query, limit)
        try:
            found = self._answers(query, limit)
            corrected = None if found.assets else self._corrected(query)
            better = self._answers(corrected, limit) if corrected else found
        except _TooMany:
            return self._postgres.lexical(query, limit)
        return better if better.assets else found

    def nearest(self, query: Query, meaning: Meaning, limit: int) -> list[Neighbour]:
        if self._scope.is_empty or not Embedding.objects.filter(space=meaning.space).exists():
            return []
        self._tree(query)
        words = Words.of(self._terms[key(word)] for word in self._free_words(query))
        try:
            ids = self._near(query, meaning, limit)
        except _TooMany:
            return self._postgres.nearest(query, meaning, limit)
        return vectors.nearest(meaning, self._assets.filter(pk__in=ids), limit, words)

    def moments(
        self, query: Query, filters: Filters, asset_ids: Collection[int], limit: int
    ) -> Mapping[int, AssetMoments]:
        tree = self._tree(query) if query else And()
        if _has_moments_of_postgresql(tree):
            return self._postgres.moments(query, filters, asset_ids, limit)
        if not asset_ids or not (filters.object or any(answers(tree))):
            return {}
        body = requests.showing(tree, self._clauses, filters.object, asset_ids, limit)
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
        words = {key(word): word for word in query.words() if key(word) not in self._terms}
        if words:
            self._terms |= look_up(words.values(), Asset.objects.none())
            counted = [name for name in sorted(words) if self._terms[name].is_indexed]
            counts = self._counts([words[name] for name in counted])
            for name, count in zip(counted, counts, strict=True):
                self._terms[name] = replace(self._terms[name], assets=count)
        return searchable(query, self._terms)

    def _counts(self, words: list[Word]) -> list[int]:
        if not words:
            return []
        answer = self._search(requests.counting(words, self._clauses, self._scope.filter()))
        with answering():
            buckets = answer["aggregations"]["words"]["buckets"]
            return [int(buckets[str(place)]["doc_count"]) for place in range(len(words))]

    def _named(self, node: Node) -> Sequence[int]:
        """The assets that answer a node of which PostgreSQL alone knows. Raises _TooMany."""
        if node not in self._ids:
            asked = Query(And((node,)))
            found = self._postgres.lexical(asked, MOST_IDS)
            if not found.complete:
                raise _TooMany
            self._ids[node] = sorted(found.assets) if found.query is asked else ()
        return self._ids[node]

    def _near(self, query: Query, meaning: Meaning, limit: int) -> list[int]:
        """Assets with near vectors, and those that hold most of the free words, as far as they fit the musts.

        Raises _TooMany where those that may be seen are lost among others.
        """
        musts = self._tree(Query(query.musts()))
        conditions = [self._scope.filter()]
        conditions += [self._clauses.on_documents(musts)] if musts.children else []
        count = limit * NEAR_PER_HIT
        near, _ = self._page(requests.near(meaning, count, conditions))
        kept = self._scope.keep(near)
        if len(near) == count and len(kept) < limit:
            raise _TooMany
        free = [self._clauses.on_documents(word) for word in self._free_words(query)]
        any_word = requests.answering(any_of(free), conditions, HOLDERS)
        return kept + (self._scope.keep(self._page(any_word)[0]) if free else [])

    def _free_words(self, query: Query) -> list[Word]:
        """Words that the query does not insist on: those that are searched by meaning too."""
        musts = query.musts().children
        free = Query(And(tuple(child for child in query.root.children if child not in musts)))
        return [word for leaf in leaves(self._tree(free), implied=False) for word in words_of(leaf)]

    def _answers(self, query: Query, limit: int) -> Lexical:
        """Read until there are enough that the reader may see, or no more, or too many were looked at."""
        tree = self._tree(query)
        kept: dict[int, None] = {}
        after, complete = None, not tree.children
        pages = 1 if self._scope.is_named else MOST_PAGES
        size = limit + 1 if self._scope.is_named else PAGE
        while not complete and pages and len(kept) <= limit:
            clause = self._clauses.on_documents(tree)
            ids, after = self._page(requests.answering(clause, [self._scope.filter()], size, after))
            kept |= dict.fromkeys(self._scope.keep(ids))
            complete, pages = len(ids) < size, pages - 1
        return Lexical(list(kept)[:limit], query, complete=complete and len(kept) <= limit)

    def _page(self, body: Body) -> tuple[list[int], list[Any] | None]:
        """Ids of the documents found, and the sort values of the last one, where they are sorted."""
        answer = self._search(body)
        with answering():
            hits = answer["hits"]["hits"]
            return [int(hit["_id"]) for hit in hits], list(hits[-1].get("sort", ())) if hits else None

    def _corrected(self, query: Query) -> Query | None:
        """The query with words that are nowhere replaced by near ones, None where no word is near."""
        found = leaves(self._tree(query), implied=False)
        sought = [word for leaf in found for word in words_of(leaf) if not word.prefix]
        unknown = {word.text for word in sought if not self._terms[word.text].assets}
        spellings = lexicon.spellings(unknown, self._assets) if unknown else {}
        return query.corrected(spellings) if spellings else None

    def _search(self, body: Body) -> Mapping[str, Any]:
        """A whole answer; one from some of the shards, or from those that were quick, is none."""
        with answering():
            asked = client(self._place, self._budget.next())
            answer = asked.search(index=self._place.alias, allow_partial_search_results=False, **body)
            found: dict[str, Any] = dict(answer)
            late = bool(answer["timed_out"])
        if late:
            raise Away("it did not answer in time")
        return found


def _has_moments_of_postgresql(node: Node) -> bool:
    """Joined moments have spans, and likenesses places, that are found nowhere else."""
    match node:
        case Joined() | Like():
            return True
        case And(children=children) | Or(children=children):
            return any(_has_moments_of_postgresql(child) for child in children)
        case _:
            return False


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
