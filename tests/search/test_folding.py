"""Copies and bursts stand behind the best of them; nothing else is hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from indexing.engines.perceptual_hash import BITS, SIDE, SPACE
from indexing.models import Embedding
from search import documents, folding
from search.service import search
from tests.factories import make_asset, make_fact, make_library, make_member, make_run

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def library():
    return make_library()


def hashed(library, seed, differing=0.0, **fields):
    """A photograph whose hash differs from the seed's own in that share of its bits."""
    bits = np.random.default_rng(seed).choice([-1.0, 1.0], BITS).astype(np.float32)
    bits[: round(differing * BITS)] *= -1
    asset = make_asset(library, **fields)
    run = make_run(asset, "likeness")
    Embedding.objects.create(asset=asset, run=run, space=SPACE, vector=bits / SIDE)
    return asset


def test_copies_stand_behind_the_best_of_them(library) -> None:
    one, other, copy = hashed(library, 1), hashed(library, 2), hashed(library, 1, differing=0.1)
    folded = folding.fold([copy.pk, other.pk, one.pk])
    assert folded.front == [copy.pk, other.pk]
    assert folded.behind == {copy.pk: [one.pk]}


def test_a_burst_is_looser_in_looks_and_close_in_time(library) -> None:
    first = hashed(library, 1, taken_at=NOON)
    second = hashed(library, 1, differing=0.3, taken_at=NOON + timedelta(seconds=2))
    later = hashed(library, 1, differing=0.3, taken_at=NOON + timedelta(hours=1))
    assert folding.fold([first.pk, later.pk]).front == [first.pk, later.pk]
    assert folding.fold([first.pk, second.pk]).behind == {first.pk: [second.pk]}


def test_films_and_what_was_not_compared_stay_where_they_are(library) -> None:
    film, other = hashed(library, 1, kind="video"), hashed(library, 1)
    unknown = make_asset(library)
    ids = [unknown.pk, film.pk, other.pk]
    assert folding.fold(ids).front == ids
    assert folding.fold([]).front == []


def test_beyond_the_window_nothing_is_folded(library, monkeypatch) -> None:
    monkeypatch.setattr(folding, "WINDOW", 1)
    ids = [hashed(library, 1).pk, hashed(library, 1).pk]
    assert folding.fold(ids).front == ids


def test_a_search_shows_one_of_them_and_what_stands_behind(library) -> None:
    viewer = make_member(library)
    assets = [hashed(library, seed) for seed in (1, 1, 2)]
    for asset in assets:
        make_fact(asset, "object", "dog")
    documents.rebuild([asset.pk for asset in assets])
    folded = search(viewer, "object:dog", fold=True)
    assert folded.total == 3
    assert folded.is_folded
    assert [len(hit.alike) for hit in folded.hits] in ([1, 0], [0, 1])
    assert len(search(viewer, "object:dog").hits) == 3
    pages = [search(viewer, "object:dog", page=page, per_page=1, fold=True) for page in (1, 2)]
    assert [page.next_page for page in pages] == [2, None]
