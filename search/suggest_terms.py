"""Terms that can be suggested: gathered from the index, told to whoever may see an asset that has them."""

# ruff: noqa: S608  (only constants and compiled querysets are put together)

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from dam.assets.models import Asset
from dam.sharing.access import libraries_for
from search.models import MomentDocument
from search.statements import ids_of

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

LANGUAGES = "lang"
SHORT = (
    "length(moment.text) <= 80 AND moment.kind NOT IN ('speech', 'text', 'caption', 'description', "
    "'narration', 'translation', 'chapter', 'mention', 'name', 'title')"
)
"""Which moments are terms: the condition of the index search_moment_term, word for word."""
CANDIDATES = 25
COUNTED = 50
"""Assets of a term are counted up to here; terms with as many or more keep the order of their libraries."""
LOOKED_AT = 1_000
"""Assets of a term, the oldest first, among which those are looked for that the reader may see."""
SIMILARITY = 0.4
SHARE = 0.05
"""The share of its time for which gathering may keep the database busy."""

REFRESH = f"""
    WITH fresh AS MATERIALIZED (
        SELECT asset.library_id, moment.kind, upper(moment.text) AS form, min(moment.text) AS text,
               count(DISTINCT moment.asset_id) AS assets
        FROM search_momentdocument AS moment JOIN assets_asset AS asset ON asset.id = moment.asset_id
        WHERE {SHORT} AND asset.trashed_at IS NULL GROUP BY 1, 2, 3
        UNION ALL
        SELECT asset.library_id, '{LANGUAGES}', upper(moment.language), min(moment.language),
               count(DISTINCT moment.asset_id)
        FROM search_momentdocument AS moment JOIN assets_asset AS asset ON asset.id = moment.asset_id
        WHERE moment.language <> '' AND asset.trashed_at IS NULL GROUP BY 1, 2, 3
    ), gone AS (
        DELETE FROM search_term AS known WHERE NOT EXISTS (
            SELECT FROM fresh WHERE (fresh.library_id, fresh.kind, fresh.form)
                                  = (known.library_id, known.kind, known.form)))
    INSERT INTO search_term (library_id, kind, form, text, plain, assets)
    SELECT library_id, kind, form, text, lower(unaccent(text)), assets FROM fresh
    ON CONFLICT (library_id, kind, form) DO UPDATE
        SET text = excluded.text, plain = excluded.plain, assets = excluded.assets
        WHERE (search_term.text, search_term.assets) IS DISTINCT FROM (excluded.text, excluded.assets)
"""
FORGET = f"""
    DELETE FROM search_term AS term WHERE kind IN ('person', 'speaker') AND NOT EXISTS (
        SELECT FROM search_momentdocument AS moment JOIN assets_asset AS asset ON asset.id = moment.asset_id
        WHERE moment.kind = term.kind AND upper(moment.text) = term.form AND {SHORT}
          AND asset.library_id = term.library_id)
"""

_FOUND = """
    WITH candidate AS MATERIALIZED (
        SELECT kind, form, min(text) AS text, sum(assets) AS assets, max({nearness}) AS near
        FROM search_term
        WHERE library_id IN ({libraries}) AND kind = ANY(%s) AND {condition}
        GROUP BY kind, form ORDER BY near DESC, assets DESC, form LIMIT {candidates})
    SELECT text, kind, seen FROM candidate CROSS JOIN LATERAL (
        SELECT count(*) AS seen FROM (
            SELECT FROM (
                (SELECT DISTINCT asset_id FROM search_momentdocument AS moment
                 WHERE candidate.kind <> '{languages}' AND moment.kind = candidate.kind
                   AND upper(moment.text) = candidate.form AND {short} ORDER BY asset_id LIMIT {looked_at})
                UNION ALL
                (SELECT DISTINCT asset_id FROM search_momentdocument AS moment
                 WHERE candidate.kind = '{languages}' AND moment.language = candidate.text
                   AND moment.language <> '' ORDER BY asset_id LIMIT {looked_at})) AS holding
            WHERE EXISTS (SELECT FROM ({assets}) AS visible (pk) WHERE visible.pk = holding.asset_id OFFSET 0)
            LIMIT {counted}) AS capped) AS counted
    WHERE seen > 0 ORDER BY near DESC, seen DESC, assets DESC, form LIMIT %s
"""
"""OFFSET 0 has PostgreSQL ask about one asset at a time, instead of first listing all that may be seen."""


@dataclass(frozen=True)
class Found:
    """A term, the kind of its facts, and how many assets the reader may see have it, up to COUNTED."""

    text: str
    kind: str
    assets: int


def beginning(user: AnyUser, kinds: Collection[str], typed: str, limit: int) -> list[Found]:
    """Terms of those kinds of which a word begins as typed, those that begin so themselves first, then
    those of most assets. Case and accents do not matter; everything begins with nothing."""
    start, inside = f"{_escaped(typed)}%", f"% {_escaped(typed)}%"
    nearness = "CASE WHEN plain LIKE lower(unaccent(%s)) THEN 1 ELSE 0 END"
    condition = "(plain LIKE lower(unaccent(%s)) OR plain LIKE lower(unaccent(%s)))"
    return _found(user, kinds, nearness, [start], condition, [start, inside], limit)


def resembling(user: AnyUser, kinds: Collection[str], typed: str, limit: int) -> list[Found]:
    """Terms of those kinds that share trigrams with what was typed, the likest first."""
    likeness = "similarity(plain, lower(unaccent(%s)))"
    condition = f"plain %% lower(unaccent(%s)) AND {likeness} >= {SIMILARITY}"
    return _found(user, kinds, likeness, [typed], condition, [typed, typed], limit)


def _found(
    user: AnyUser,
    kinds: Collection[str],
    nearness: str,
    nearness_values: Sequence[str],
    condition: str,
    condition_values: Sequence[str],
    limit: int,
) -> list[Found]:
    libraries, of_libraries = ids_of(libraries_for(user))
    assets, of_assets = ids_of(Asset.objects.visible_to(user))
    statement = _FOUND.format(
        nearness=nearness,
        condition=condition,
        libraries=libraries,
        assets=assets,
        short=SHORT,
        languages=LANGUAGES,
        candidates=CANDIDATES,
        counted=COUNTED,
        looked_at=LOOKED_AT,
    )
    values = [*nearness_values, *of_libraries, sorted(kinds), *condition_values, *of_assets, limit]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(statement, values)
        return [Found(text, kind, seen) for text, kind, seen in cursor.fetchall()]


def _escaped(typed: str) -> str:
    """What was typed, so that LIKE takes every character for itself."""
    return typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def refresh() -> None:
    """Gather the terms anew. Nobody waits for it: until it ends the earlier ones are there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REFRESH)


def forget_lost() -> None:
    """Drop names of persons and speakers that no fact of their library holds any more."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)


_newest: int | None = None
_rested_until = float("-inf")


def look() -> bool:
    """Gather the terms where the index has changed, and not so often that it would be felt. Returns whether
    it did."""
    global _newest, _rested_until
    if time.monotonic() < _rested_until:
        return False
    newest = MomentDocument.objects.aggregate(newest=Max("pk"))["newest"]
    if newest == _newest:
        return False
    began = time.monotonic()
    refresh()
    took = time.monotonic() - began
    _newest, _rested_until = newest, time.monotonic() + took / SHARE
    return True
