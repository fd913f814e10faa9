"""From ranked ids to what a page shows: the assets, their best moments, and the words that matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dam.sharing.access import AssetQuerySet
from indexing import flags
from search import highlight, ranking
from search.backends.base import AssetMoments, Backend, Neighbour
from search.filters import Filters
from search.query import Query
from search.results import Hit, Moment, Piece
from search.words import words

MOMENTS_SHOWN = 3
MOMENTS_READ = 20
"""Moments of an asset among which those that say the same are merged."""
ALL_MOMENTS = 200
"""Moments that are shown of an asset that is opened."""


def page_of_hits(
    backend: Backend,
    query: Query,
    filters: Filters,
    assets: AssetQuerySet,
    ids: Sequence[int],
    near: Mapping[int, Neighbour],
) -> list[Hit]:
    """The assets of those ids, in that order, as far as they are among `assets`."""
    found = backend.moments(query, filters, ids, MOMENTS_READ)
    moments = {pk: _merged(found.get(pk), _likeness(query, near.get(pk))) for pk in ids}
    matched = backend.matched(query, _words_of(moments.values()))
    rows = assets.order_by().prefetch_related("renditions").in_bulk(list(ids))
    flags.mark(rows.values())
    hits = []
    for pk in ids:
        if pk in rows:
            shown = ranking.best_moments(moments[pk].moments, MOMENTS_SHOWN)
            more = moments[pk].count - len(shown)
            hits.append(Hit(rows[pk], [_highlighted(moment, matched) for moment in shown], more))
    return hits


def whole_hit(
    backend: Backend, query: Query, assets: AssetQuerySet, pk: int, near: Neighbour | None
) -> list[Hit]:
    """The asset of that id with its best ALL_MOMENTS moments, in order of time; empty where it is not among
    `assets`. Moments that say the same are all there."""
    found = _merged(backend.moments(query, Filters(), [pk], ALL_MOMENTS).get(pk), _likeness(query, near))
    matched = backend.matched(query, {word for moment in found.moments for word in words(moment.text)})
    rows = assets.order_by().prefetch_related("renditions").in_bulk([pk])
    flags.mark(rows.values())
    ordered = sorted(found.moments, key=lambda moment: (moment.start is not None, moment.start or 0.0))
    shown = [_highlighted(moment, matched) for moment in ordered]
    return [Hit(row, shown, found.count - len(shown)) for row in rows.values()]


def _merged(found: AssetMoments | None, likeness: Moment | None) -> AssetMoments:
    found = found or AssetMoments()
    if likeness is None:
        return found
    return AssetMoments([*found.moments, likeness], found.count + 1)


def _likeness(query: Query, near: Neighbour | None) -> Moment | None:
    if near is None:
        return None
    return Moment(
        asset_id=near.asset_id,
        reason="looks like",
        kind="likeness",
        pieces=(Piece(query.meaning(), False),),
        start=near.start,
        end=near.end,
        score=near.similarity,
    )


def _words_of(found: Iterable[AssetMoments]) -> set[str]:
    shown = (ranking.best_moments(each.moments, MOMENTS_SHOWN) for each in found)
    return {word for moments in shown for moment in moments for word in words(moment.text)}


def _highlighted(moment: Moment, matched: set[str]) -> Moment:
    return replace(moment, pieces=highlight.snippet(moment.text, matched))
