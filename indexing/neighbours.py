"""The nearest stored vectors of many at once, among the assets that somebody may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from dam.sharing.access import AssetQuerySet

EF_SEARCH = 40
"""How many neighbours HNSW keeps in hand: pgvector's default."""

_NEAREST = """
    SELECT probe.number - 1, near.asset_id, near.start, near."end", near.product
    FROM unnest(%s::text[]) WITH ORDINALITY AS probe (vector, number)
    CROSS JOIN LATERAL (
        SELECT asset_id, start, "end",
               -(vector::vector({n}) <#> probe.vector::vector({n})) AS product
        FROM indexing_embedding
        WHERE space = %s AND annotation_id IS NULL AND asset_id IN ({assets})
        ORDER BY vector::vector({n}) <#> probe.vector::vector({n}) LIMIT %s) AS near
    WHERE near.product >= %s
"""
"""The order is written as the index of indexing.spaces has it, so that it serves every probe."""


class Match(NamedTuple):
    """A stored vector near the probe of that number: its asset, its span in seconds, the inner product."""

    probe: int
    asset_id: int
    start: float | None
    end: float | None
    product: float


def neighbours(
    probes: Sequence[np.ndarray], space: str, assets: AssetQuerySet, least: float, each: int
) -> list[Match]:
    """For each probe, a unit vector, at most `each` vectors of those assets whose inner product with it is at
    least `least`. One query, whatever the number of probes."""
    if not len(probes):
        return []
    visible, parameters = _ids(assets)
    statement = _NEAREST.format(n=len(probes[0]), assets=visible)
    written = [f"[{','.join(f'{value:.8g}' for value in probe)}]" for probe in probes]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL hnsw.iterative_scan = 'relaxed_order'; SET LOCAL hnsw.ef_search = {EF_SEARCH}"
        )
        cursor.execute(statement, [written, space, *parameters, each, least])
        return [Match(*row) for row in cursor.fetchall()]


def _ids(assets: AssetQuerySet) -> tuple[str, Sequence[Any]]:
    """The assets' ids as a compiled subquery and its parameters."""
    try:
        statement, parameters = assets.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()
    return statement, tuple(parameters)
