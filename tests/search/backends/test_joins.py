"""Time joins are served by the index on spans, and places by the index on positions."""

from __future__ import annotations

import math

import pytest
from django.db import connection
from django.db.models import Q

from dam.assets.models import Asset
from indexing.models import Annotation
from search import documents
from search.backends import joins, places
from search.models import MomentDocument
from search.query import Near, Relation
from tests.factories import make_asset, make_fact, make_library

FILMS, SECONDS = 5, 400


@pytest.fixture
def films(db: None) -> list[Asset]:
    """Films with a dog in every other second, and a bark in every tenth."""
    library = make_library()
    films = [make_asset(library, kind="video", duration=SECONDS) for _ in range(FILMS)]
    with connection.cursor() as cursor:
        columns = 'asset_id, kind, reason, start, "end", text, language, authority, weight, vector'
        with cursor.copy(f"COPY search_momentdocument ({columns}) FROM STDIN") as copy:
            for film in films:
                for second in range(SECONDS):
                    copy.write_row((film.pk, "object", "seen", second, second + 1, "dog", "", 0, "B", "dog"))
                    copy.write_row(
                        (film.pk, "sound", "heard", second * 10, second * 10 + 1, "bark", "", 0, "B", "bark")
                    )
        cursor.execute("ANALYZE search_momentdocument")
    return films


@pytest.mark.parametrize("relation", [Relation.WHILE, Relation.NOT_WHILE, Relation.WITH])
def test_a_join_is_served_by_the_index_of_spans(films: list[Asset], relation: Relation) -> None:
    condition = joins.in_relation(Q(kind="object"), relation, Q(kind="sound"), 2.0)
    rows = MomentDocument.objects.filter(condition, asset=films[0])
    assert "moment_document_spans" in rows.explain()


def test_a_bounded_then_is_served_by_the_index_of_spans(films: list[Asset]) -> None:
    condition = joins.in_relation(Q(kind="object"), Relation.THEN, Q(kind="sound"), 3.0)
    rows = MomentDocument.objects.filter(condition, asset=films[0])
    assert "moment_document_spans" in rows.explain()
    assert rows.count() == sum(second % 10 >= 6 for second in range(SECONDS))


def test_places_are_looked_up_in_the_index_of_positions(db: None) -> None:
    asset = make_asset()
    make_fact(asset, "position", "Paris", details={"lat": 48.85, "lon": 2.35})
    elsewhere = [
        Annotation(asset=asset, kind="position", source="file", details={"lat": number / 100, "lon": 10.0})
        for number in range(3_000)
    ]
    Annotation.objects.bulk_create(elsewhere)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE indexing_annotation, assets_asset")
    assets = Asset.objects.filter(places.near(Near(48.85, 2.35, 5.0), "pk"))
    assert "search_position" in assets.explain()
    assert list(assets) == [asset]


def test_the_box_around_a_circle_is_as_small_as_can_be() -> None:
    ((west, south, east, north),) = places.boxes(Near(60.0, 10.0, 111.195))
    assert [south, north] == pytest.approx([59.0, 61.0], abs=1e-3)
    width = math.degrees(math.asin(math.sin(math.radians(1)) / math.cos(math.radians(60))))
    assert [west, east] == pytest.approx([10 - width, 10 + width], abs=1e-3)


def test_a_circle_over_the_date_line_has_two_boxes_and_one_over_a_pole_has_all_longitudes() -> None:
    assert len(places.boxes(Near(0.0, 179.9, 50))) == len(places.boxes(Near(0.0, -179.9, 50))) == 2
    ((west, _, east, north),) = places.boxes(Near(89.9, 0.0, 50))
    assert (west, east, north) == (-180.0, 180.0, 90.0)


def test_the_spans_are_rebuilt_with_the_documents(db: None) -> None:
    film = make_asset(kind="video", duration=9)
    for start, end in ((0, 3), (3, 3), (None, None)):
        make_fact(film, "object", "dog", start=start, end=end)
    documents.rebuild([film.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT span::text FROM search_momentdocument WHERE kind = 'object' ORDER BY span")
        assert [span for (span,) in cursor.fetchall()] == ["(,)", "[0,3)", "[3,3]"]
