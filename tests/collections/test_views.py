"""Collections are made, renamed, filled and deleted by archivists, and seen by nobody else than members."""

import pytest

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem, Library
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library("Archive")


@pytest.fixture
def archivist(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


def make_collection(library, name="Harbour", parent=None):
    return Collection.objects.create(library=library, name=name, parent=parent)


def test_the_list_is_nested_and_names_no_foreign_collection(archivist, library):
    above = make_collection(library, "Places")
    make_collection(library, "Harbour", above)
    make_collection(make_library("Foreign"), "Hidden")
    page = archivist.get("/collections/").content.decode()
    assert page.index("Places") < page.index("Harbour")
    assert "--depth: 1" in page
    assert "Hidden" not in page
    assert "Foreign" not in page


def test_an_archivist_makes_renames_and_deletes_a_collection_but_no_asset(archivist, library):
    archivist.post("/collections/", {"name": "Harbour", "place": f"library-{library.pk}"})
    made = Collection.objects.get(name="Harbour", library=library)
    CollectionItem.objects.create(collection=made, asset=make_asset(library))
    archivist.post(f"/collections/{made.pk}/edit/", {"name": "Port", "description": "Ships"})
    made.refresh_from_db()
    assert (made.name, made.description) == ("Port", "Ships")
    archivist.post(f"/collections/{made.pk}/delete/")
    assert not Collection.objects.exists()
    assert Asset.objects.count() == 1


def test_a_collection_inside_another_keeps_its_lineage(archivist, library):
    above = make_collection(library, "Places")
    archivist.post("/collections/", {"name": "Harbour", "place": str(above.pk)})
    made = Collection.objects.get(name="Harbour")
    assert made.lineage == [above.pk, made.pk]


def test_two_siblings_never_bear_one_name(archivist, library):
    made = make_collection(library, "Harbour")
    response = archivist.post("/collections/", {"name": "Harbour", "place": f"library-{library.pk}"})
    assert "of that name here already" in response.content.decode()
    other = make_collection(library, "Port")
    response = archivist.post(f"/collections/{other.pk}/edit/", {"name": "Harbour", "description": ""})
    assert "of that name here already" in response.content.decode()
    assert Collection.objects.filter(name="Harbour").get() == made


def test_a_collection_shows_what_is_in_it_and_below_it(archivist, library):
    above = make_collection(library, "Places")
    below = make_collection(library, "Harbour", above)
    CollectionItem.objects.create(collection=below, asset=make_asset(library, title="Lighthouse"))
    assert "Lighthouse" in archivist.get(f"/collections/{above.pk}/").content.decode()


def test_an_asset_is_put_in_and_taken_out(archivist, library):
    asset, target = make_asset(library), make_collection(library)
    archivist.post(f"/assets/{asset.pk}/collections/", {"collection": target.pk})
    archivist.post(f"/assets/{asset.pk}/collections/", {"collection": target.pk})
    assert list(target.assets.all()) == [asset]
    archivist.post(f"/assets/{asset.pk}/collections/{target.pk}/remove/")
    assert not target.assets.exists()


@pytest.mark.parametrize("value", ["", "x", "999999", "-1", "²"])
def test_an_asset_goes_into_no_collection_that_is_none(archivist, library, value):
    asset = make_asset(library)
    assert archivist.post(f"/assets/{asset.pk}/collections/", {"collection": value}).status_code == 404


def test_an_asset_never_goes_into_a_collection_of_another_library(archivist, library):
    asset = make_asset(library)
    foreign = make_collection(make_library())
    assert archivist.post(f"/assets/{asset.pk}/collections/", {"collection": foreign.pk}).status_code == 404


def test_who_may_only_look_at_an_asset_cannot_show_it_to_others(client, library):
    own, seen = make_collection(library, "Own"), make_collection(library, "Seen")
    asset = make_asset(library)
    CollectionItem.objects.create(collection=seen, asset=asset)
    user = make_member(library, Role.ARCHIVIST, own)
    user.memberships.create(library=library, collection=seen, role=Role.VIEWER)
    client.force_login(user)
    assert client.post(f"/assets/{asset.pk}/collections/", {"collection": own.pk}).status_code == 404
    assert not own.assets.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_lower_roles_change_nothing(client, library, role):
    made, asset = make_collection(library), make_asset(library)
    client.force_login(make_member(library, role))
    assert client.get(f"/collections/{made.pk}/").status_code == 200
    for address, data in (
        (f"/collections/{made.pk}/edit/", {"name": "x"}),
        (f"/collections/{made.pk}/delete/", {}),
        (f"/assets/{asset.pk}/collections/", {"collection": made.pk}),
    ):
        assert client.post(address, data).status_code == 404, address
    client.post("/collections/", {"name": "New", "place": f"library-{library.pk}"})
    assert list(Collection.objects.values_list("name", flat=True)) == ["Harbour"]


def test_strangers_find_no_collection(client, library):
    made = make_collection(library)
    client.force_login(make_user())
    assert client.get(f"/collections/{made.pk}/").status_code == 404
    assert client.post(f"/collections/{made.pk}/delete/").status_code == 404


def test_only_an_administrator_of_the_installation_makes_a_library(client, archivist, library):
    assert archivist.get("/libraries/new/").status_code == 403
    client.force_login(make_user(is_superuser=True))
    client.post("/libraries/new/", {"name": "Second", "slug": "second"})
    assert Library.objects.filter(slug="second").exists()
