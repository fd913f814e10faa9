"""Positions become names of places, without asking anybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dam.assets.embedded import read_embedded
from indexing.analysers.contract import EVERYWHERE, Context, Finding, Place
from indexing.analysers.places import Places
from tests.indexing.analysers.made_media import MadeMedia


def at(lat: object, lon: object, place: Place = EVERYWHERE) -> Finding:
    return Finding("position", f"{lat}, {lon}", place=place, details={"lat": lat, "lon": lon})


def named(*positions: Finding) -> list[Finding]:
    context = Context(lambda name: Path(), lambda kind: positions if kind == "position" else ())
    return list(Places().analyse(MadeMedia("image"), context))


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (48.8584, 2.2945, "Paris, Île-de-France, France"),  # nearer to the middle of a suburb
        (48.8638, 2.4485, "Montreuil, Île-de-France, France"),
        (-33.8568, 151.2153, "Sydney, New South Wales, Australia"),
        (78.2200, 15.6000, "Longyearbyen, Svalbard, Svalbard and Jan Mayen"),
        (63.0600, -179.9500, "Chukotka, Russian Federation"),  # the nearest town lies beyond the date line
    ],
)
def test_a_position_has_the_name_of_its_city(lat: float, lon: float, name: str) -> None:
    (place,) = named(at(lat, lon))
    assert (place.kind, place.text) == ("place", name)
    assert place.details["source"] == "GeoNames"


def test_the_parts_of_the_name_are_told_apart() -> None:
    (place,) = named(at(45.434, 12.338))
    assert {key: place.details[key] for key in ("city", "region", "country", "country_code")} == {
        "city": "Venice",
        "region": "Veneto",
        "country": "Italy",
        "country_code": "IT",
    }
    assert 0.0 <= place.details["distance_km"] < 2.0


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (0, 0),
        (0.0, -150.0),
        (35.0, -45.0),
        (91.0, 10.0),
        (10.0, 200.0),
        ("48", "2"),
        (None, None),
        (float("nan"), 2.0),
    ],
)
def test_the_sea_and_what_is_no_position_have_no_name(lat: object, lon: object) -> None:
    assert named(at(lat, lon)) == []


def test_far_from_a_town_only_the_region_is_said() -> None:
    (place,) = named(at(66.5, 25.0))
    assert 10 < place.details["distance_km"] <= 50
    assert place.details["city"] == ""
    assert place.text == "Lapland, Finland"


def test_a_journey_is_told_in_stretches() -> None:
    found = named(
        at(48.8606, 2.3376, Place(0.0, 5.0)),
        at(48.8584, 2.2945, Place(5.0, 9.0)),
        at(45.434, 12.338, Place(9.0, 12.0)),
    )
    assert [(f.text.split(",")[0], f.place) for f in found] == [
        ("Paris", Place(0.0, 9.0)),
        ("Venice", Place(9.0, 12.0)),
    ]


def test_a_photograph_with_a_real_position(shared: Callable[..., Path]) -> None:
    path = shared("media", "metadata_exif", "jpg__gps__DSCN0025.jpg")
    positions = [fact for fact in read_embedded(path).findings if fact.kind == "position"]
    assert [place.text for place in named(*positions)] == ["Arezzo, Tuscany, Italy"]
