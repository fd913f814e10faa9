"""The order of a collection, and smart collections, in the API."""

import pytest

from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import Role
from tests.factories import make_asset, make_member

pytestmark = pytest.mark.django_db
COLLECTIONS = "/api/collections/"


@pytest.fixture
def films(library):
    made = Collection.objects.create(library=library, name="Films")
    for title in "abc":
        CollectionItem.objects.create(collection=made, asset=make_asset(library, title=title))
    return made


def order(client, collection, **body):
    return client.post(f"{COLLECTIONS}{collection.pk}/order/", body, format="json")


def of(title):
    return CollectionItem.objects.get(asset__title=title).asset_id


def titles(collection):
    return "".join(collection.items.values_list("asset__title", flat=True))


def test_an_asset_is_moved_in_front_of_another_or_to_the_end(archivist, films):
    assert order(archivist, films, asset=of("c"), before=of("a")).status_code == 204
    assert titles(films) == "cab"
    assert order(archivist, films, asset=of("c"), before=None).status_code == 204
    assert titles(films) == "abc"
    assert archivist.get(f"{COLLECTIONS}{films.pk}/").json()["ordering"] == "hand"


@pytest.mark.parametrize("body", [{}, {"asset": "x", "before": None}, {"asset": 999999, "before": None}])
def test_a_move_that_cannot_be_read_or_made_is_refused(archivist, films, body):
    assert order(archivist, films, **body).status_code == 400
    assert titles(films) == "abc"


def test_nobody_below_archivist_changes_the_order(as_user, library, films):
    client = as_user(make_member(library, Role.CONTRIBUTOR))
    assert order(client, films, asset=of("c"), before=of("a")).status_code == 403
    assert client.patch(f"{COLLECTIONS}{films.pk}/", {"ordering": "title"}, format="json").status_code == 403


def test_a_smart_collection_is_made_and_its_query_changed(archivist, library):
    body = {"library": library.pk, "name": "Boats", "query": "object:boat"}
    made = archivist.post(COLLECTIONS, body, format="json")
    assert made.status_code == 201
    assert made.json()["query"] == "object:boat"
    address = f"{COLLECTIONS}{made.json()['id']}/"
    assert archivist.patch(address, {"query": "object:tug"}, format="json").json()["query"] == "object:tug"
    for bad in ({"query": ""}, {"query": "duration:long"}, {"ordering": "hand"}):
        assert archivist.patch(address, bad, format="json").status_code == 400, bad


def test_a_plain_collection_stays_one(archivist, films):
    response = archivist.patch(f"{COLLECTIONS}{films.pk}/", {"query": "boat"}, format="json")
    assert response.status_code == 400
    assert "stays so" in response.json()["query"][0]


def test_nothing_is_put_into_a_smart_collection(archivist, library):
    boats = Collection.objects.create(library=library, name="Boats", query="object:boat")
    body = {"assets": [make_asset(library).pk]}
    assert archivist.post(f"{COLLECTIONS}{boats.pk}/assets/", body, format="json").status_code == 400
    inside = {"library": library.pk, "name": "Inside", "parent": boats.pk}
    assert archivist.post(COLLECTIONS, inside, format="json").status_code == 400
    assert order(archivist, boats, asset=body["assets"][0], before=None).status_code == 400
