"""Search by example among music: the sections that sound alike, among those that the reader may hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from dam.assets.models import Asset
from indexing.engines.music.musicnn import SPACE
from indexing.models import Embedding
from search.backends.vectors import EF_SEARCH, near
from search.meaning import Meaning
from search.results import Moment, Piece, Results
from search.similar import CANDIDATES, Example, NoExample, hits_of

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

FLOOR = 0.7
"""The cosine from which music resembles the example: see docs/analysers/music.md for how it was chosen."""


def of_asset(asset: Asset, second: float | None = None) -> Example:
    """The section of the asset's music at that second, or nearest to it; without a second the longest.

    Raises NoExample where no music was found in it.
    """
    rows = list(Embedding.objects.filter(asset=asset, space=SPACE, annotation=None).order_by("start"))
    if not rows:
        raise NoExample(f"No music has been found in “{asset}” so far, so nothing can be compared with it.")
    chosen = max(rows, key=_length) if second is None else min(rows, key=lambda row: _away(row, second))
    return Example(SPACE, chosen.vector, chosen.pk)


def _length(row: Embedding) -> float:
    return (row.end or 0.0) - (row.start or 0.0)


def _away(row: Embedding, second: float) -> float:
    """Seconds between a section and a second; 0 within it."""
    return max((row.start or 0.0) - second, second - (row.end or 0.0), 0.0)


def search_by(user: AnyUser, example: Example) -> Results:
    """The assets with sections that sound like the example, most alike first, at most HITS of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL hnsw.iterative_scan = 'relaxed_order'; SET LOCAL hnsw.ef_search = {EF_SEARCH}"
        )
        rows = near(Meaning(example.space, example.vector), Asset.objects.visible_to(user))
        others = rows if example.own is None else rows.exclude(pk=example.own)
        values = others.values_list("asset", F("distance"), "start", "end")[:CANDIDATES]
        moments = [_moment(pk, -distance, start, end) for pk, distance, start, end in values]
    alike = sorted((each for each in moments if each.score >= FLOOR), key=lambda moment: -moment.score)
    hits = hits_of(user, alike)
    return Results(hits=hits, total=len(hits), total_is_exact=len(alike) < CANDIDATES)


def _moment(pk: int, cosine: float, start: float | None, end: float | None) -> Moment:
    return Moment(pk, "sounds like", "music", (Piece("your example", False),), start, end, score=cosine)
