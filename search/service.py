"""The one entry to search: the reader's string and filters in, a page of moments out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from indexing import flags
from search import folding, ranking, sorting
from search.backends import vectors
from search.backends.base import Lexical, Neighbour
from search.backends.choice import Chosen
from search.filters import Filters
from search.folding import Folded
from search.hits import page_of_hits, whole_hit
from search.keywords import Expanded, expand
from search.meaning import Meaning, MeaningOff, understand
from search.parser import MAX_WORDS, QueryError, parse
from search.query import And, Or, Query
from search.results import Hit, Problem, Results

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

PER_PAGE = 40
COUNTED = 10_000
"""Assets are counted up to here; beyond, `total` is a lower bound."""

LEXICAL_LIMIT = COUNTED - 1
"""One is asked for besides, to know whether there are more; a cluster gives 10,000 at once."""

MEANING_LIMIT = 200
APART = 8
"""So many assets are shown apart where nothing fits."""


def search(
    user: AnyUser,
    text: str,
    filters: Filters | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
    *,
    sort: str = sorting.RELEVANCE,
    fold: bool = False,
) -> Results:
    """One page (from 1) of what the user may see of the answers to a string, narrowed by filters.

    `sort` is a key of sorting.LABELS; with `fold`, hits that look the same stand behind the best of them.
    Without text: the assets that fit the filters, newest first. Never raises for any string or filters;
    Results.errors says what could not be done. The number of SQL queries does not grow with the results.
    """
    request = _asked(user, text, Filters() if filters is None else filters)
    if isinstance(request, Results):
        return request
    page = max(1, page)
    if not text.strip():
        return request.browse(page, per_page, sort)
    return request.answer(page, per_page, sort, fold)


def moments_of(user: AnyUser, text: str, asset_id: int) -> Results:
    """The one hit for that asset with all its moments that answer the string, in order of time; no hit
    where it is none, or not for this user to see."""
    request = _asked(user, text, Filters(), asset_id)
    return request if isinstance(request, Results) else request.whole(asset_id)


def _asked(user: AnyUser, text: str, filters: Filters, asset_id: int | None = None) -> _Request | Results:
    """The request, or Results that say why it is none."""
    if filters.errors:
        return Results(errors=filters.errors)
    try:
        query = parse(text)
    except QueryError as error:
        problem = Problem(str(error), error.position, error.mend)
        return Results(errors=(problem.message,), problem=problem)
    assets = filters.apply(Asset.objects.visible_to(user), user)
    assets = assets if asset_id is None else assets.filter(pk=asset_id)
    expanded = expand(query, user)
    return _Request(expanded.query, filters, assets, Chosen(assets, user), expanded)


@dataclass(frozen=True)
class _Request:
    query: Query
    filters: Filters
    assets: AssetQuerySet
    backend: Chosen
    expanded: Expanded

    def browse(self, page: int, per_page: int, sort: str) -> Results:
        """The assets themselves, newest first unless another order is asked for."""
        total = self.assets.order_by()[: COUNTED + 1].count()
        ordered = sorting.in_order(self.assets, sort).values_list("pk", flat=True)
        ids = list(ordered[(page - 1) * per_page : page * per_page + 1])
        return Results(
            hits=self._hits(ids[:per_page], {}),
            total=min(total, COUNTED),
            total_is_exact=total <= COUNTED,
            page=page,
            next_page=page + 1 if len(ids) > per_page else None,
            notes=self.backend.notes,
        )

    def answer(self, page: int, per_page: int, sort: str, fold: bool) -> Results:
        """Answers by words and by meaning, as one ranking."""
        if not self.query:
            return Results(notes=(f"There are no words to search for in “{self.query.text.strip()[:50]}”.",))
        lexical = self.backend.lexical(self.query, LEXICAL_LIMIT)
        answered = replace(self, query=lexical.query)
        meaning, notes = answered._meaning()
        near = answered._nearest(meaning)
        ids = sorting.sort(self.assets, ranking.fuse([lexical.assets, list(near)]), sort)
        folded = folding.fold(ids) if fold else Folded(ids)
        last = page * per_page
        return Results(
            hits=answered._folded_hits(folded, slice(last - per_page, last), near),
            total=len(ids),
            total_is_exact=lexical.complete,
            page=page,
            next_page=page + 1 if len(folded.front) > last else None,
            corrected=None if lexical.query is self.query else lexical.query.text,
            notes=(*self._limits(), *notes, *self.backend.notes, *_sorted_in_part(sort, lexical)),
            nearest_apart=() if ids else answered._apart(meaning),
            candidates=ids,
        )

    def whole(self, asset_id: int) -> Results:
        """The asset with every moment that answers."""
        answered = replace(self, query=self.backend.lexical(self.query, 1).query)
        near = answered._nearest(answered._meaning()[0])
        hits = whole_hit(self.backend, answered.query, self.assets, asset_id, near.get(asset_id))
        return Results(hits=self.expanded.told(hits), total=len(hits))

    def _meaning(self) -> tuple[Meaning | None, tuple[str, ...]]:
        """What the free words mean, None where there are none, and what there is to say about it."""
        text = self.query.meaning()
        try:
            return (understand(text) if text else None), ()
        except MeaningOff as off:
            return None, (str(off),)

    def _nearest(self, meaning: Meaning | None) -> dict[int, Neighbour]:
        """Assets near in meaning by id, nearest first."""
        if meaning is None:
            return {}
        found = self.backend.nearest(self.query, meaning, MEANING_LIMIT)
        return {neighbour.asset_id: neighbour for neighbour in found}

    def _apart(self, meaning: Meaning | None) -> list[Hit]:
        """What comes nearest where nothing fits: what holds some of the words, what looks most like it."""
        words = tuple(self.query.sought())
        some = Query(And((Or(words),)), self.query.text)
        holding = self.backend.lexical(some, APART).assets if len(words) > 1 else ()
        found = vectors.nearest_apart(meaning, self.assets, APART) if meaning else ()
        near = {neighbour.asset_id: neighbour for neighbour in found}
        return self._hits(ranking.fuse([holding, list(near)])[:APART], near)

    def _limits(self) -> tuple[str, ...]:
        if not self.query.ignored:
            return ()
        return (f"Only the first {MAX_WORDS} words were searched for; {self.query.ignored} were left out.",)

    def _folded_hits(self, folded: Folded, part: slice, near: Mapping[int, Neighbour]) -> list[Hit]:
        """The hits of one page, each with the assets behind it."""
        hits = self._hits(folded.front[part], near)
        behind = [pk for hit in hits for pk in folded.behind.get(hit.asset.pk, ())]
        rows = self.assets.order_by().prefetch_related("renditions").in_bulk(behind) if behind else {}
        flags.mark(rows.values())
        alike = {pk: [rows[each] for each in rest if each in rows] for pk, rest in folded.behind.items()}
        return [replace(hit, alike=alike.get(hit.asset.pk, ())) for hit in hits]

    def _hits(self, ids: Sequence[int], near: Mapping[int, Neighbour]) -> list[Hit]:
        found = page_of_hits(self.backend, self.query, self.filters, self.assets, ids, near)
        return self.expanded.told(found)


def _sorted_in_part(sort: str, lexical: Lexical) -> tuple[str, ...]:
    if sort == sorting.RELEVANCE or lexical.complete:
        return ()
    return (f"Only the best {len(lexical.assets):,} results by relevance were put in this order.",)
