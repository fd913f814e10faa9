"""Collections in the API: who sees, makes, renames, fills and deletes them."""

import pytest

from dam.assets.models import Asset
from dam.collections.models import Collection
from dam.sharing.models import Membership, Role
from tests.factories import make_asset, make_library, make_member, make_user

pytestmark = pytest.mark.django_db
COLLECTIONS = "/api/collections/"


def make_collection(library, name="Films", parent=None):
    return Collection.objects.create(library=library, name=name, parent=parent)


def at(collection, below=""):
    return f"{COLLECTIONS}{collection.pk}/{below}"


def post(client, path=COLLECTIONS, **body):
    return client.post(path, body, format="json")


def test_collections_are_listed_to_members_only(library, viewer, stranger):
    films = make_collection(library)
    lower = make_collection(library, "1950s", films)
    body = viewer.get(COLLECTIONS).json()["results"]
    assert [(each["id"], each["lineage"]) for each in body] == [
        (films.pk, [films.pk]),
        (lower.pk, [films.pk, lower.pk]),
    ]
    assert [each["id"] for each in viewer.get(COLLECTIONS, {"parent": films.pk}).json()["results"]] == [
        lower.pk
    ]
    assert stranger.get(COLLECTIONS).json()["results"] == []
    assert stranger.get(at(films)).status_code == 404


def test_an_archivist_makes_collections(library, archivist):
    films = post(archivist, library=library.pk, name="Films")
    assert films.status_code == 201
    below = post(archivist, library=library.pk, name="1950s", parent=films.json()["id"]).json()
    assert below["lineage"] == [films.json()["id"], below["id"]]


def test_two_collections_in_one_place_do_not_share_a_name(library, archivist):
    films = make_collection(library)
    make_collection(library, "Letters")
    again = post(archivist, library=library.pk, name="Films")
    renamed = archivist.patch(at(films), {"name": "Letters"}, format="json")
    assert again.status_code == renamed.status_code == 400
    assert "already" in again.json()["name"][0]
    assert set(Collection.objects.values_list("name", flat=True)) == {"Films", "Letters"}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_nobody_below_archivist_changes_collections(library, as_user, role):
    client = as_user(make_member(library, role))
    films, asset = make_collection(library), make_asset(library)
    films.items.create(asset=asset)
    assert post(client, library=library.pk, name="New").status_code == 400
    assert client.patch(at(films), {"name": "New"}, format="json").status_code == 403
    assert client.delete(at(films)).status_code == 403
    assert post(client, at(films, "assets/"), assets=[asset.pk]).status_code == 403
    assert client.delete(at(films, f"assets/{asset.pk}/")).status_code == 403
    assert list(Collection.objects.values_list("name", flat=True)) == ["Films"]
    assert films.items.count() == 1


def test_a_library_of_others_is_not_admitted_to_exist(archivist):
    there, gone = make_library(), make_library()
    pk = gone.pk
    gone.delete()
    known = post(archivist, library=there.pk, name="Films").json()["library"][0]
    unknown = post(archivist, library=pk, name="Films").json()["library"][0]
    assert known.replace(str(there.pk), "") == unknown.replace(str(pk), "")


def test_a_parent_belongs_to_the_same_library(library, as_user):
    user = make_member(library, Role.ARCHIVIST)
    other = make_library()
    Membership.objects.create(user=user, library=other, role=Role.ARCHIVIST)
    parent = make_collection(other)
    response = post(as_user(user), library=library.pk, name="New", parent=parent.pk)
    assert response.status_code == 400
    assert "another library" in response.json()["parent"][0]


def test_an_archivist_of_one_collection_makes_new_ones_only_below_it(library, as_user):
    films, letters = make_collection(library), make_collection(library, "Letters")
    client = as_user(make_member(library, Role.ARCHIVIST, films))
    assert post(client, library=library.pk, name="New").status_code == 400
    assert post(client, library=library.pk, name="New", parent=letters.pk).status_code == 400
    assert post(client, library=library.pk, name="New", parent=films.pk).status_code == 201


def test_a_collection_is_renamed_and_not_moved(library, archivist):
    films, letters = make_collection(library), make_collection(library, "Letters")
    change = {"name": "Cinema", "description": "Moving pictures", "parent": letters.pk}
    body = archivist.patch(at(films), change, format="json").json()
    assert (body["name"], body["description"], body["parent"]) == ("Cinema", "Moving pictures", None)


def test_a_deleted_collection_leaves_its_assets(library, archivist):
    films, asset = make_collection(library), make_asset(library)
    make_collection(library, "1950s", films).items.create(asset=asset)
    assert archivist.delete(at(films)).status_code == 204
    assert not Collection.objects.exists()
    assert Asset.objects.filter(pk=asset.pk).exists()


def test_assets_are_put_in_at_the_end_and_taken_out(library, archivist):
    films = make_collection(library)
    first, second, third = (make_asset(library) for _ in range(3))
    assert post(archivist, at(films, "assets/"), assets=[second.pk]).status_code == 204
    again = [third.pk, second.pk, first.pk, first.pk]
    assert post(archivist, at(films, "assets/"), assets=again).status_code == 204
    assert list(films.items.values_list("asset", flat=True)) == [second.pk, third.pk, first.pk]
    assert archivist.delete(at(films, f"assets/{third.pk}/")).status_code == 204
    assert archivist.delete(at(films, f"assets/{third.pk}/")).status_code == 404
    assert list(films.items.values_list("asset", flat=True)) == [second.pk, first.pk]


def test_no_asset_of_another_library_or_of_a_stranger_gets_in(library, as_user):
    user = make_member(library, Role.ARCHIVIST)
    other = make_library()
    Membership.objects.create(user=user, library=other, role=Role.ARCHIVIST)
    films, good = make_collection(library), make_asset(library)
    for bad in (make_asset(other), make_asset(make_library())):
        response = post(as_user(user), at(films, "assets/"), assets=[good.pk, bad.pk])
        assert response.status_code == 400
        assert str(bad.pk) in response.json()["assets"][0]
    assert not films.items.exists()


def test_an_archivist_of_one_collection_cannot_draw_other_assets_into_it(library, as_user):
    films, hidden = make_collection(library), make_asset(library)
    client = as_user(make_member(library, Role.ARCHIVIST, films))
    assert post(client, at(films, "assets/"), assets=[hidden.pk]).status_code == 400
    assert client.get(f"/api/assets/{hidden.pk}/").status_code == 404


@pytest.mark.parametrize("assets", [[], ["x"], [0], [10**30], None, list(range(1, 1002))])
def test_a_list_of_assets_that_cannot_be_read_is_refused(library, archivist, assets):
    assert post(archivist, at(make_collection(library), "assets/"), assets=assets).status_code == 400


def test_the_administrator_of_the_installation_may_do_everything(library, as_user):
    client = as_user(make_user(is_superuser=True))
    films = post(client, library=library.pk, name="Films")
    assert films.status_code == 201
    assert client.delete(f"{COLLECTIONS}{films.json()['id']}/").status_code == 204
