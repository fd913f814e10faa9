"""A smart collection shows what answers its search, to each reader what they may see."""

import pytest
from django.db import IntegrityError, transaction

from dam.assets.models import Asset
from dam.collections import curation, smart
from dam.collections.models import Collection
from dam.sharing.models import Membership, Role
from search import documents, service
from search.meaning import MeaningOff
from tests.factories import make_asset, make_fact, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_alone(monkeypatch):
    def off(text):
        raise MeaningOff("Search by meaning is off.")

    monkeypatch.setattr(service, "understand", off)


@pytest.fixture
def library():
    return make_library("Archive")


@pytest.fixture
def archivist(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


def make_boat(library, title):
    asset = make_asset(library, title=title)
    make_fact(asset, "object", "boat")
    documents.rebuild([asset.pk])
    return asset


def make_smart(library, query="object:boat", name="Boats"):
    return Collection.objects.create(library=library, name=name, query=query)


def shown(user, collection):
    return {asset.title for asset in smart.members(user, collection)[0]}


def test_it_is_made_from_a_search_and_shows_what_answers_it_now(archivist, library):
    form = archivist.get("/collections/smart/?q=object:boat").content.decode()
    assert "object:boat</textarea>" in form
    archivist.post(
        "/collections/smart/", {"name": "Boats", "query": "object:boat", "place": f"library-{library.pk}"}
    )
    made = Collection.objects.get(name="Boats")
    make_boat(library, "Ferry")
    make_asset(library, title="Lighthouse")
    page = archivist.get(f"/collections/{made.pk}/").content.decode()
    assert "Ferry" in page
    assert "Lighthouse" not in page
    assert "1 asset of this library answers" in " ".join(page.split())
    assert "/search/?q=object%3Aboat" in page
    make_boat(library, "Tug")
    assert "Tug" in archivist.get(f"/collections/{made.pk}/").content.decode()


def test_it_gives_nobody_access_to_anything(library):
    boats, open_to_some = make_smart(library), Collection.objects.create(library=library, name="Open")
    ferry = make_boat(library, "Ferry")
    make_boat(library, "Tug")
    open_to_some.items.create(asset=ferry)
    make_boat(make_library(), "Foreign")
    assert shown(make_member(library, Role.VIEWER), boats) == {"Ferry", "Tug"}
    assert shown(make_member(library, Role.VIEWER, open_to_some), boats) == {"Ferry"}
    assert shown(make_member(make_library()), boats) == set()


def test_assets_of_other_libraries_are_not_in_it_even_for_who_sees_both(library):
    other = make_library()
    user = make_member(library, Role.VIEWER)
    Membership.objects.create(user=user, library=other, role=Role.VIEWER)
    make_boat(library, "Ferry")
    make_boat(other, "Foreign")
    assert shown(user, make_smart(library)) == {"Ferry"}


@pytest.mark.parametrize("query", ["", "   ", "duration:long", "!?", "x" * 10_001])
def test_what_is_no_search_is_refused_and_stays_in_the_form(archivist, library, query):
    page = archivist.post(
        "/collections/smart/", {"name": "Bad", "query": query, "place": f"library-{library.pk}"}
    )
    assert 'class="errors"' in page.content.decode()
    assert 'value="Bad"' in page.content.decode()
    assert not Collection.objects.exists()


def test_nobody_puts_anything_into_it(archivist, library):
    boats, asset = make_smart(library), make_asset(library)
    page = archivist.post(f"/assets/{asset.pk}/collections/", {"collection": boats.pk}, follow=True)
    assert "its search decides what is in it" in page.content.decode()
    with pytest.raises(curation.SmartCollectionError):
        curation.add_assets(boats, [asset.pk], Asset.objects.all())
    assert not boats.items.exists()


def test_no_collection_is_made_or_moved_into_it(archivist, library):
    boats, plain = make_smart(library), Collection.objects.create(library=library, name="Plain")
    archivist.post("/collections/", {"name": "Inside", "place": str(boats.pk)})
    archivist.post(f"/collections/{plain.pk}/move/", {"place": str(boats.pk)})
    assert not boats.children.exists()


def test_it_is_never_arranged_by_hand(archivist, library):
    boats = make_smart(library)
    page = archivist.get(f"/collections/{boats.pk}/arrange/", follow=True)
    assert "cannot be arranged" in page.content.decode()
    edited = {"name": "Boats", "query": "object:boat", "ordering": "hand"}
    assert (
        "Select a valid choice" in archivist.post(f"/collections/{boats.pk}/edit/", edited).content.decode()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.filter(pk=boats.pk).update(ordering="hand")


def test_nobody_is_made_a_member_of_it(client, library):
    boats = make_smart(library)
    client.force_login(make_member(library, Role.ADMINISTRATOR))
    new = {"email": "new@example.org", "role": int(Role.VIEWER), "collection": boats.pk}
    page = client.post(f"/libraries/{library.pk}/members/", new)
    assert "access follows assets, never a search" in page.content.decode()
    assert not Membership.objects.filter(collection=boats).exists()


def test_a_search_looks_inside_it_as_the_reader(library):
    make_smart(library)
    ferry = make_boat(library, "Ferry")
    make_boat(library, "Tug")
    confined = Collection.objects.create(library=library, name="Open")
    confined.items.create(asset=ferry)
    whole, some = make_member(library, Role.VIEWER), make_member(library, Role.VIEWER, confined)
    assert {hit.asset.title for hit in service.search(whole, "collection:Boats").hits} == {"Ferry", "Tug"}
    assert service.search(some, "collection:Boats").hits == []


def test_one_that_asks_for_itself_has_an_end(library):
    loop = make_smart(library, "collection:Loop", "Loop")
    make_boat(library, "Ferry")
    assert shown(make_member(library), loop) == set()


def test_its_search_is_changed_but_never_emptied(archivist, library):
    boats = make_smart(library)
    edit = f"/collections/{boats.pk}/edit/"
    archivist.post(edit, {"name": "Boats", "query": "", "ordering": "title"})
    boats.refresh_from_db()
    assert boats.query == "object:boat"
    archivist.post(edit, {"name": "Boats", "query": "object:ferry", "ordering": "title"})
    boats.refresh_from_db()
    assert (boats.query, boats.ordering) == ("object:ferry", "title")
