"""The one entry to search: the reader's string and filters in, a page of moments out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from search import ranking
from search.backends.base import Neighbour
from search.backends.choice import Chosen
from search.filters import Filters
from search.hits import page_of_hits
from search.meaning import MeaningOff, understand
from search.parser import MAX_WORDS, QueryError, parse
from search.query import Query
from search.results import Hit, Results

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

PER_PAGE = 40
LEXICAL_LIMIT = 1000
MEANING_LIMIT = 200
COUNTED = 10_000
"""Assets are counted up to here; beyond, `total` is a lower bound."""


def search(
    user: AnyUser, text: str, filters: Filters | None = None, page: int = 1, per_page: int = PER_PAGE
) -> Results:
    """One page (from 1) of what the user may see of the answers to a string, narrowed by filters.

    Without text: the assets that fit the filters, newest first. Never raises for any string or filters;
    Results.errors says what could not be done. The number of SQL queries does not grow with the results.
    """
    filters = Filters() if filters is None else filters
    if filters.errors:
        return Results(errors=filters.errors)
    try:
        query = parse(text)
    except QueryError as error:
        return Results(errors=(str(error),))
    assets = filters.apply(Asset.objects.visible_to(user), user)
    request = _Request(query, filters, assets, Chosen(assets))
    page = max(1, page)
    return request.answer(page, per_page) if text.strip() else request.browse(page, per_page)


@dataclass(frozen=True)
class _Request:
    query: Query
    filters: Filters
    assets: AssetQuerySet
    backend: Chosen

    def browse(self, page: int, per_page: int) -> Results:
        """The assets themselves, newest first."""
        total = self.assets.order_by()[: COUNTED + 1].count()
        newest = self.assets.order_by("-added_at", "-pk").values_list("pk", flat=True)
        ids = list(newest[(page - 1) * per_page : page * per_page + 1])
        return Results(
            hits=self._hits(ids[:per_page], {}),
            total=min(total, COUNTED),
            total_is_exact=total <= COUNTED,
            page=page,
            next_page=page + 1 if len(ids) > per_page else None,
            notes=self.backend.notes,
        )

    def answer(self, page: int, per_page: int) -> Results:
        """Answers by words and by meaning, as one ranking."""
        if not self.query:
            return Results(notes=(f"There are no words to search for in “{self.query.text.strip()[:50]}”.",))
        lexical = self.backend.lexical(self.query, LEXICAL_LIMIT)
        answered = replace(self, query=lexical.query)
        near, notes = answered._nearest()
        ranked = ranking.fuse([lexical.assets, list(near)])
        return Results(
            hits=answered._hits(ranked[(page - 1) * per_page : page * per_page], near),
            total=len(ranked),
            total_is_exact=lexical.complete,
            page=page,
            next_page=page + 1 if len(ranked) > page * per_page else None,
            corrected=None if lexical.query is self.query else lexical.query.text,
            notes=(*self._limits(), *notes, *self.backend.notes),
        )

    def _nearest(self) -> tuple[Mapping[int, Neighbour], tuple[str, ...]]:
        """Assets near in meaning by id, nearest first, and what there is to say about it."""
        text = self.query.meaning()
        if not text:
            return {}, ()
        try:
            meaning = understand(text)
        except MeaningOff as off:
            return {}, (str(off),)
        found = self.backend.nearest(self.query, meaning, MEANING_LIMIT)
        return {neighbour.asset_id: neighbour for neighbour in found}, ()

    def _limits(self) -> tuple[str, ...]:
        if not self.query.ignored:
            return ()
        return (f"Only the first {MAX_WORDS} words were searched for; {self.query.ignored} were left out.",)

    def _hits(self, ids: Sequence[int], near: Mapping[int, Neighbour]) -> list[Hit]:
        return page_of_hits(self.backend, self.query, self.filters, self.assets, ids, near)
