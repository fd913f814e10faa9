"""Nearest vectors: the index is used, centring is exact, and nothing unseen is found."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection

from dam.assets.models import Asset
from indexing.models import Embedding
from indexing.spaces import ensure_index, index_name
from search import documents
from search.backends import vectors
from search.backends.postgres import PostgresBackend
from search.meaning import Meaning
from search.parser import parse
from tests.factories import make_asset, make_fact, make_library, make_member, make_run

SPACE = "made-16"
DIMENSIONS = 16

pytestmark = pytest.mark.django_db


def unit(values: np.ndarray) -> np.ndarray:
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def axis(number: int) -> np.ndarray:
    return np.eye(DIMENSIONS, dtype=np.float32)[number]


def embed(asset: Asset, vector: np.ndarray, space: str = SPACE, **place: float) -> Embedding:
    run = asset.runs.first() or make_run(asset, "clip")
    return Embedding.objects.create(asset=asset, run=run, space=space, vector=vector, **place)


@pytest.fixture(autouse=True)
def _forgotten_means() -> None:
    cache.clear()


@pytest.fixture
def library(db: None):
    return make_library()


@pytest.fixture
def viewer(library):
    return make_member(library)


def test_the_nearest_come_first_and_those_below_the_floor_not_at_all(library, viewer) -> None:
    near, nearer, far = (make_asset(library) for _ in range(3))
    embed(near, unit(axis(0) + axis(1)))
    embed(nearer, axis(0))
    embed(far, axis(5))
    found = vectors.nearest(Meaning(SPACE, axis(0), floor=0.3), Asset.objects.visible_to(viewer), 10)
    assert [neighbour.asset_id for neighbour in found] == [nearer.pk, near.pk]
    assert found[1].similarity == pytest.approx(2**-0.5, abs=1e-6)


def test_a_film_is_found_once_at_its_nearest_second(library, viewer) -> None:
    film = make_asset(library, kind="video")
    embed(film, unit(axis(0) + axis(1)), start=0, end=4)
    embed(film, axis(0), start=4, end=9)
    found = vectors.nearest(Meaning(SPACE, axis(0)), Asset.objects.visible_to(viewer), 10)
    assert [(each.asset_id, each.start, each.end) for each in found] == [(film.pk, 4, 9)]


def test_other_spaces_and_other_libraries_are_not_looked_at(library, viewer) -> None:
    embed(make_asset(library), axis(0), space="another")
    embed(make_asset(make_library()), axis(0))
    assert vectors.nearest(Meaning(SPACE, axis(0)), Asset.objects.visible_to(viewer), 10) == []


def test_centring_takes_the_librarys_mean_away(library, viewer) -> None:
    rng = np.random.default_rng(1)
    common = 5 * axis(15)
    rows = unit(rng.normal(size=(60, DIMENSIONS)) + common)
    assets = [make_asset(library) for _ in rows]
    for asset, row in zip(assets, rows, strict=True):
        embed(asset, row)
    query = unit(rng.normal(size=DIMENSIONS))
    meaning = Meaning(SPACE, query, centres_images=True, floor=-1)
    found = vectors.nearest(meaning, Asset.objects.visible_to(viewer), 60)
    expected = unit(rows - rows.mean(0)) @ query
    order = [place for place in np.argsort(-expected) if expected[place] >= 0.4 * expected.max()]
    assert [neighbour.asset_id for neighbour in found] == [assets[place].pk for place in order]
    assert found[0].similarity == pytest.approx(expected.max(), abs=1e-4)


def test_what_is_far_behind_the_best_does_not_answer(library, viewer) -> None:
    for cosine in (0.9, 0.5, 0.3):
        embed(make_asset(library), unit(cosine * axis(0) + (1 - cosine**2) ** 0.5 * axis(1)))
    found = vectors.nearest(Meaning(SPACE, axis(0), floor=0.2), Asset.objects.visible_to(viewer), 10)
    assert [round(neighbour.similarity, 2) for neighbour in found] == [0.9, 0.5]


def test_a_few_pictures_are_not_centred(library, viewer) -> None:
    embed(make_asset(library), axis(0))
    embed(make_asset(library), -axis(0))
    meaning = Meaning(SPACE, axis(0), centres_images=True)
    found = vectors.nearest(meaning, Asset.objects.visible_to(viewer), 10)
    assert [neighbour.similarity for neighbour in found] == [pytest.approx(1)]


def test_quotes_and_exclusions_hold_for_meaning_too(library, viewer) -> None:
    dog, cat, plain = (make_asset(library) for _ in range(3))
    make_fact(dog, "caption", "a red dog")
    make_fact(cat, "caption", "a red cat")
    for asset in (dog, cat, plain):
        embed(asset, axis(0))
    documents.rebuild([dog.pk, cat.pk, plain.pk])
    backend = PostgresBackend(Asset.objects.visible_to(viewer))

    def near(text: str) -> set[int]:
        return {each.asset_id for each in backend.nearest(parse(text), Meaning(SPACE, axis(0)), 10)}

    assert near("animal") == {dog.pk, cat.pk, plain.pk}
    assert near("animal -cat") == {dog.pk, plain.pk}
    assert near('animal "red cat"') == {cat.pk}
    assert near('animal "cat red"') == set()


def test_the_index_of_the_space_serves_the_query(library, viewer) -> None:
    ensure_index(SPACE, DIMENSIONS)
    for _ in range(5):
        embed(make_asset(library), axis(0))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = vectors.near(Meaning(SPACE, axis(0)), Asset.objects.visible_to(viewer))[:10].explain()
    assert index_name(SPACE) in plan


@pytest.mark.parametrize("few", [0, 5])
def test_the_scan_goes_on_until_enough_visible_neighbours_are_found(
    library, viewer, few, monkeypatch
) -> None:
    """A thousand nearer vectors of others do not hide the reader's own one, from the index or one by one."""
    monkeypatch.setattr(vectors, "FEW_ASSETS", few)
    ensure_index(SPACE, DIMENSIONS)
    rng = np.random.default_rng(2)
    other = make_asset(make_library())
    run = make_run(other, "clip")
    crowd = unit(axis(0) + 0.05 * rng.normal(size=(1500, DIMENSIONS)))
    Embedding.objects.bulk_create(
        Embedding(asset=other, run=run, space=SPACE, vector=vector) for vector in crowd
    )
    own = make_asset(library)
    embed(own, unit(axis(0) + axis(1)))
    found = vectors.nearest(Meaning(SPACE, axis(0)), Asset.objects.visible_to(viewer), 10)
    assert [neighbour.asset_id for neighbour in found] == [own.pk]


def test_the_planner_walks_the_index_of_its_own_accord(library, viewer) -> None:
    ensure_index(SPACE, DIMENSIONS)
    rng = np.random.default_rng(3)
    assets = [make_asset(library) for _ in range(3)]
    run = make_run(assets[0], "clip")
    rows = unit(rng.normal(size=(300, DIMENSIONS)))
    Embedding.objects.bulk_create(
        Embedding(asset=assets[place % 3], run=run, space=SPACE, vector=row) for place, row in enumerate(rows)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(vectors.WALK_THE_INDEX)
    plan = vectors.near(Meaning(SPACE, axis(0)), Asset.objects.visible_to(viewer))[:10].explain()
    assert index_name(SPACE) in plan


def test_what_is_nearest_is_told_apart_where_nothing_fits(library, viewer) -> None:
    far, farther = (make_asset(library) for _ in range(2))
    embed(far, unit(axis(0) + 9 * axis(1)))
    embed(farther, unit(axis(0) + 99 * axis(1)))
    embed(make_asset(make_library()), axis(0))
    meaning, visible = Meaning(SPACE, axis(0), floor=0.3), Asset.objects.visible_to(viewer)
    assert vectors.nearest(meaning, visible, 10) == []
    apart = vectors.nearest_apart(meaning, visible, 10)
    assert [neighbour.asset_id for neighbour in apart] == [far.pk, farther.pk]


def test_of_equally_near_pictures_those_that_hold_the_words_come_first(library, viewer) -> None:
    plain, dog, both = (make_asset(library) for _ in range(3))
    make_fact(dog, "object", "dog")
    make_fact(both, "object", "dog")
    make_fact(both, "object", "bicycle")
    for asset in (plain, dog, both):
        embed(asset, axis(0))
    documents.rebuild([plain.pk, dog.pk, both.pk])
    backend = PostgresBackend(Asset.objects.visible_to(viewer))
    found = backend.nearest(parse("dog bicycle"), Meaning(SPACE, axis(0)), 10)
    assert [neighbour.asset_id for neighbour in found] == [both.pk, dog.pk, plain.pk]


def test_a_far_picture_that_holds_most_of_the_words_is_found(library, viewer) -> None:
    """The index would not have come to it among so many nearer ones."""
    crowd, own = [make_asset(library) for _ in range(4)], make_asset(library)
    for asset in crowd:
        embed(asset, axis(0))
    embed(own, unit(3 * axis(0) + axis(1)))
    for kind, text in (("caption", "a dog on the beach"), ("keyword", "balloon")):
        make_fact(own, kind, text)
    documents.rebuild([asset.pk for asset in (*crowd, own)])
    backend = PostgresBackend(Asset.objects.visible_to(viewer))
    assert own.pk in [
        each.asset_id for each in backend.nearest(parse("dog beach balloon"), Meaning(SPACE, axis(0)), 1)
    ]
