"""The index is derived here from assets and facts, for any number of assets at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from dam.assets.models import Asset
from search import relevance, sql

BATCH = 500


@dataclass(frozen=True)
class Verification:
    """How many assets were looked at, and which ones had documents that did not fit the facts."""

    checked: int
    repaired: Sequence[int]


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


def rebuild_all() -> int:
    """Derive every document anew, drop words that are nowhere now; returns how many assets there are."""
    count = rebuild(_all_ids())
    prune_vocabulary()
    return count


def verify() -> Verification:
    """Compare the index with the facts, asset by asset, and rebuild what differs."""
    checked, repaired = 0, list[int]()
    for ids in _batches(_all_ids()):
        stale = _stale(ids)
        rebuild(stale)
        checked += len(ids)
        repaired += stale
    prune_vocabulary()
    return Verification(checked, repaired)


def prune_vocabulary() -> None:
    """Drop words that no document holds any more."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PRUNE_WORDS)


def _stale(ids: Sequence[int]) -> list[int]:
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


def _all_ids() -> Iterator[int]:
    return Asset.objects.order_by("pk").values_list("pk", flat=True).iterator()


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        yield batch
