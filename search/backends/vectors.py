"""Nearest vectors with pgvector: candidates by the HNSW index of the space, then exact cosines."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Avg, Count, F, QuerySet, Value
from django.db.models.functions import Cast
from pgvector.django import L2Distance, MaxInnerProduct, VectorField

from dam.sharing.access import AssetQuerySet
from indexing.models import Embedding
from search import ranking
from search.backends.base import Neighbour
from search.meaning import Meaning

CANDIDATES_PER_HIT = 2
EF_SEARCH = 200
"""How many neighbours HNSW keeps in hand: its recall; pgvector's limit is 1,000."""

FEW_ASSETS = 5_000
"""Up to so many assets are compared one by one: as quick as the index by then, and exact. The index would
pass by all the others to find these, and gives up after 20,000 (hnsw.max_scan_tuples)."""

MEAN_SAMPLE = 10_000
MEAN_SECONDS = 600
SHORTEST = 1e-6
"""A vector that is the mean itself is like nothing."""

FEWEST_FOR_A_MEAN = 8
"""From so many pictures on, centring helps: in 120 draws of 8 labelled photographs, 95 % of the pictures that
a caption describes and 8 % of the others lie above the floor; without centring 89 % and 8 %."""

FLOOR_WITHOUT_MEAN = 0.04
"""The floor where pictures should be centred and are too few; measured in the same draws."""

WALK_THE_INDEX = f"""
    SET LOCAL hnsw.iterative_scan = 'relaxed_order'; SET LOCAL hnsw.ef_search = {EF_SEARCH};
    SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
    SET LOCAL enable_material = off; SET LOCAL jit = off
"""
"""The index gives neighbours in order, and each is looked up among the assets until there are enough. Left
alone, the planner prefers to join first and to sort all vectors."""

COMPARE_EACH = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"


class Words(Protocol):
    """What the words of the query say about assets; see scoring.Words."""

    def holders(self, assets: AssetQuerySet) -> Collection[int]:
        """Assets that hold most of the words."""
        ...

    def held(self, asset_ids: Collection[int]) -> dict[int, float]:
        """How much of the words each of those assets holds, 0..1."""
        ...


def nearest(
    meaning: Meaning, assets: AssetQuerySet, limit: int, words: Words | None = None
) -> list[Neighbour]:
    """Assets near in meaning, best first: those that ranking.fitting lets through.

    With `words`, assets that hold words of the query come before others that are as near.
    """
    comparison = _Comparison.of(meaning)
    found = comparison.candidates(assets, limit * CANDIDATES_PER_HIT)
    held: dict[int, float] = {}
    if words is not None:
        known = {neighbour.asset_id for neighbour in found}
        found += comparison.with_each([pk for pk in words.holders(assets) if pk not in known])
        held = words.held({neighbour.asset_id for neighbour in found})
    return _first_of_each(ranking.fitting(found, held, comparison.floor), limit)


def nearest_apart(meaning: Meaning, assets: AssetQuerySet, limit: int) -> list[Neighbour]:
    """The nearest assets whether or not they fit, nearest first: what to show, apart, where nothing does."""
    found = _Comparison.of(meaning).candidates(assets, limit * CANDIDATES_PER_HIT)
    return _first_of_each(sorted(found, key=lambda neighbour: -neighbour.similarity), limit)


def near(meaning: Meaning, assets: AssetQuerySet) -> QuerySet[Embedding]:
    """Embeddings of those assets by inner product, as the partial index of indexing.spaces serves it."""
    those = _by_product(meaning).filter(asset__in=assets.order_by().values("pk"))
    return those.order_by("distance")  # type: ignore[misc]


def _by_product(meaning: Meaning) -> QuerySet[Embedding]:
    typed = Cast("vector", VectorField(dimensions=len(meaning.vector)))
    vectors = Embedding.objects.filter(space=meaning.space)
    return vectors.annotate(distance=MaxInnerProduct(typed, meaning.vector))


@dataclass(frozen=True, eq=False)
class _Comparison:
    """A meaning, the mean vector that is taken from pictures first, if any, and the floor then."""

    meaning: Meaning
    mean: np.ndarray | None
    floor: float

    @classmethod
    def of(cls, meaning: Meaning) -> _Comparison:
        mean = _mean(meaning.space) if meaning.centres_images else None
        too_few = meaning.centres_images and mean is None
        return cls(meaning, mean, FLOOR_WITHOUT_MEAN if too_few else meaning.floor)

    def candidates(self, assets: AssetQuerySet, count: int) -> list[Neighbour]:
        """About `count` nearest vectors of those assets: exactly where the assets are few."""
        few = list(assets.order_by().values_list("pk", flat=True)[: FEW_ASSETS + 1])
        if len(few) <= FEW_ASSETS:
            return self._fetch(self._among(few)[:count], COMPARE_EACH)
        return self._fetch(near(self.meaning, assets)[:count], WALK_THE_INDEX)

    def with_each(self, asset_ids: Collection[int]) -> list[Neighbour]:
        """Every vector of those assets."""
        return self._fetch(self._among(asset_ids), COMPARE_EACH) if asset_ids else []

    def _among(self, asset_ids: Collection[int]) -> QuerySet[Embedding]:
        """In an order that no index serves: each is compared."""
        those = _by_product(self.meaning).filter(asset__in=asset_ids)
        return those.order_by(F("distance") + 0.0)  # type: ignore[misc]

    def _fetch(self, embeddings: QuerySet[Embedding], planning: str) -> list[Neighbour]:
        """Unit vectors v and q have the cosine v.q; taking the mean m from v alone, (v.q - m.q) / |v - m|."""
        shift = 0.0 if self.mean is None else float(self.mean @ self.meaning.vector)
        length = Value(1.0) if self.mean is None else L2Distance("vector", self.mean)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(planning)
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
