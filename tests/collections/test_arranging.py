"""A person puts a collection's assets in order, by place and in front of each other, and the order stays."""

import pytest
from django.utils import timezone

from dam.assets.models import Asset
from dam.collections import arranging
from dam.collections.models import Collection, CollectionItem, Ordering
from dam.sharing.models import Role
from tests.factories import make_asset, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return make_library("Archive")


@pytest.fixture
def archivist(client, library):
    client.force_login(make_member(library, Role.ARCHIVIST))
    return client


@pytest.fixture
def harbour(library):
    """A collection of the assets a, b, c, d."""
    made = Collection.objects.create(library=library, name="Harbour")
    for title in "abcd":
        CollectionItem.objects.create(collection=made, asset=make_asset(library, title=title))
    return made


def titles(collection):
    return "".join(item.asset.title for item in collection.items.select_related("asset"))


def of(collection, title):
    return collection.items.get(asset__title=title).asset_id


def order(client, collection, title, **data):
    return client.post(f"/collections/{collection.pk}/order/", {"asset": of(collection, title), **data})


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("up", "acbd"),
        ("down", "abdc"),
        ("top", "cabd"),
        ("end", "abdc"),
        ("2", "acbd"),
        ("99", "abdc"),
        ("1", "cabd"),
    ],
)
def test_an_asset_is_moved_by_one_place_or_to_any(archivist, harbour, to, expected):
    order(archivist, harbour, "c", to=to)
    assert titles(harbour) == expected


@pytest.mark.parametrize(("title", "to"), [("a", "up"), ("d", "down")])
def test_what_stands_at_an_end_stays_there(archivist, harbour, title, to):
    order(archivist, harbour, title, to=to)
    assert titles(harbour) == "abcd"


def test_a_dragged_row_lands_in_front_of_another_or_at_the_end(archivist, harbour):
    order(archivist, harbour, "d", before=of(harbour, "b"))
    assert titles(harbour) == "adbc"
    order(archivist, harbour, "a", before="")
    assert titles(harbour) == "dbca"


def test_the_collection_is_shown_in_the_order_by_hand_from_then_on(archivist, harbour):
    assert harbour.ordering == Ordering.NEWEST
    order(archivist, harbour, "d", to="top")
    page = archivist.get(f"/collections/{harbour.pk}/").content.decode()
    places = [page.index(f'<span class="tile-title">{title}</span>') for title in "dabc"]
    assert places == sorted(places)


@pytest.mark.parametrize("to", ["", "-1", "0x2", "²", "1e3", "sideways"])
def test_a_place_that_is_none_is_refused_and_nothing_moves(archivist, harbour, to):
    page = archivist.post(
        f"/collections/{harbour.pk}/order/", {"asset": of(harbour, "c"), "to": to}, follow=True
    )
    assert "A place is a number" in page.content.decode()
    assert titles(harbour) == "abcd"


def test_what_was_taken_out_meanwhile_is_told_and_nothing_moves(archivist, harbour):
    gone = of(harbour, "b")
    harbour.items.filter(asset=gone).delete()
    moved = archivist.post(f"/collections/{harbour.pk}/order/", {"asset": gone, "to": "top"}, follow=True)
    beside = archivist.post(
        f"/collections/{harbour.pk}/order/", {"asset": of(harbour, "a"), "before": gone}, follow=True
    )
    assert "no longer in the collection" in moved.content.decode()
    assert "no longer in the collection" in beside.content.decode()
    assert titles(harbour) == "acd"


def test_a_trashed_asset_is_passed_over(archivist, harbour):
    Asset.objects.filter(title="b").update(trashed_at=timezone.now())
    order(archivist, harbour, "c", to="up")
    assert titles(harbour) == "cabd"


def test_a_closed_gap_is_opened_by_numbering_anew(harbour):
    harbour.items.update(position=7)
    for _ in range(40):
        arranging.move(harbour, of(harbour, "d"), of(harbour, "b"))
        arranging.move(harbour, of(harbour, "c"), of(harbour, "d"))
    assert titles(harbour) == "acdb"
    assert len(set(harbour.items.values_list("position", flat=True))) == 4


def test_a_move_writes_few_rows_however_many_there_are(library, django_assert_max_num_queries):
    large = Collection.objects.create(library=library, name="Large")
    for number in range(60):
        CollectionItem.objects.create(collection=large, asset=make_asset(library, title=f"{number:02}"))
    before = dict(large.items.values_list("asset__title", "position"))
    with django_assert_max_num_queries(10):
        arranging.move(large, of(large, "59"), of(large, "01"))
    after = dict(large.items.values_list("asset__title", "position"))
    assert {title for title in before if before[title] != after[title]} == {"59"}


def test_new_assets_come_to_the_end(harbour, library):
    arranging.move(harbour, of(harbour, "d"), of(harbour, "a"))
    CollectionItem.objects.get_or_create(collection=harbour, asset=make_asset(library, title="e"))
    assert titles(harbour) == "dabce"


def test_the_page_is_paged_and_its_queries_do_not_grow(
    archivist, harbour, library, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("dam.collections.arrange_views.A_PAGE", 3)
    with django_assert_max_num_queries(14):
        first = archivist.get(f"/collections/{harbour.pk}/arrange/")
    assert [item.asset.title for item in first.context["page"].rows] == ["a", "b", "c"]
    address = f"/collections/{harbour.pk}/arrange/?after={first.context['page'].next_cursor}"
    second = archivist.get(address)
    assert [item.asset.title for item in second.context["page"].rows] == ["d"]
    assert second.context["ahead"] == 3
    assert archivist.get(f"/collections/{harbour.pk}/arrange/?after=WzEsMl1x").status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_lower_roles_arrange_nothing(client, library, harbour, role):
    client.force_login(make_member(library, role))
    assert order(client, harbour, "c", to="top").status_code == 404
    assert client.get(f"/collections/{harbour.pk}/arrange/").status_code == 404
    assert titles(harbour) == "abcd"


def test_a_cover_is_chosen_from_the_collection_and_taken_off(archivist, harbour, library):
    address = f"/collections/{harbour.pk}/cover/"
    archivist.post(address, {"asset": of(harbour, "c")})
    harbour.refresh_from_db()
    assert harbour.cover_id == of(harbour, "c")
    archivist.post(address, {"asset": make_asset(library).pk})
    harbour.refresh_from_db()
    assert harbour.cover_id is None


def test_a_cover_that_the_reader_may_not_see_is_shown_to_nobody_else(client, archivist, harbour, library):
    hidden = Asset.objects.get(title="c")
    hidden.renditions.create(name="thumb-small", media_type="image/webp", size=1, file="x.webp")
    Collection.objects.filter(pk=harbour.pk).update(cover=hidden)
    address = f"/assets/{hidden.pk}/renditions/thumb-small"
    assert address in archivist.get("/collections/").content.decode()
    Asset.objects.filter(pk=hidden.pk).update(embargo_until=timezone.now() + timezone.timedelta(days=1))
    client.force_login(make_member(library, Role.VIEWER))
    assert address not in client.get("/collections/").content.decode()


def test_a_collection_is_moved_with_what_is_inside_it(archivist, library, harbour):
    places = Collection.objects.create(library=library, name="Places")
    below = Collection.objects.create(library=library, name="Piers", parent=harbour)
    archivist.post(f"/collections/{harbour.pk}/move/", {"place": str(places.pk)})
    below.refresh_from_db()
    assert below.lineage == [places.pk, harbour.pk, below.pk]
    archivist.post(f"/collections/{harbour.pk}/move/", {"place": f"library-{library.pk}"})
    below.refresh_from_db()
    assert below.lineage == [harbour.pk, below.pk]


def test_a_collection_is_never_moved_into_itself_another_library_or_a_taken_name(archivist, library, harbour):
    below = Collection.objects.create(library=library, name="Piers", parent=harbour)
    foreign = Collection.objects.create(library=make_library(), name="Foreign")
    other = Collection.objects.create(library=library, name="Other")
    Collection.objects.create(library=library, name="Harbour", parent=other)
    for place in (below.pk, harbour.pk, foreign.pk, other.pk, f"library-{foreign.library_id}"):
        page = archivist.post(f"/collections/{harbour.pk}/move/", {"place": str(place)})
        assert page.status_code == 200, place
        assert 'class="errors"' in page.content.decode(), place
    harbour.refresh_from_db()
    assert harbour.parent is None


def test_two_people_who_edit_one_collection_lose_nothing(archivist, harbour):
    address = f"/collections/{harbour.pk}/edit/"
    mine = {"name": "Harbour", "description": "Mine", "ordering": "title", "revision": "0"}
    archivist.post(address, {**mine, "description": "Theirs"})
    page = archivist.post(address, mine)
    shown = page.content.decode()
    assert "Somebody changed this meanwhile" in shown
    assert "Theirs: Theirs" in shown
    assert ">\nMine</textarea>" in shown
    archivist.post(address, {**mine, "revision": page.context["form"]["revision"].value()})
    harbour.refresh_from_db()
    assert (harbour.description, harbour.revision) == ("Mine", 2)
