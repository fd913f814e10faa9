"""The index is derived here from assets and facts, for any number of assets at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from dam.assets.models import Asset
from search import relevance, sql

BATCH = 500

Told = Callable[[int, int], None]
"""Called after each batch with how many assets are done, and the id of the last of them."""


@dataclass(frozen=True)
class Extent:
    """Which assets a long work is about: those of one library, or all, with ids above `after`."""

    library: int | None = None
    after: int = 0

    @property
    def is_everything(self) -> bool:
        return self.library is None and self.after == 0

    def batches(self) -> Iterator[list[int]]:
        """The ids in rising order, read anew for each batch: what comes in meanwhile is among them."""
        assets = Asset.objects.order_by("pk")
        chosen = assets if self.library is None else assets.filter(library=self.library)
        last = self.after
        while ids := list(chosen.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            yield ids
            last = ids[-1]


EVERYTHING = Extent()


@dataclass(frozen=True)
class Verification:
    """How many assets were looked at, and which ones had documents that did not fit the facts."""

    checked: int
    differing: Sequence[int]


def rebuild(asset_ids: Iterable[int]) -> int:
    """Derive the documents of those assets anew; returns how many assets were given.

    Idempotent, and safe beside another rebuild of the same assets: each batch holds its assets' rows.
    Ids of assets that are no more are passed over.
    """
    count = 0
    for ids in _batches(sorted(set(asset_ids))):
        with transaction.atomic():
            _run(ids, sql.LOCK_ASSETS, sql.DELETE_MOMENTS, sql.INSERT_MOMENTS)
            _run(ids, sql.UPSERT_DOCUMENTS, sql.INSERT_WORDS)
        count += len(ids)
    return count


def rebuild_all(extent: Extent = EVERYTHING, told: Told | None = None) -> int:
    """Derive every document anew, drop words that are nowhere now; returns how many assets there are."""
    count = 0
    for ids in extent.batches():
        count += rebuild(ids)
        if told:
            told(count, ids[-1])
    prune_vocabulary()
    return count


def verify(extent: Extent = EVERYTHING, told: Told | None = None, *, repair: bool = True) -> Verification:
    """Compare the index with the facts, asset by asset, and rebuild what differs unless told not to."""
    checked, differing = 0, list[int]()
    for ids in extent.batches():
        different = stale(ids)
        if repair:
            rebuild(different)
        checked += len(ids)
        differing += different
        if told:
            told(checked, ids[-1])
    if repair:
        prune_vocabulary()
    return Verification(checked, differing)


def prune_vocabulary() -> None:
    """Drop words that no document holds any more."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PRUNE_WORDS)


def stale(ids: Sequence[int]) -> list[int]:
    """Those of the assets whose documents do not fit their facts."""
    found: set[int] = set()
    for statement in (sql.STALE_MOMENTS, sql.STALE_DOCUMENTS):
        with connection.cursor() as cursor:
            cursor.execute(statement, _parameters(ids))
            found.update(asset_id for (asset_id,) in cursor.fetchall())
    return sorted(found)


def _run(ids: Sequence[int], *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, _parameters(ids))


def _parameters(ids: Sequence[int]) -> dict[str, Any]:
    return {"ids": list(ids), **relevance.table()}


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        yield batch
