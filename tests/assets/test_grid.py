"""The grid pages through a large library without counting, skipping or scanning it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from dam.assets.grid import filtered, grid_page
from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from indexing.models import Run
from tests.factories import make_asset, make_library, make_member, make_run

pytestmark = pytest.mark.django_db

OTHERS = {"sha256": "md5(n::text)", "added_at": "added_at - (n / 7) * interval '1 second'"}


def multiply(asset, count):
    """Copies of the asset, seven of them for every second before it was added."""
    columns = [field.column for field in Asset._meta.concrete_fields if not field.primary_key]
    values = ", ".join(OTHERS.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO assets_asset ({', '.join(columns)}) SELECT {values} "  # noqa: S608
            "FROM assets_asset, generate_series(1, %s) AS n WHERE id = %s",
            [count, asset.pk],
        )
        cursor.execute(
            "ANALYZE assets_asset, collections_collection, collections_collectionitem, sharing_membership"
        )


@pytest.fixture
def library():
    return make_library()


@pytest.fixture
def viewer(library):
    return make_member(library)


def walk(user, size):
    """Every asset id in the order of the pages."""
    cursor, seen = "", []
    while True:
        page = grid_page(Asset.objects.visible_to(user), cursor, size)
        seen += [asset.pk for asset in page.assets]
        if not page.next_cursor:
            return seen
        cursor = page.next_cursor


def test_pages_hold_every_asset_once_and_newest_first(library, viewer):
    made = [make_asset(library).pk for _ in range(11)]
    assert walk(viewer, 4) == made[::-1]


def test_assets_added_at_the_same_instant_are_neither_lost_nor_doubled(library, viewer):
    made = [make_asset(library).pk for _ in range(9)]
    Asset.objects.update(added_at="2026-01-01T00:00:00Z")
    assert walk(viewer, 2) == sorted(made, reverse=True)


def test_a_page_takes_as_many_queries_for_forty_assets_as_for_three(
    library, viewer, django_assert_num_queries
):
    for _ in range(3):
        make_run(make_asset(library), state=Run.State.QUEUED)
    with CaptureQueriesContext(connection) as few:
        grid_page(Asset.objects.visible_to(viewer))
    for _ in range(40):
        make_run(make_asset(library), state=Run.State.QUEUED)
    with django_assert_num_queries(len(few)):
        grid_page(Asset.objects.visible_to(viewer))


def test_a_hundred_thousand_assets_are_never_counted_or_scanned(library, viewer):
    multiply(make_asset(library), 100_000)
    first = grid_page(Asset.objects.visible_to(viewer))
    with CaptureQueriesContext(connection) as queries:
        second = grid_page(Asset.objects.visible_to(viewer), first.next_cursor)
    assert len(second.assets) == 60
    assert not {each.pk for each in first.assets} & {each.pk for each in second.assets}
    statements = [each["sql"] for each in queries]
    assert not any("COUNT(" in statement for statement in statements)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + next(each for each in statements if 'FROM "assets_asset"' in each))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on assets_asset" not in plan, plan


@pytest.mark.parametrize("cursor", ["nonsense", "1-2-3", "9" * 40 + "-1", "-", "1"])
def test_a_cursor_that_we_did_not_make_is_no_page(viewer, cursor):
    with pytest.raises(Http404):
        grid_page(Asset.objects.visible_to(viewer), cursor)


def test_a_stranger_sees_no_page(library):
    make_asset(library)
    assert grid_page(Asset.objects.visible_to(make_member(make_library()))).assets == []
    assert grid_page(Asset.objects.visible_to(AnonymousUser())).assets == []


def test_filters_narrow_by_kind_collection_and_day(library):
    film = make_asset(library, kind="video", taken_at="2020-05-06T12:00:00Z")
    photograph = make_asset(library, taken_at="2021-05-06T23:59:00Z")
    above = Collection.objects.create(library=library, name="Above")
    below = Collection.objects.create(library=library, name="Below", parent=above)
    CollectionItem.objects.create(collection=below, asset=film)

    def found(**choice):
        return set(filtered(Asset.objects.all(), choice))

    assert found(kind="video") == {film}
    assert found(collection=above) == {film}
    assert found(date_from="2021-05-06", date_to="2021-05-06") == {photograph}
    assert found(date_to="2020-05-06") == {film}
    assert found() == {film, photograph}


def test_an_asset_without_a_date_is_filed_under_the_day_it_was_added(library):
    asset = make_asset(library)
    day = asset.added_at.date()
    assert set(filtered(Asset.objects.all(), {"date_from": day, "date_to": day})) == {asset}
