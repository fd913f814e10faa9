"""Where assets were taken: gathered for any view, by name beside it, and for one asset."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import reverse

from dam.assets.models import Asset
from dam.sharing.models import Role
from dam.vocabularies import places
from dam.vocabularies.places import View
from search import documents, service
from search.meaning import MeaningOff
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db

HAMBURG, LISBON = (53.55, 9.99), (38.72, -9.14)


def taken(library, place, name="", **fields):
    asset = make_asset(library)
    make_fact(asset, "position", "", details={"lat": place[0], "lon": place[1]}, **fields)
    if name:
        make_fact(asset, "place", name)
    return asset


@pytest.fixture
def viewer(library, client):
    user = make_member(library, Role.VIEWER)
    client.force_login(user)
    return user


def points(client, **view):
    return client.get(reverse("map-points"), view).json()["points"]


def test_what_lies_together_is_one_point(client, viewer, library):
    for step in range(3):
        taken(library, (HAMBURG[0] + step / 1000, HAMBURG[1]), "Hamburg, Germany")
    taken(library, LISBON)
    found = points(client, zoom=4)
    assert [(each["assets"], each["name"]) for each in found] == [(3, "Hamburg, Germany"), (1, "")]
    assert found[0]["latitude"] == pytest.approx(53.551)
    assert found[0]["search"].startswith("near:53.551")


def test_nearer_there_are_more_points_and_only_those_within_the_view(client, viewer, library):
    taken(library, HAMBURG)
    taken(library, (53.60, 10.20))
    taken(library, LISBON)
    near = {"west": 9, "south": 53, "east": 11, "north": 54}
    assert len(points(client, **near, zoom=3)) == 1
    assert len(points(client, **near, zoom=12)) == 2


def test_a_film_with_many_positions_is_one_file(client, viewer, library):
    film = make_asset(library, kind="video")
    for second in range(5):
        make_fact(film, "position", "", start=second, end=second, details={"lat": 53.5, "lon": 9.9})
    assert [each["assets"] for each in points(client, zoom=5)] == [1]


def test_places_that_people_wrote_down_count_where_they_have_coordinates(client, viewer, library):
    asset = make_asset(library)
    make_fact(
        asset, "place", "Altona", source="person", status="accepted", details={"lat": 53.55, "lon": 9.93}
    )
    make_fact(make_asset(library), "place", "Somewhere")
    assert [(each["assets"], each["name"]) for each in points(client, zoom=5)] == [(1, "Altona")]


def test_rejected_hidden_and_impossible_positions_are_not_shown(client, viewer, library):
    taken(library, HAMBURG, status="rejected")
    taken(make_library(), LISBON, "Lisbon")
    taken(library, (0, 0))
    taken(library, (95, 10))
    assert points(client) == []
    assert "Lisbon" not in client.get(reverse("place-map")).content.decode()


@pytest.mark.parametrize(
    "view",
    [{"zoom": "x", "west": "nan"}, {"zoom": 99, "east": "inf"}, {"west": -999, "north": 999}, {"zoom": -1}],
)
def test_odd_views_are_answered(client, viewer, library, view):
    taken(library, HAMBURG)
    assert len(points(client, **view)) == 1


def test_a_point_leads_to_a_search_that_finds_all_of_it(viewer, library, monkeypatch):
    def off(text):
        raise MeaningOff("off")

    monkeypatch.setattr(service, "understand", off)
    assets = [taken(library, (HAMBURG[0] + step / 50, HAMBURG[1])) for step in range(4)]
    documents.rebuild([asset.pk for asset in assets])
    (point,) = places.points(Asset.objects.visible_to(viewer), View(zoom=6))
    hits = service.search(viewer, point.search).hits
    assert {hit.asset.pk for hit in hits} == {asset.pk for asset in assets}


def test_no_view_has_more_points_than_it_may_have(viewer, library, monkeypatch):
    monkeypatch.setattr(places, "MOST", 2)
    for north in (10, 30, 50):
        taken(library, (north, 10))
    assert len(places.points(Asset.objects.visible_to(viewer), View(zoom=8))) == 2


def test_the_page_lists_places_by_name_with_counts(client, viewer, library, django_assert_max_num_queries):
    for _ in range(2):
        taken(library, HAMBURG, "Hamburg, Germany")
    taken(library, LISBON, 'The "Baixa"')
    with django_assert_max_num_queries(10):
        page = client.get(reverse("place-map")).content.decode()
    assert page.index("2 files") < page.index("1 file<")
    assert "place%3A%22The%20%20Baixa%20%22" in page


def test_without_places_the_page_says_where_they_come_from(client, viewer):
    assert "No places are known yet" in client.get(reverse("place-map")).content.decode()


def test_an_asset_shows_where_it_was_taken_in_words_too(library):
    template = Template("{% include 'vocabularies/asset_map.html' %}")
    shown = template.render(Context({"asset": taken(library, HAMBURG)}))
    assert "53.55000, 9.99000" in shown
    assert "near:53.55000,9.99000~5km" in shown
    assert template.render(Context({"asset": make_asset(library)})).strip() == ""
