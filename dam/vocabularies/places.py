"""Where assets were taken, for a map: gathered into cells, so that any view has a few points only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from dam.vocabularies.usage import ids_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dam.assets.models import Asset

MOST = 400
"""Points of a view, those of most assets first."""
CELLS = 6
"""Cells along the width of a map tile, of which 2^zoom go around the Earth."""
DEEPEST = 14
DEGREE = 111.195
"""Kilometres of one degree of latitude, on a sphere of the mean radius of GRS 80."""
LISTED = 50

POSITIONS = (
    "fact.kind IN ('position', 'place') AND fact.details ? 'lat' AND fact.status IN ('proposed', 'accepted')"
)
"""Which facts stand somewhere: the condition of the index vocabularies_position but for the status."""
_GATHERED = """
    WITH cell AS MATERIALIZED (
        SELECT floor(at[0] / {size}) AS x, floor(at[1] / {size}) AS y, count(DISTINCT asset_id) AS assets,
               avg(at[0]) AS east, avg(at[1]) AS north, min(asset_id) AS example
        FROM (SELECT fact.asset_id, mediatheque_position(fact.details) AS at
              FROM indexing_annotation AS fact
              WHERE {positions} AND mediatheque_position(fact.details) <@ box(point(%s, %s), point(%s, %s))
                AND fact.asset_id IN ({assets})) AS placed
        GROUP BY 1, 2 ORDER BY assets DESC, 1, 2 LIMIT {most})
    SELECT cell.north, cell.east, cell.assets, coalesce(place.text, '')
    FROM cell LEFT JOIN LATERAL (
        SELECT text FROM indexing_annotation AS fact
        WHERE fact.asset_id = cell.example AND fact.kind = 'place' AND fact.status IN ('proposed', 'accepted')
        ORDER BY fact.status, fact.id LIMIT 1) AS place ON true
    ORDER BY cell.assets DESC, cell.x, cell.y
"""
_NAMED = """
    SELECT fact.text, count(DISTINCT fact.asset_id) AS assets FROM indexing_annotation AS fact
    WHERE fact.kind = 'place' AND fact.status IN ('proposed', 'accepted') AND fact.text <> ''
      AND fact.asset_id IN ({assets})
    GROUP BY fact.text ORDER BY assets DESC, fact.text LIMIT %s OFFSET %s
"""
_OF_ASSET = """
    SELECT DISTINCT at[1], at[0], name FROM (
        SELECT mediatheque_position(fact.details) AS at,
               CASE WHEN fact.kind = 'place' THEN fact.text ELSE '' END AS name
        FROM indexing_annotation AS fact WHERE {positions} AND fact.asset_id = %s) AS placed
    WHERE at IS NOT NULL LIMIT {most}
"""


@dataclass(frozen=True)
class View:
    """What a map shows: degrees, west and south negative, and the zoom, of which 0 is the whole Earth."""

    west: float = -180.0
    south: float = -90.0
    east: float = 180.0
    north: float = 90.0
    zoom: int = 1

    @classmethod
    def of(cls, address: Mapping[str, str]) -> View:
        """The view of an address with west, south, east, north and zoom; else the whole Earth's."""
        whole = cls()
        box = [
            _number(address.get(name, ""), getattr(whole, name))
            for name in ("west", "south", "east", "north")
        ]
        west, south, east, north = box
        zoom = int(_number(address.get("zoom", ""), whole.zoom))
        return cls(
            max(-180, west), max(-90, south), min(180, east), min(90, north), min(max(zoom, 0), DEEPEST)
        )

    @property
    def cell(self) -> float:
        """The side of a cell in degrees."""
        return 360 * 0.5**self.zoom / CELLS


@dataclass(frozen=True)
class Point:
    """Assets of one cell: their mean position in degrees, how many, and a place that one of them names."""

    latitude: float
    longitude: float
    assets: int
    name: str
    search: str


def points(assets: QuerySet[Asset], view: View) -> list[Point]:
    """The assets that were taken within the view, gathered into cells, at most MOST of them. One query."""
    visible, values = ids_of(assets)
    statement = _GATHERED.format(size=view.cell, positions=POSITIONS, assets=visible, most=MOST)
    with connection.cursor() as cursor:
        cursor.execute(statement, [view.west, view.south, view.east, view.north, *values])
        return [_point(view, *row) for row in cursor.fetchall()]


def _point(view: View, north: float, east: float, assets: int, name: str) -> Point:
    kilometres = max(0.1, view.cell * DEGREE)
    search = f"near:{north:.5f},{east:.5f}~{kilometres:.1f}km"
    return Point(round(north, 5), round(east, 5), assets, name, search)


@dataclass(frozen=True)
class Named:
    """A place by name, how many assets name it, and the search that finds them."""

    name: str
    assets: int

    @property
    def search(self) -> str:
        return f'place:"{self.name.replace(chr(34), " ")}"'


def named(assets: QuerySet[Asset], page: int) -> tuple[list[Named], bool]:
    """Places by name, those of most assets first, LISTED a page from 1; and whether there are more."""
    visible, values = ids_of(assets)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(assets=visible), [*values, LISTED + 1, (page - 1) * LISTED])
        found = [Named(*row) for row in cursor.fetchall()]
    return found[:LISTED], len(found) > LISTED


def of_asset(asset: Asset) -> list[dict[str, object]]:
    """Where one asset was taken: {"latitude", "longitude", "name"} each, MOST at most."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ASSET.format(positions=POSITIONS, most=MOST), [asset.pk])
        return [dict(zip(("latitude", "longitude", "name"), row, strict=True)) for row in cursor.fetchall()]


def _number(text: str, default: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return default
    return value if math.isfinite(value) else default
