"""The assets of the API."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from dam.assets.models import Asset, Rendition
from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member

pytestmark = pytest.mark.django_db
ASSETS = "/api/assets/"


def at(asset, below=""):
    return f"{ASSETS}{asset.pk}/{below}"


def listed(client, **filters):
    response = client.get(ASSETS, filters)
    assert response.status_code == 200, response.json()
    return [each["id"] for each in response.json()["results"]]


def make_rendition(asset, name="thumb-small"):
    return Rendition.objects.create(
        asset=asset, name=name, file=f"r/{asset.pk}-{name}", media_type="image/webp", size=4
    )


def gather(library, name, *assets, parent=None):
    collection = Collection.objects.create(library=library, name=name, parent=parent)
    for asset in assets:
        CollectionItem.objects.create(collection=collection, asset=asset)
    return collection


def test_nobody_signed_in_is_told_how_to_sign_in():
    response = APIClient().get(ASSETS)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"


def test_members_list_the_newest_first_and_strangers_nothing(library, viewer, stranger):
    first, second = make_asset(library), make_asset(library)
    assert listed(viewer) == [second.pk, first.pk]
    assert listed(stranger) == []


def test_pages_follow_one_another_without_gap_or_repetition(library, viewer):
    made = [make_asset(library).pk for _ in range(7)]
    page = viewer.get(ASSETS, {"page_size": 3}).json()
    seen = [each["id"] for each in page["results"]]
    make_asset(library)
    while page["next"]:
        page = viewer.get(page["next"]).json()
        seen += [each["id"] for each in page["results"]]
    assert seen == made[::-1]


def test_a_page_never_grows_beyond_its_bound(library, viewer):
    Asset.objects.bulk_create(
        Asset(library=library, sha256=f"{number:064}", size=1, original_name="a", kind="image")
        for number in range(205)
    )
    assert len(listed(viewer)) == 50
    assert len(listed(viewer, page_size=200)) == 200
    for size in (0, 201, "many", ""):
        response = viewer.get(ASSETS, {"page_size": size})
        assert response.status_code == 400
        assert set(response.json()) == {"page_size"}


@pytest.mark.parametrize("cursor", ["x", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "%00"])
def test_a_cursor_that_was_made_up_is_no_error_of_the_server(viewer, cursor):
    assert viewer.get(ASSETS, {"cursor": cursor}).status_code in {200, 404}


def test_assets_are_narrowed_by_kind_library_and_date(library, as_user):
    user = make_member(library)
    other = make_library()
    user.memberships.create(library=other)
    client = as_user(user)
    film = make_asset(library, kind="video", taken_at=datetime(1950, 5, 1, tzinfo=UTC))
    photograph = make_asset(other, taken_at=datetime(1960, 5, 1, tzinfo=UTC))
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    assert listed(client, kind="video") == [film.pk]
    assert listed(client, library=other.pk) == [photograph.pk]
    assert listed(client, taken_after="1955-01-01T00:00:00Z") == [photograph.pk]
    assert listed(client, taken_before="1955-01-01T00:00:00Z") == [film.pk]
    assert listed(client, added_after=tomorrow) == []
    assert listed(client, added_before=tomorrow) == [photograph.pk, film.pk]


def test_assets_of_a_collection_are_those_in_it_and_below_it_once(library, viewer):
    inside, below, _ = (make_asset(library) for _ in range(3))
    films = gather(library, "Films", inside)
    gather(library, "1950s", inside, below, parent=films)
    assert listed(viewer, collection=films.pk) == [below.pk, inside.pk]


def test_a_collection_that_one_may_not_see_narrows_to_nothing(library, as_user):
    shared = make_asset(library)
    hidden, own = gather(library, "Hidden", shared), gather(library, "Own", shared)
    client = as_user(make_member(library, collection=own))
    assert listed(client, collection=own.pk) == [shared.pk]
    assert listed(client, collection=hidden.pk) == []


@pytest.mark.parametrize(
    "filters",
    [{"kind": "book"}, {"library": "x"}, {"collection": 0}, {"library": 10**30}, {"taken_after": "soon"}],
)
def test_a_filter_that_cannot_be_read_is_named(viewer, filters):
    response = viewer.get(ASSETS, filters)
    assert response.status_code == 400
    assert set(response.json()) == set(filters)


def test_an_asset_tells_everything_about_itself(library, viewer):
    asset = make_asset(library, technical={"format": "JPEG"}, taken_at=datetime(1950, 5, 1, tzinfo=UTC))
    make_rendition(asset)
    films = gather(library, "Films", asset)
    body = viewer.get(at(asset)).json()
    assert body["technical"] == {"format": "JPEG"}
    assert body["collections"] == [{"id": films.pk, "name": "Films"}]
    assert body["renditions"][0]["url"] == f"http://testserver/api/assets/{asset.pk}/renditions/thumb-small/"
    assert (body["sha256"], body["taken_at"]) == (asset.sha256, "1950-05-01T00:00:00Z")


def test_an_asset_does_not_tell_of_collections_that_one_may_not_see(library, as_user):
    asset = make_asset(library)
    own = gather(library, "Own", asset)
    gather(library, "Hidden", asset)
    client = as_user(make_member(library, collection=own))
    assert [each["name"] for each in client.get(at(asset)).json()["collections"]] == ["Own"]


@pytest.mark.parametrize("below", ["", "annotations/", "renditions/", "original/", "progress/"])
def test_strangers_find_nothing_and_trashed_assets_are_gone(library, viewer, stranger, below):
    asset = make_asset(library)
    assert stranger.get(at(asset, below)).status_code == 404
    Asset.objects.filter(pk=asset.pk).update(trashed_at=timezone.now())
    assert viewer.get(at(asset, below)).status_code == 404


def test_the_original_and_a_rendition_are_served_as_stored(library, viewer):
    asset = make_asset(library, size=8)
    asset.original.save("o.jpg", ContentFile(b"original"))
    rendition = make_rendition(asset)
    rendition.file.save("r.webp", ContentFile(b"webp"))
    original = viewer.get(at(asset, "original/"), HTTP_ACCEPT="image/*", HTTP_RANGE="bytes=0-3")
    served = viewer.get(at(asset, "renditions/thumb-small/"))
    assert (original.status_code, b"".join(original.streaming_content)) == (206, b"orig")
    assert original["Content-Disposition"].startswith("attachment")
    assert (served["Content-Type"], b"".join(served.streaming_content)) == ("image/webp", b"webp")
    assert viewer.get(at(asset, "renditions/poster/")).status_code == 404


def test_the_renditions_are_listed(library, viewer):
    asset = make_asset(library)
    for name in ("thumb-small", "thumb-large"):
        make_rendition(asset, name)
    body = viewer.get(at(asset, "renditions/")).json()
    assert [each["name"] for each in body["results"]] == ["thumb-small", "thumb-large"]


@pytest.mark.parametrize("role", Role.values)
def test_only_archivists_change_the_title(library, as_user, role):
    asset = make_asset(library, title="Old")
    response = as_user(make_member(library, role)).patch(at(asset), {"title": "New"}, format="json")
    asset.refresh_from_db()
    allowed = role >= Role.ARCHIVIST
    assert response.status_code == (200 if allowed else 403)
    assert asset.title == ("New" if allowed else "Old")


def test_nothing_but_the_title_can_be_changed(library, archivist):
    asset = make_asset(library)
    change = {"title": "New", "sha256": "0" * 64, "library": make_library().pk, "original_name": "x"}
    archivist.patch(at(asset), change, format="json")
    kept = Asset.objects.get(pk=asset.pk)
    assert (kept.sha256, kept.library, kept.original_name) == (asset.sha256, library, asset.original_name)


@pytest.mark.parametrize("title", ["x" * 501, "a\x00b", "\ud800", 5 * ["x"]])
def test_a_title_that_cannot_be_stored_is_refused(library, archivist, title):
    asset = make_asset(library, title="Old")
    response = archivist.patch(at(asset), json.dumps({"title": title}), content_type="application/json")
    assert response.status_code == 400
    assert set(response.json()) == {"title"}


def test_the_trash_takes_an_asset_and_gives_it_back(library, archivist, viewer, stranger):
    asset = make_asset(library)
    assert viewer.delete(at(asset)).status_code == 403
    assert stranger.delete(at(asset)).status_code == 404
    assert archivist.delete(at(asset)).status_code == 204
    assert listed(viewer) == []
    assert [each["id"] for each in archivist.get("/api/trash/").json()["results"]] == [asset.pk]
    restore = f"/api/trash/{asset.pk}/restore/"
    assert viewer.get("/api/trash/").json()["results"] == []
    assert viewer.post(restore).status_code == stranger.post(restore).status_code == 404
    assert archivist.post(restore).status_code == 204
    assert listed(viewer) == [asset.pk]
    assert archivist.post(restore).status_code == 404


def test_the_list_takes_as_many_queries_for_many_assets_as_for_one(library, viewer):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            assert viewer.get(ASSETS).status_code == 200
        return len(taken)

    make_rendition(make_asset(library))
    few = queries()
    for _ in range(10):
        make_rendition(make_asset(library))
    assert queries() == few <= 4


def test_the_progress_of_an_asset_names_each_analyser_that_applies(library, viewer):
    from indexing.progress import asset_progress

    asset = make_asset(library)
    body = viewer.get(at(asset, "progress/")).json()
    assert [each["analyser"] for each in body["analysers"]] == [
        each.analyser for each in asset_progress(asset)
    ]


def test_addresses_stay_what_clients_were_told():
    assert reverse("api:asset-detail", args=[7]) == "/api/assets/7/"
    assert reverse("api:annotation-review", args=[7, 8]) == "/api/assets/7/annotations/8/review/"


def test_an_address_that_does_not_exist_is_refused_in_json(viewer):
    response = viewer.get("/api/assets/first\n/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
