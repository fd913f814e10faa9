"""Copies, bursts and takes: found by what pictures look like, among what the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dam.assets.models import Asset
from dam.collections.models import Library
from dam.sharing.models import User
from indexing.alike import near_duplicates, takes
from indexing.bursts import burst
from indexing.engines.perceptual_hash import BITS, SPACE, mirrored
from indexing.engines.spaces import RENDERED_TEXT
from indexing.models import Annotation, Embedding
from indexing.neighbours import neighbours
from indexing.spaces import ensure_index, index_name
from tests.factories import make_asset, make_fact, make_library, make_member, make_run, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)


def made_hash(seed: int, flipped: int = 0) -> np.ndarray:
    """The hash of picture number `seed`, with so many bits turned."""
    bits = np.random.default_rng(seed).choice([-1.0, 1.0], BITS)
    bits[:flipped] *= -1
    return (bits / np.sqrt(BITS)).astype(np.float32)


def embed(asset: Asset, vector: np.ndarray, space: str = SPACE, **place: float) -> None:
    run = asset.runs.filter(analyser="likeness").first() or make_run(asset, "likeness")
    Embedding.objects.create(asset=asset, run=run, space=space, vector=vector, **place)


def meaning(*weights: float) -> np.ndarray:
    """A unit vector of CLIP's dimensions along the first axes."""
    vector = np.zeros(512, np.float32)
    vector[: len(weights)] = weights
    return vector / np.linalg.norm(vector)


def film_of(library: Library, shots: Sequence[tuple[int, int]]) -> Asset:
    """A film whose shots of two seconds show those pictures, with so many bits turned."""
    film = make_asset(library, kind="video", duration=2.0 * len(shots))
    for number, (seed, flipped) in enumerate(shots):
        embed(film, made_hash(seed, flipped), start=2.0 * number, end=2.0 * number + 2)
    return film


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def viewer(library: Library) -> User:
    return make_member(library)


class TestCopies:
    def test_a_copy_is_found_and_another_picture_is_not(self, library: Library, viewer: User) -> None:
        asset, copy, other = (make_asset(library) for _ in range(3))
        for each, vector in ((asset, made_hash(1)), (copy, made_hash(1, 20)), (other, made_hash(2))):
            embed(each, vector)
        (found,) = near_duplicates(asset, viewer)
        assert (found.asset, found.start, found.mirrored) == (copy, None, False)
        assert found.likeness == pytest.approx(1 - 20 / BITS)

    def test_a_mirrored_copy_is_found_and_said_to_be_one(self, library: Library, viewer: User) -> None:
        asset, copy = make_asset(library), make_asset(library)
        embed(asset, made_hash(1))
        embed(copy, mirrored(made_hash(1, 5)))
        (found,) = near_duplicates(asset, viewer)
        assert (found.asset, found.mirrored) == (copy, True)

    def test_a_closer_crop_is_found_by_its_meaning(self, library: Library, viewer: User) -> None:
        asset, crop, other = (make_asset(library) for _ in range(3))
        embed(asset, meaning(1, 0), RENDERED_TEXT)
        embed(crop, meaning(1, 0.3), RENDERED_TEXT)
        embed(other, meaning(1, 1), RENDERED_TEXT)
        assert [found.asset for found in near_duplicates(asset, viewer)] == [crop]

    def test_what_the_reader_may_not_see_is_not_told(self, library: Library, viewer: User) -> None:
        asset, hidden, trashed = make_asset(library), make_asset(), make_asset(library, trashed_at=NOON)
        for each in (asset, hidden, trashed):
            embed(each, made_hash(1))
        assert near_duplicates(asset, viewer) == []
        assert near_duplicates(asset, make_user()) == []
        assert [found.asset for found in near_duplicates(asset, make_user(is_superuser=True))] == [hidden]

    def test_a_still_leads_to_its_second_in_a_film(self, library: Library, viewer: User) -> None:
        still, film = make_asset(library), film_of(library, [(5, 0), (6, 0), (7, 0)])
        embed(still, made_hash(6, 10))
        (found,) = near_duplicates(still, viewer)
        assert (found.asset, found.place.start, found.place.end) == (film, 2.0, 4.0)

    def test_films_share_stretches_and_doubtful_shots_count_beside_sure_ones(
        self, library: Library, viewer: User
    ) -> None:
        film = film_of(library, [(1, 0), (2, 0), (3, 0), (4, 0)])
        other = film_of(library, [(20, 0), (21, 0), (2, 10), (3, 45), (30, 0), (1, 45)])
        (found,) = near_duplicates(film, viewer)
        assert (found.asset, found.own.start, found.own.end) == (other, 2.0, 6.0)
        assert (found.place.start, found.place.end) == (4.0, 8.0)

    def test_many_probes_are_one_query_served_by_the_index_of_the_space(
        self, library: Library, viewer: User, django_assert_num_queries: Callable
    ) -> None:
        ensure_index(SPACE, BITS)
        for seed in range(30):
            embed(make_asset(library), made_hash(seed))
        probes = [made_hash(seed, 3) for seed in range(30)]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assets = Asset.objects.visible_to(viewer)
        with django_assert_num_queries(4) as queries:
            found = neighbours(probes, SPACE, assets, 0.9, 1)
        assert sorted(match.probe for match in found) == list(range(30))
        statement = queries.captured_queries[2]["sql"]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert index_name(SPACE) in plan


class TestTakes:
    def test_shots_alike_that_do_not_follow_each_other_are_a_group(self, library: Library) -> None:
        film = film_of(library, [(1, 0), (2, 0), (1, 12), (3, 0), (1, 20)])
        (group,) = takes(film)
        assert [(place.start, place.end) for place in group] == [(0.0, 2.0), (4.0, 6.0), (8.0, 10.0)]

    def test_frames_of_one_shot_are_no_takes(self, library: Library) -> None:
        assert takes(film_of(library, [(1, 0), (1, 3), (1, 6), (2, 0)])) == []

    def test_a_still_has_none(self, library: Library) -> None:
        still = make_asset(library)
        embed(still, made_hash(1))
        assert takes(still) == []


class TestBursts:
    def photograph(self, library: Library, second: float, seed: int = 1, camera: str = "X100") -> Asset:
        asset = make_asset(library, taken_at=NOON + timedelta(seconds=second))
        embed(asset, made_hash(seed, int(second) % 10))
        make_fact(asset, "metadata", "", source=Annotation.Source.FILE, details={"IFD0:Model": camera})
        return asset

    def test_alike_photographs_within_seconds_are_a_burst_in_order(
        self, library: Library, viewer: User
    ) -> None:
        last, first, middle = (self.photograph(library, second) for second in (4, 0, 2))
        self.photograph(library, 30)
        assert burst(middle, viewer) == [first, middle, last]

    @pytest.mark.parametrize("change", [{"seed": 9}, {"camera": "Other"}, {"second": 9.0}])
    def test_another_view_another_camera_or_a_pause_is_no_burst(
        self, library: Library, viewer: User, change: dict
    ) -> None:
        first = self.photograph(library, 0)
        self.photograph(library, **{"second": 1.0, **change})
        assert burst(first, viewer) == []

    def test_photographs_of_other_libraries_or_without_a_date_are_left_out(
        self, library: Library, viewer: User
    ) -> None:
        first = self.photograph(library, 0)
        self.photograph(make_library(), 1)
        undated = make_asset(library)
        embed(undated, made_hash(1))
        assert burst(first, make_user(is_superuser=True)) == []
        assert burst(undated, viewer) == []


class TestPage:
    def test_it_shows_copies_with_their_seconds(self, library: Library, viewer: User, client: Client) -> None:
        still, film = make_asset(library), film_of(library, [(5, 0), (6, 0)])
        embed(still, made_hash(6))
        client.force_login(viewer)
        page = client.get(f"/assets/{still.pk}/alike/").content.decode()
        assert f'href="/assets/{film.pk}/?t=2"' in page
        assert "<html" in page
        part = client.get(f"/assets/{still.pk}/alike/", headers={"hx-request": "true"}).content.decode()
        assert f'href="/assets/{film.pk}/?t=2"' in part
        assert "<html" not in part

    def test_it_tells_not_compared_from_nothing_alike(
        self, library: Library, viewer: User, client: Client
    ) -> None:
        fresh, compared = make_asset(library), make_asset(library)
        make_run(compared, "likeness")
        client.force_login(viewer)
        assert "not been compared yet" in client.get(f"/assets/{fresh.pk}/alike/").content.decode()
        assert "Nothing that you may see" in client.get(f"/assets/{compared.pk}/alike/").content.decode()

    def test_the_number_of_queries_does_not_grow_with_the_copies(
        self, library: Library, viewer: User, client: Client
    ) -> None:
        asset = make_asset(library)
        embed(asset, made_hash(1))
        client.force_login(viewer)

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/assets/{asset.pk}/alike/")
            return len(captured)

        embed(make_asset(library), made_hash(1))
        asked()
        few = asked()
        for _ in range(8):
            embed(make_asset(library), made_hash(1))
        assert asked() == few
