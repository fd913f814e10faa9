"""Filters fit in a URL, narrow what is found, and say what is wrong with them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam.assets.models import Asset
from dam.collections.models import Collection, CollectionItem
from search import documents
from search.filters import Filters
from tests.factories import make_asset, make_fact, make_library, make_member

FULL = Filters("video", date(2020, 1, 2), date(2021, 3, 4), 7, "dog", "pt-BR")


def test_a_url_holds_all_of_them() -> None:
    assert Filters.from_query(FULL.to_query()) == FULL


def test_no_filters_leave_the_url_empty() -> None:
    assert Filters().to_query() == {}
    assert not Filters.from_query({"q": "dog", "page": "2"})


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("kind", "hologram", "no type of media"),
        ("date_from", "yesterday", "no date"),
        ("date_to", "2020-02-31", "no date"),
        ("collection", "-1", "no collection"),
        ("collection", "9" * 5000, "no collection"),
        ("collection", "٣", "no collection"),
        ("object", "x" * 201, "too long"),
    ],
)
def test_a_bad_value_is_an_error_for_a_person(name: str, value: str, error: str) -> None:
    filters = Filters.from_query({name: value})
    assert len(filters.errors) == 1
    assert error in filters.errors[0]
    assert not filters.to_query()


def test_every_bad_value_is_told() -> None:
    assert len(Filters.from_query({"kind": "x", "date_from": "y", "collection": "z"}).errors) == 3


NAMES = ("kind", "date_from", "date_to", "collection", "object", "language")


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_any_values_are_read(values: dict[str, str]) -> None:
    filters = Filters.from_query(values)
    assert Filters.from_query(filters.to_query()).to_query() == filters.to_query()


@pytest.mark.django_db
class TestNarrowing:
    @pytest.fixture(autouse=True)
    def _library(self, db: None) -> None:
        self.library = make_library()
        self.viewer = make_member(self.library)

    def kept(self, filters: Filters, user: object = None) -> set[int]:
        user = user or self.viewer
        return set(filters.apply(Asset.objects.visible_to(user), user).values_list("pk", flat=True))

    def test_by_kind(self) -> None:
        make_asset(self.library)
        film = make_asset(self.library, kind="video")
        assert self.kept(Filters(kind="video")) == {film.pk}

    def test_by_date_taken_both_days_included(self) -> None:
        days = [datetime(2020, 5, day, 23, 59, tzinfo=UTC) for day in (1, 2, 3, 4)]
        assets = [make_asset(self.library, taken_at=day) for day in days]
        between = Filters(date_from=date(2020, 5, 2), date_to=date(2020, 5, 3))
        assert self.kept(between) == {assets[1].pk, assets[2].pk}

    def test_by_date_added_where_the_date_taken_is_not_known(self) -> None:
        asset = make_asset(self.library)
        today = asset.added_at.date()
        assert self.kept(Filters(date_from=today, date_to=today)) == {asset.pk}

    def test_by_the_ends_of_the_calendar(self) -> None:
        asset = make_asset(self.library)
        assert self.kept(Filters(date_from=date.min, date_to=date.max)) == {asset.pk}

    def test_by_collection_and_those_below_it(self) -> None:
        top = Collection.objects.create(library=self.library, name="top")
        below = Collection.objects.create(library=self.library, name="below", parent=top)
        inside, deeper, _ = (make_asset(self.library) for _ in range(3))
        CollectionItem.objects.create(collection=top, asset=inside)
        CollectionItem.objects.create(collection=below, asset=deeper)
        assert self.kept(Filters(collection=top.pk)) == {inside.pk, deeper.pk}
        assert self.kept(Filters(collection=below.pk)) == {deeper.pk}

    def test_a_collection_that_the_user_cannot_see_tells_nothing(self) -> None:
        open_one = Collection.objects.create(library=self.library, name="open")
        closed = Collection.objects.create(library=self.library, name="closed")
        asset = make_asset(self.library)
        for collection in (open_one, closed):
            CollectionItem.objects.create(collection=collection, asset=asset)
        confined = make_member(self.library, collection=open_one)
        assert self.kept(Filters(collection=open_one.pk), confined) == {asset.pk}
        assert self.kept(Filters(collection=closed.pk), confined) == set()

    def test_by_object(self) -> None:
        dog, cat = make_asset(self.library), make_asset(self.library)
        make_fact(dog, "object", "dog")
        make_fact(cat, "object", "cat")
        make_fact(cat, "keyword", "dog")
        documents.rebuild([dog.pk, cat.pk])
        assert self.kept(Filters(object="Dog")) == {dog.pk}

    def test_by_language_with_its_variants(self) -> None:
        brazil, spain = make_asset(self.library), make_asset(self.library)
        make_fact(brazil, "speech", "bom dia", language="pt-BR")
        make_fact(spain, "speech", "buenos días", language="es")
        documents.rebuild([brazil.pk, spain.pk])
        assert self.kept(Filters(language="pt")) == {brazil.pk}
        assert self.kept(Filters(language="PT-br")) == {brazil.pk}
        assert self.kept(Filters(language="p")) == set()
