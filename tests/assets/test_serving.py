"""Files are sent whole or in part, cached privately, and never run as part of the site."""

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.urls import reverse

from dam.assets.models import Rendition
from dam.assets.serving import Served, serve
from tests.factories import make_asset, make_library, make_member
from tests.test_storages import object_storage, originals  # noqa: F401
from tests.test_storages import stored as file_in

pytestmark = pytest.mark.django_db

BYTES = bytes(range(256)) * 4


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def viewer(client, library):
    client.force_login(make_member(library))
    return client


def stored(library, name="photograph.jpg", media_type="image/jpeg", **fields):
    asset = make_asset(library, original_name=name, media_type=media_type, size=len(BYTES), **fields)
    asset.original.save(f"{asset.sha256}.bin", ContentFile(BYTES))
    return asset


def original(asset):
    return reverse("original", args=[asset.pk])


def body(response):
    return b"".join(response.streaming_content)


def test_the_whole_file_comes_with_length_tag_and_private_caching(viewer, library):
    asset = stored(library)
    response = viewer.get(original(asset))
    assert (response.status_code, body(response)) == (200, BYTES)
    assert response["Content-Length"] == str(len(BYTES))
    assert response["ETag"] == f'"{asset.sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"].startswith("private")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=1000-", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=5-99999", 5, 1023),
    ],
)
def test_a_part_comes_as_206(viewer, library, asked, first, last):
    response = viewer.get(original(stored(library)), headers={"range": asked})
    assert (response.status_code, body(response)) == (206, BYTES[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000"])
def test_a_part_outside_the_file_is_416_with_the_length(viewer, library, asked):
    response = viewer.get(original(stored(library)), headers={"range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "asked", ["lines=1-2", "bytes=9-3", "bytes=x", "bytes=0-1,5-6", "bytes=" + "9" * 5000 + "-"]
)
def test_a_range_that_is_none_or_several_is_ignored(viewer, library, asked):
    response = viewer.get(original(stored(library)), headers={"range": asked})
    assert (response.status_code, body(response)) == (200, BYTES)


def test_what_the_browser_has_already_is_not_sent_again(viewer, library):
    asset = stored(library)
    response = viewer.get(original(asset), headers={"if-none-match": f'"{asset.sha256}"'})
    assert response.status_code == 304


def test_if_range_sends_the_whole_file_once_the_bytes_have_changed(viewer, library):
    asset = stored(library)
    same = viewer.get(original(asset), headers={"range": "bytes=0-9", "if-range": f'"{asset.sha256}"'})
    other = viewer.get(original(asset), headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)
    assert body(other) == BYTES


@pytest.mark.parametrize(
    "media_type",
    ["image/svg+xml", "text/html", "application/pdf", "application/xhtml+xml", "image/jpeg; x=y"],
)
def test_what_could_hold_a_script_is_only_ever_downloaded(viewer, library, media_type):
    response = viewer.get(original(stored(library, media_type=media_type)))
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_photograph_is_shown_unless_a_download_is_asked_for(viewer, library):
    asset = stored(library)
    assert viewer.get(original(asset))["Content-Disposition"].startswith("inline")
    assert viewer.get(original(asset) + "?download")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    [
        "a\r\nSet-Cookie: x=1.jpg",
        "../../etc/passwd",
        'quo"te.jpg',
        "Äpfel 🍏.jpg",
        "x" * 1000,
        "\u2028",
        "  ",
        "\x00.jpg".replace("\x00", "\x01"),
    ],
)
def test_any_name_makes_a_safe_disposition(viewer, library, name):
    disposition = viewer.get(original(stored(library, name=name)))["Content-Disposition"]
    assert "\n" not in disposition
    assert "\r" not in disposition
    assert "/" not in disposition.replace("utf-8''", "")


def test_renditions_are_served_and_unknown_ones_are_not_found(viewer, library):
    asset = make_asset(library)
    rendition = Rendition(asset=asset, name="thumb-small", media_type="image/webp", size=len(BYTES))
    rendition.file.save("thumb.webp", ContentFile(BYTES))
    found = viewer.get(reverse("rendition", args=[asset.pk, "thumb-small"]))
    assert (found.status_code, body(found)) == (200, BYTES)
    assert "max-age" in found["Cache-Control"]
    assert viewer.get(reverse("rendition", args=[asset.pk, "sprite"])).status_code == 404


def test_a_file_that_the_storage_lost_is_not_found(viewer, library):
    assert viewer.get(original(make_asset(library))).status_code == 404


def test_strangers_get_404_and_the_anonymous_are_asked_to_sign_in(client, library):
    asset = stored(library)
    assert client.get(original(asset)).status_code == 302
    client.force_login(make_member(make_library()))
    assert client.get(original(asset)).status_code == 404


def served(file, size=1024):
    return Served(file=file, name="a.mp4", media_type="video/mp4", size=size, tag="tag")


def test_parts_come_from_a_directory_and_from_object_storage_alike(rf, originals):  # noqa: F811
    file = file_in(originals, originals.save("ab/film.mp4", ContentFile(BYTES)))
    part = serve(rf.get("/", headers={"range": "bytes=100-199"}), served(file))
    assert (part.status_code, body(part)) == (206, BYTES[100:200])
    assert body(serve(rf.get("/"), served(file))) == BYTES
    part.close()


def test_an_empty_and_a_missing_file_are_told_apart_in_every_storage(rf, originals):  # noqa: F811
    empty = file_in(originals, originals.save("ab/empty.mp4", ContentFile(b"")))
    assert body(serve(rf.get("/"), served(empty, size=0))) == b""
    with pytest.raises(Http404):
        serve(rf.get("/"), served(file_in(originals, "no/such.mp4")))
