"""What is chosen: ticked assets, or everything that an address shows to whoever chose it."""

from __future__ import annotations

import pytest

from dam.bulk import selecting
from dam.bulk.models import Selection
from dam.bulk.selecting import SelectionError
from dam.collections.models import Collection
from search import documents
from tests.factories import make_asset, make_fact, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(ada):
    """shown(address): the assets that it shows to Ada."""
    return lambda address: set(selecting.assets_of(Selection(owner=ada, address=address)))


def test_ticked_assets_are_kept_as_they_are(ada, library):
    asset, _ = make_asset(library), make_asset(library)
    chosen = selecting.choose(ada, [str(asset.pk), "", "x", str(asset.pk)], "/ignored/")
    assert (chosen.ids, chosen.address) == ([asset.pk], "")
    assert list(selecting.assets_of(chosen)) == [asset]


def test_nobody_chooses_what_they_may_not_see(ada):
    with pytest.raises(SelectionError, match="Nothing"):
        selecting.choose(ada, [str(make_asset().pk)], "")


def test_more_than_ten_thousand_are_not_ticked_one_by_one(ada):
    with pytest.raises(SelectionError, match="10,001"):
        selecting.choose(ada, [str(number) for number in range(10_001)], "")


def test_nothing_is_no_choice(ada):
    with pytest.raises(SelectionError, match="Choose some"):
        selecting.choose(ada, [], "")


def test_the_library_with_its_filters_is_chosen_as_a_whole(library, shown):
    film, picture = make_asset(library, kind="video"), make_asset(library)
    make_asset(make_library(), kind="video")
    assert shown("/") == {film, picture}
    assert shown("/?kind=video&after=1-1") == {film}


@pytest.mark.parametrize("query", ["kind=opera", "date_from=yesterday", "collection=999999"])
def test_a_filter_that_cannot_be_read_never_means_everything(library, shown, query):
    make_asset(library)
    with pytest.raises(SelectionError, match="filter"):
        shown(f"/?{query}")


def test_a_collection_is_chosen_with_those_below_it(library, shown):
    shelf = Collection.objects.create(library=library, name="Shelf")
    box = Collection.objects.create(library=library, parent=shelf, name="Box")
    inside, below = make_asset(library), make_asset(library)
    make_asset(library)
    shelf.items.create(asset=inside)
    box.items.create(asset=below)
    assert shown(f"/collections/{shelf.pk}/") == {inside, below}


def test_a_smart_collection_is_what_answers_it(library, shown):
    boat = make_asset(library, title="Boat")
    make_asset(library, title="Horse")
    documents.rebuild(library.assets.values_list("pk", flat=True))
    smart = Collection.objects.create(library=library, name="Boats", query="boat")
    assert shown(f"/collections/{smart.pk}/") == {boat}


def test_a_collection_of_strangers_is_none(shown):
    shelf = Collection.objects.create(library=make_library(), name="Shelf")
    with pytest.raises(SelectionError):
        shown(f"/collections/{shelf.pk}/")


def test_a_search_is_chosen_with_all_its_answers_not_one_page(library, shown):
    boats = [make_asset(library, title=f"Boat {number}") for number in range(45)]
    make_fact(make_asset(library), "object", "dog", confidence=0.9)
    documents.rebuild(library.assets.values_list("pk", flat=True))
    assert shown("/search/?q=boat&sort=newest") == set(boats)


@pytest.mark.parametrize(
    "address", ["/search/?q=", "/search/?q=duration%3Asoon", "/people/", "/nowhere/", "//evil/", "x"]
)
def test_an_address_that_shows_no_assets_is_refused(library, shown, address):
    make_asset(library)
    with pytest.raises(SelectionError):
        shown(address)
