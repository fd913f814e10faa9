"""What the answers have in common, counted: the values by which a reader may go on narrowing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

SHOWN = 8
"""Values of each facet, the most frequent first."""

LONGEST = 80
"""Characters of a value; longer texts are descriptions, not terms."""

LABELS = {
    "type": "Media",
    "date": "Year",
    "collection": "Collection",
    "person": "Person",
    "object": "Object",
    "place": "Place",
    "speaker": "Speaker",
    "lang": "Language",
    "tag": "Tag",
    "sound": "Sound",
    "genre": "Genre",
}
"""The facets in the order of the page, by the field of the query language that narrows by them."""

KINDS = {
    "person": "person",
    "object": "object",
    "place": "place",
    "speaker": "speaker",
    "keyword": "tag",
    "sound": "sound",
    "genre": "genre",
}
"""The facet of each kind of fact."""

STATEMENT = """
    WITH counted (facet, value, assets) AS (
        SELECT 'type', kind, count(*) FROM assets_asset WHERE id = ANY(%(ids)s) GROUP BY kind
        UNION ALL
        SELECT 'date', extract(year FROM coalesce(taken_at, added_at) AT TIME ZONE 'UTC')::int::text,
               count(*)
        FROM assets_asset WHERE id = ANY(%(ids)s) GROUP BY 2
        UNION ALL
        SELECT 'collection', above::text, count(DISTINCT item.asset_id)
        FROM collections_collectionitem AS item
        JOIN collections_collection AS held ON held.id = item.collection_id
        CROSS JOIN LATERAL unnest(held.lineage) AS above
        WHERE item.asset_id = ANY(%(ids)s) AND held.id = ANY(%(collections)s)
              AND above = ANY(%(collections)s)
        GROUP BY above
        UNION ALL
        SELECT 'lang', lower(split_part(language, '-', 1)), count(DISTINCT asset_id)
        FROM search_momentdocument WHERE asset_id = ANY(%(ids)s) AND language <> '' GROUP BY 2
        UNION ALL
        SELECT facet, min(text), count(DISTINCT asset_id)
        FROM search_momentdocument
        JOIN unnest(%(kinds)s::text[], %(facets)s::text[]) AS of_kind (kind, facet) USING (kind)
        WHERE asset_id = ANY(%(ids)s) AND length(text) <= %(longest)s
        GROUP BY facet, lower(text)
    )
    SELECT facet, value, assets FROM (
        SELECT *, row_number() OVER (PARTITION BY facet ORDER BY assets DESC, value) AS place FROM counted
    ) AS placed WHERE place <= %(shown)s ORDER BY facet, place
"""
"""Reads nothing but the assets of `ids` and the collections of `collections`."""


class Value(NamedTuple):
    """A value as the query language takes it, and how many of the answers have it."""

    value: str
    label: str
    assets: int


@dataclass(frozen=True)
class Facet:
    """A field of the query language and its most frequent values."""

    name: str
    label: str
    values: Sequence[Value]


def facets(asset_ids: Sequence[int], collections: Mapping[int, str]) -> list[Facet]:
    """Facets of those assets, which the reader may see, and of those collections (names by id), which are
    all that the reader may see. One statement. A collection holds what lies in those below it.
    """
    if not asset_ids:
        return []
    found: dict[str, list[Value]] = {name: [] for name in LABELS}
    for name, value, assets in _counted(asset_ids, collections):
        label = collections[int(value)] if name == "collection" else value
        found[name].append(Value(value, label, assets))
    return [Facet(name, LABELS[name], values) for name, values in found.items() if values]


def _counted(asset_ids: Sequence[int], collections: Mapping[int, str]) -> list[tuple[str, str, int]]:
    parameters: dict[str, Any] = {
        "ids": list(asset_ids),
        "collections": list(collections),
        "kinds": list(KINDS),
        "facets": list(KINDS.values()),
        "longest": LONGEST,
        "shown": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        return list(cursor.fetchall())
