"""What search engines are told: a sitemap that the schemas accept, and where robots may go."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from dam.rights import mining, sitemaps
from dam.rights.models import AssetRights
from tests.factories import make_asset, make_fact
from tests.rights.conftest import give

pytestmark = pytest.mark.django_db
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
}
BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def library(library):
    library.public = True
    library.save()
    return library


def published(library, **fields):
    rights = {name: fields.pop(name) for name in ("mining", "usage_ends", "statement") if name in fields}
    asset = make_asset(library, **fields)
    AssetRights.objects.create(asset=asset, published_at=timezone.now(), **rights)
    give(asset, "thumb-large")
    return asset


def film(library, **fields):
    asset = published(library, kind="video", media_type="video/mp4", **{"duration": 9.4, **fields})
    give(asset, "proxy", b"playable", "video/mp4", width=640, height=360)
    return asset


def sitemap(query=""):
    response = Client().get(f"/sitemap.xml{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    return etree.parse(BytesIO(response.content))


def test_pictures_and_films_are_listed(library):
    picture = published(library, title="Lighthouse <1931> & sea", statement=BY)
    moving = film(library, title="Ferry")
    tree = sitemap()
    assert tree.xpath("//s:loc/text()", namespaces=SPACES) == [
        f"http://testserver/p/{picture.pk}-lighthouse-1931-sea/",
        f"http://testserver/p/{moving.pk}-ferry/",
    ]
    assert tree.xpath("string(//image:title)", namespaces=SPACES) == "Lighthouse <1931> & sea"
    assert tree.xpath("string(//image:license)", namespaces=SPACES) == BY
    assert tree.xpath("string(//video:content_loc)", namespaces=SPACES).endswith(f"/p/{moving.pk}/proxy")
    assert tree.xpath("string(//video:duration)", namespaces=SPACES) == "9"


def test_the_schemas_accept_it_whatever_the_texts_are(library, shared):
    schema = shared("standards", "video-sitemap", "all.xsd")
    text = "control \x0b and \ufffe characters <&> " + "long " * 900
    moving = film(library, title=text[:400], duration=40_000.0, usage_ends=timezone.localdate(), statement=BY)
    for asset in (moving, published(library, title="Маяк")):
        make_fact(asset, "description", text, source="person", status="accepted")
        for number in range(40):
            make_fact(asset, "keyword", f"tag {number}", source="person", status="accepted")
    film(library, duration=None)
    parser = etree.XMLParser(no_network=True)
    accepts = etree.XMLSchema(etree.parse(str(schema), parser))
    accepts.assertValid(sitemap())


def test_what_no_search_engine_may_index_is_left_out(library):
    published(library, mining=f"{mining.VOCABULARY}DMI-PROHIBITED")
    assert Client().get("/sitemap.xml").status_code == 404
    kept = published(library, mining=f"{mining.VOCABULARY}DMI-PROHIBITED-AIMLTRAINING")
    (found,) = sitemap().xpath("//s:loc/text()", namespaces=SPACES)
    assert f"/p/{kept.pk}-" in found


def test_a_film_that_cannot_be_played_yet_is_listed_without_it(library):
    published(library, kind="video", media_type="video/mp4")
    assert sitemap().xpath("count(//video:video)", namespaces=SPACES) == 0


def test_it_has_pages_and_robots_are_told_of_each(library, monkeypatch):
    monkeypatch.setattr(sitemaps.PublicPages, "limit", 2)
    for _ in range(3):
        published(library)
    assert len(sitemap().getroot()) == 2
    assert len(sitemap("?p=2").getroot()) == 1
    assert Client().get("/sitemap.xml?p=3").status_code == 404
    assert Client().get("/sitemap.xml?p=x").status_code == 404
    told = Client().get("/robots.txt").content.decode()
    assert told.splitlines()[-2:] == [
        "Sitemap: http://testserver/sitemap.xml",
        "Sitemap: http://testserver/sitemap.xml?p=2",
    ]


def test_queries_do_not_grow_with_pages(library, django_assert_max_num_queries):
    for _ in range(12):
        published(library)
    with django_assert_max_num_queries(12):
        assert len(sitemap().getroot()) == 12


def test_robots_read_public_pages_and_nothing_else():
    response = Client().get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Allow: /p/" in lines
    assert lines[-1] == "Disallow: /"
