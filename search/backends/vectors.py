"""Nearest vectors with pgvector: candidates by the HNSW index of the space, then exact cosines."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Avg, Count, QuerySet, Value
from django.db.models.functions import Cast
from pgvector.django import L2Distance, MaxInnerProduct, VectorField

from dam.sharing.access import AssetQuerySet
from indexing.models import Embedding
from search.backends.base import Neighbour
from search.meaning import Meaning

CANDIDATES_PER_HIT = 2
EF_SEARCH = 200
"""How many neighbours HNSW keeps in hand: its recall; pgvector's limit is 1,000."""

MEAN_SAMPLE = 10_000
MEAN_SECONDS = 600
SHORTEST = 1e-6
"""A vector that is the mean itself is like nothing."""

FEWEST_FOR_A_MEAN = 8
"""From so many pictures on, centring helps: in 120 draws of 8 labelled photographs, 95 % of the pictures that
a caption describes and 8 % of the others lie above the floor; without centring 89 % and 8 %."""

FLOOR_WITHOUT_MEAN = 0.04
"""The floor where pictures should be centred and are too few; measured in the same draws."""

SHARE_OF_BEST = 0.4
"""A picture answers only with this share of the best one's cosine. On 110 labelled photographs it leaves
recall at 10 as it is and shortens the answer from 14 pictures to 9; at 0.5 recall begins to fall."""


def nearest(meaning: Meaning, assets: AssetQuerySet, limit: int) -> list[Neighbour]:
    """Assets with a vector of at least the meaning's floor and not far behind the best, nearest first."""
    mean = _mean(meaning.space) if meaning.centres_images else None
    floor = FLOOR_WITHOUT_MEAN if meaning.centres_images and mean is None else meaning.floor
    candidates = _fetch(near(meaning, assets)[: limit * CANDIDATES_PER_HIT], meaning, mean)
    best = max((neighbour.similarity for neighbour in candidates), default=0.0)
    lowest = max(floor, SHARE_OF_BEST * best)
    kept = [neighbour for neighbour in candidates if neighbour.similarity >= lowest]
    return _first_of_each(sorted(kept, key=lambda neighbour: -neighbour.similarity), limit)


def near(meaning: Meaning, assets: AssetQuerySet) -> QuerySet[Embedding]:
    """Embeddings of those assets by inner product, as the partial index of indexing.spaces serves it."""
    typed = Cast("vector", VectorField(dimensions=len(meaning.vector)))
    vectors = Embedding.objects.filter(space=meaning.space, asset__in=assets.order_by().values("pk"))
    return vectors.annotate(distance=MaxInnerProduct(typed, meaning.vector)).order_by("distance")


def _fetch(embeddings: QuerySet[Embedding], meaning: Meaning, mean: np.ndarray | None) -> list[Neighbour]:
    """The rows, found with an iterative scan: it goes on until enough of them belong to those assets.

    Unit vectors v and q have the cosine v.q; taking the mean m from v alone, it is (v.q - m.q) / |v - m|.
    """
    shift = 0.0 if mean is None else float(mean @ meaning.vector)
    length = Value(1.0) if mean is None else L2Distance("vector", mean)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL hnsw.iterative_scan = 'relaxed_order'; SET LOCAL hnsw.ef_search = {EF_SEARCH}"
        )
        rows = embeddings.values_list("asset", "distance", length, "start", "end")
        return [
            Neighbour(asset, (-distance - shift) / max(length, SHORTEST), start, end)
            for asset, distance, length, start, end in rows
        ]


def _mean(space: str) -> np.ndarray | None:
    """The mean vector of a sample of the space, None where it holds too few; kept for MEAN_SECONDS."""
    key = f"search.mean.{space}"
    mean: np.ndarray | None = cache.get(key)
    if mean is None:
        mean = _measured_mean(space)
        if mean is not None:
            cache.set(key, mean, MEAN_SECONDS)
    return mean


def _measured_mean(space: str) -> np.ndarray | None:
    sample = Embedding.objects.filter(space=space).order_by("-pk")[:MEAN_SAMPLE]
    measured = sample.aggregate(mean=Avg("vector"), count=Count("pk"))
    if measured["count"] < FEWEST_FOR_A_MEAN:
        return None
    return np.asarray(measured["mean"], dtype=np.float32)


def _first_of_each(neighbours: Iterable[Neighbour], limit: int) -> list[Neighbour]:
    first: dict[int, Neighbour] = {}
    for neighbour in neighbours:
        first.setdefault(neighbour.asset_id, neighbour)
    return list(first.values())[:limit]
