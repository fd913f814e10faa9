"""Search in PostgreSQL: tsvector for words, pg_trgm for misspellings, pgvector for meaning."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from itertools import groupby

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Left, RowNumber

from dam.sharing.access import AssetQuerySet
from indexing.analysers.contract import Region
from search import ranking
from search.backends import lexicon, vectors
from search.backends.base import AssetMoments, Lexical, Neighbour
from search.backends.translation import condition, leaves, part_of_name, searchable, tsquery, words_of
from search.backends.tsearch import Matches, Rank, Term
from search.filters import Filters
from search.meaning import Meaning
from search.models import AssetDocument, MomentDocument
from search.query import And, Query, Word
from search.results import Moment, Piece

LONGEST_TEXT = 20_000
"""Characters of one fact that a snippet is taken from."""


class PostgresBackend:
    """The backend that every installation has; made anew for each search."""

    def __init__(self, assets: AssetQuerySet) -> None:
        self._assets = assets
        self._terms: dict[str, Term] = {}

    def lexical(self, query: Query, limit: int) -> Lexical:
        found = self._answers(query, limit)
        corrected = None if found.assets else self._corrected(query)
        better = self._answers(corrected, limit) if corrected else found
        return better if better.assets else found

    def nearest(self, query: Query, meaning: Meaning, limit: int) -> list[Neighbour]:
        musts = self._tree(Query(query.musts()))
        if not musts.children:
            return vectors.nearest(meaning, self._assets, limit)
        return vectors.nearest(
            meaning, self._assets.filter(pk__in=self._documents(musts).values("pk")), limit
        )

    def moments(
        self, query: Query, filters: Filters, asset_ids: Collection[int], limit: int
    ) -> Mapping[int, AssetMoments]:
        shares = self._shares(query)
        if filters.object:
            shares.append((Q(kind="object", text__iexact=filters.object), ranking.rarity(ranking.COMMON)))
        if not shares:
            return {}
        rows = _best(MomentDocument.objects.filter(asset__in=asset_ids), shares, limit)
        return {pk: _asset_moments(list(group)) for pk, group in groupby(rows, key=lambda row: row.asset_id)}

    def matched(self, query: Query, words: Collection[str]) -> set[str]:
        sought = [word for leaf in leaves(self._tree(query)) for word in words_of(leaf)]
        lexemes = {lexeme for word in sought for lexeme in self._terms[word.text].lexemes}
        return lexicon.matched(words, lexemes) if lexemes and words else set()

    def _tree(self, query: Query) -> And:
        """What the index can be asked, with its words looked up."""
        missing = {word.text for word in query.words()} - self._terms.keys()
        if missing:
            self._terms.update(lexicon.look_up(missing, self._assets))
        return searchable(query, self._terms)

    def _documents(self, tree: And) -> QuerySet[AssetDocument]:
        visible = self._assets.order_by().values("pk")
        return AssetDocument.objects.filter(condition(tree, self._terms), asset__in=visible)

    def _answers(self, query: Query, limit: int) -> Lexical:
        tree = self._tree(query)
        if not tree.children:
            return Lexical((), query)
        documents = self._documents(tree).annotate(score=self._score(tree)).order_by("-score", "-pk")
        ids = list(documents.values_list("pk", flat=True)[: limit + 1])
        return Lexical(ids[:limit], query, complete=len(ids) <= limit)

    def _score(self, tree: And) -> Combinable:
        """The words' ranks in the document, each weighted by its rarity: the shape of BM25, where a word
        counts by how rare it is and by how often it occurs, levelling off, in a document of what length."""
        sought = {word.text for leaf in leaves(tree) for word in words_of(leaf)}
        terms = [self._terms[word] for word in sorted(sought)]
        ranks: list[Combinable] = [
            Value(ranking.rarity(term.assets)) * Rank("vector", term.tsquery) for term in terms if term.assets
        ]
        return reduce(operator.add, ranks, Value(0.0, output_field=FloatField()))

    def _corrected(self, query: Query) -> Query | None:
        """The query with words that are nowhere replaced by near ones, None where no word is near."""
        sought = [word.text for leaf in leaves(self._tree(query)) for word in words_of(leaf)]
        unknown = {word for word in sought if not self._terms[word].assets}
        spellings = lexicon.spellings(unknown, self._assets) if unknown else {}
        return query.corrected(spellings) if spellings else None

    def _shares(self, query: Query) -> list[tuple[Q, float]]:
        """For each word or phrase sought: when a moment holds it, and what that is worth."""
        shares = []
        for leaf in leaves(self._tree(query)):
            here = Q(Matches("vector", tsquery(leaf, self._terms)))
            if isinstance(leaf, Word) and (part := part_of_name(self._terms[leaf.text])):
                here |= Q(kind__in=("title", "name"), text__icontains=part)
            shares.append(
                (here, sum(ranking.rarity(self._terms[word.text].assets) for word in words_of(leaf)))
            )
        return shares


def _best(
    moments: QuerySet[MomentDocument], shares: list[tuple[Q, float]], limit: int
) -> Iterable[MomentDocument]:
    """The best `limit` moments of each asset: by the share of the query they hold, then by who says so."""
    whole = sum(worth for _, worth in shares)
    held = [Case(When(here, then=Value(worth / whole)), default=Value(0.0)) for here, worth in shares]
    order = [F("score").desc(), F("authority").desc(), F("weight").asc()]
    order += [F("confidence").desc(nulls_last=True), F("start").asc(nulls_first=True), F("pk").asc()]
    return (
        moments.filter(reduce(operator.or_, (here for here, _ in shares)))
        .annotate(score=reduce(operator.add, held), shown=Left("text", LONGEST_TEXT))
        .annotate(
            place=Window(RowNumber(), partition_by="asset", order_by=order),
            count=Window(Count("pk"), partition_by="asset"),
        )
        .filter(place__lte=limit)
        .order_by("asset", "place")
        .defer("vector", "text")
    )


def _asset_moments(rows: list[MomentDocument]) -> AssetMoments:
    moments = [moment_of(row, row.score) for row in rows]  # type: ignore[attr-defined]
    return AssetMoments(moments, rows[0].count)  # type: ignore[attr-defined]


def moment_of(row: MomentDocument, score: float) -> Moment:
    """A row that is annotated with `shown`, the text as far as it is shown."""
    region = None if row.x is None else Region(row.x, row.y, row.w, row.h)  # type: ignore[arg-type]
    return Moment(
        asset_id=row.asset_id,
        reason=row.reason,
        kind=row.kind,
        pieces=(Piece(row.shown, False),),  # type: ignore[attr-defined]
        start=row.start,
        end=row.end,
        region=region,
        annotation_id=row.annotation_id,
        score=score,
    )
