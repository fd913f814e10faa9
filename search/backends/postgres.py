"""Search in PostgreSQL: tsvector for words, pg_trgm for misspellings, pgvector for meaning."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from dam.sharing.access import AssetQuerySet
from search.backends import lexicon, prefixes, scoring, vectors
from search.backends.base import AssetMoments, Lexical, Neighbour
from search.backends.conditions import Conditions
from search.backends.moments import (
    likenesses,
    most_alike_first,
    of_assets,
    shares_of,
)
from search.backends.scoring import Words
from search.backends.structured import Scope
from search.backends.translation import key, leaves, look_up, searchable, words_of
from search.backends.tsearch import Term
from search.filters import Filters
from search.meaning import Meaning
from search.models import AssetDocument
from search.query import And, Query, Word

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


class PostgresBackend:
    """The backend that every installation has; made anew for each search. Without a reader, no collection
    is known by its name."""

    def __init__(self, assets: AssetQuerySet, reader: AnyUser | None = None) -> None:
        self._assets = assets
        self._terms: dict[str, Term] = {}
        self._conditions = Conditions(self._terms, Scope(assets, reader))

    def lexical(self, query: Query, limit: int) -> Lexical:
        found = self._answers(query, limit)
        corrected = None if found.assets else self._corrected(query)
        better = self._answers(corrected, limit) if corrected else found
        return better if better.assets else found

    def nearest(self, query: Query, meaning: Meaning, limit: int) -> list[Neighbour]:
        musts = self._tree(Query(query.musts()))
        words = Words.of(self._terms[key(word)] for word in self._free_words(query))
        if not musts.children:
            return vectors.nearest(meaning, self._assets, limit, words)
        held = self._assets.filter(pk__in=self._documents(musts).values("pk"))
        return vectors.nearest(meaning, held, limit, words)

    def moments(
        self, query: Query, filters: Filters, asset_ids: Collection[int], limit: int
    ) -> Mapping[int, AssetMoments]:
        tree = self._tree(query)
        shares = shares_of(tree, filters.object, self._conditions)
        found = of_assets(asset_ids, shares, limit) if shares else {}
        return likenesses(tree, self._conditions.scope, asset_ids, found)

    def matched(self, query: Query, words: Collection[str]) -> set[str]:
        if not words:
            return set()
        terms = [self._terms[key(word)] for word in self._sought(query, implied=True)]
        lexemes = {lexeme for term in terms for lexeme in term.lexemes}
        beginnings = {beginning for term in terms for beginning in term.beginnings}
        begun = prefixes.matched(words, beginnings) if beginnings else set()
        return begun | (lexicon.matched(words, lexemes) if lexemes else set())

    def _sought(self, query: Query, *, implied: bool = False) -> list[Word]:
        """The words that the query asks for, as far as the index can hold them."""
        return [word for leaf in leaves(self._tree(query), implied=implied) for word in words_of(leaf)]

    def _tree(self, query: Query) -> And:
        """What the index can be asked, with its words looked up."""
        missing = [word for word in query.words() if key(word) not in self._terms]
        if missing:
            self._terms.update(look_up(missing, self._assets))
        return searchable(query, self._terms)

    def _documents(self, tree: And) -> QuerySet[AssetDocument]:
        visible = self._assets.order_by().values("pk")
        return AssetDocument.objects.filter(self._conditions.on_documents(tree), asset__in=visible)

    def _answers(self, query: Query, limit: int) -> Lexical:
        tree = self._tree(query)
        if not tree.children:
            return Lexical((), query)
        ids, complete = scoring.best(self._documents(tree), self._scored(tree), limit)
        return Lexical(most_alike_first(tree, self._conditions.scope, ids), query, complete)

    def _scored(self, tree: And) -> list[Term]:
        """The words that count for the order of answers: no excluded ones."""
        sought = {key(word) for leaf in leaves(tree) for word in words_of(leaf)}
        return [self._terms[word] for word in sorted(sought)]

    def _free_words(self, query: Query) -> set[Word]:
        """Words that the query does not insist on: those that are searched by meaning too."""
        musts = query.musts().children
        free = Query(And(tuple(child for child in query.root.children if child not in musts)))
        return set(self._sought(free))

    def _corrected(self, query: Query) -> Query | None:
        """The query with words that are nowhere replaced by near ones, None where no word is near."""
        whole = {word.text for word in self._sought(query) if not word.prefix}
        unknown = {text for text in whole if not self._terms[text].assets}
        spellings = lexicon.spellings(unknown, self._assets) if unknown else {}
        return query.corrected(spellings) if spellings else None
