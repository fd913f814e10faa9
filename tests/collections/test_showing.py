"""A collection shows its assets in its order, page after page, each once."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem, Ordering
from dam.collections.showing import page_of, shown_in
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def reader(library):
    return make_member(library, Role.VIEWER)


@pytest.fixture
def collection(library):
    """Assets with and without titles and dates, some below it."""
    made = Collection.objects.create(library=library, name="Ships")
    below = Collection.objects.create(library=library, name="Tugs", parent=made)
    rows = [("beta", 1990), ("", 1980), ("Alpha", None), ("alpha", 1970), ("gamma", 1990)]
    for number, (title, year) in enumerate(rows):
        taken = datetime(year, 5, 1, tzinfo=UTC) if year else None
        asset = make_asset(library, title=title, original_name="bravo.jpg", taken_at=taken)
        CollectionItem.objects.create(collection=below if number == 4 else made, asset=asset)
    return made


def walked(user, collection, size):
    """The names of all pages, one after another."""
    names, cursor = [], ""
    while True:
        page = page_of(shown_in(user, collection), collection, cursor, size)
        names += [str(asset) for asset in page.assets]
        if not page.next_cursor:
            return names
        cursor = page.next_cursor


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        (Ordering.NEWEST, ["gamma", "alpha", "Alpha", "bravo.jpg", "beta"]),
        (Ordering.TITLE, ["Alpha", "alpha", "beta", "bravo.jpg", "gamma"]),
        (Ordering.TAKEN, ["alpha", "bravo.jpg", "beta", "gamma", "Alpha"]),
        (Ordering.HAND, ["beta", "bravo.jpg", "Alpha", "alpha"]),
    ],
)
def test_each_order_is_kept_across_pages(reader, collection, ordering, expected, size):
    collection.ordering = ordering
    assert walked(reader, collection, size) == expected


def test_an_asset_that_goes_between_two_pages_breaks_nothing(reader, collection):
    collection.ordering = Ordering.TITLE
    first = page_of(shown_in(reader, collection), collection, "", 2)
    Asset.objects.filter(pk=first.assets[1].pk).delete()
    rest = page_of(shown_in(reader, collection), collection, first.next_cursor, 9)
    assert [str(asset) for asset in rest.assets] == ["beta", "bravo.jpg", "gamma"]


@pytest.mark.parametrize(
    "cursor", ["x", "WzEsMl0", "W10", "bnVsbA", "WyJhXHUwMDAwIiwxXQ", "WyJcdWQ4MDAiLDFd", "é"]
)
@pytest.mark.parametrize("ordering", Ordering.values)
def test_a_cursor_that_was_not_made_here_is_no_page(reader, collection, ordering, cursor):
    collection.ordering = ordering
    if (ordering, cursor) == ("hand", "WzEsMl0"):
        pytest.skip("two numbers are a cursor of this order")
    with pytest.raises(Http404):
        page_of(shown_in(reader, collection), collection, cursor)


@pytest.mark.parametrize("ordering", Ordering.values)
def test_queries_do_not_grow_with_assets(client, library, collection, ordering):
    Collection.objects.filter(pk=collection.pk).update(ordering=ordering)
    client.force_login(make_member(library, Role.ARCHIVIST))
    address = f"/collections/{collection.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(20):
        CollectionItem.objects.create(collection=collection, asset=make_asset(library))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 16
