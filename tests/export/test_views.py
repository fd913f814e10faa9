"""Exports give what the reader may see, and only what holds."""

import pytest
from django.urls import reverse
from lxml import etree

from dam.export.formats.alto import NAMESPACE
from indexing.models import Annotation
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db
BOX = {"x": 0.1, "y": 0.1, "w": 0.5, "h": 0.1}


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def viewer(client, library):
    client.force_login(make_member(library))
    return client


def written(asset, text, **fields):
    return make_fact(asset, "text", text, **{**BOX, "confidence": 0.9, **fields})


def contents(response):
    root = etree.fromstring(response.content)
    return [each.get("CONTENT") for each in root.iter(f"{{{NAMESPACE}}}String")]


def test_the_lines_come_in_reading_order_as_a_download(viewer, library):
    asset = make_asset(library, original_name="Plan <1>.jpg")
    written(asset, "second", details={"block": 0, "line": 1})
    first = written(asset, "the first", details={"block": 0, "line": 0})
    for at, word in enumerate(("the", "first")):
        make_fact(asset, "word", word, parent=first, **{**BOX, "x": 0.1 + at / 4, "w": 0.2})
    response = viewer.get(reverse("export", args=[asset.pk, "alto"]))
    assert response.status_code == 200
    assert contents(response) == ["the", "first", "second"]
    assert response["Content-Type"] == "application/xml"
    assert response["Content-Disposition"].startswith("attachment")


def test_rejected_lines_and_codes_are_left_out(viewer, library):
    asset = make_asset(library)
    written(asset, "kept")
    written(asset, "wrong", status=Annotation.Status.REJECTED)
    written(asset, "https://example.org", details={"symbology": "QR"})
    assert contents(viewer.get(reverse("export", args=[asset.pk, "alto"]))) == ["kept"]


def test_what_the_reader_may_not_see_is_not_found(viewer):
    asset = make_asset(make_library())
    written(asset, "secret")
    assert viewer.get(reverse("export", args=[asset.pk, "alto"])).status_code == 404


def test_the_anonymous_are_sent_to_sign_in(client, library):
    assert client.get(reverse("export", args=[make_asset(library).pk, "alto"])).status_code == 302


@pytest.mark.parametrize(("kind", "form"), [("image", "alto"), ("video", "alto"), ("image", "docx")])
def test_a_format_that_does_not_fit_is_not_found(viewer, library, kind, form):
    asset = make_asset(library, kind=kind)
    if kind == "video":
        written(asset, "subtitle", start=0, end=1)
    assert viewer.get(reverse("export", args=[asset.pk, form])).status_code == 404


def test_the_page_shows_a_code_with_a_script_as_text(viewer, library):
    asset = make_asset(library)
    written(asset, "<script>alert('qr')</script>", details={"symbology": "QR"})
    page = viewer.get(asset.get_absolute_url()).content.decode()
    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(&#x27;qr&#x27;)&lt;/script&gt;" in page
