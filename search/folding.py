"""Hits that look the same become one: copies of a picture, and photographs of one burst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np

from dam.assets.models import MediaKind
from indexing import sequences
from indexing.bursts import LEAST, PAUSE
from indexing.engines import perceptual_hash
from indexing.models import Embedding

WINDOW = 200
"""The best hits among which those alike are looked for; five pages of forty."""


@dataclass(frozen=True)
class Folded:
    """The ids that stand in front, in the order given, and those behind each of them."""

    front: Sequence[int]
    behind: Mapping[int, Sequence[int]] = field(default_factory=dict)


class _Still(NamedTuple):
    asset_id: int
    taken_at: datetime | None
    library_id: int
    vector: np.ndarray


def fold(ids: Sequence[int]) -> Folded:
    """Put photographs that look like a better hit behind it, among the first WINDOW ids. One query.

    Alike are copies by their perceptual hash, and photographs of one library taken within bursts.PAUSE of
    each other whose hashes agree as those of a burst do. Groups are closed: a copy of a copy belongs to it.
    """
    stills = _stills(ids[:WINDOW])
    groups = sequences.groups(_alike(stills)) if stills else []
    behind = {stills[first].asset_id: [stills[each].asset_id for each in rest] for first, *rest in groups}
    hidden = {pk for rest in behind.values() for pk in rest}
    return Folded([pk for pk in ids if pk not in hidden], behind)


def _stills(ids: Sequence[int]) -> list[_Still]:
    """The photographs among them that have been compared, in the order of the ids."""
    rows = Embedding.objects.filter(
        asset__in=ids, asset__kind=MediaKind.IMAGE, space=perceptual_hash.SPACE, annotation=None
    )
    columns = rows.values_list("asset_id", "asset__taken_at", "asset__library_id", "vector")
    place = {pk: number for number, pk in enumerate(ids)}
    return sorted((_Still(*row) for row in columns), key=lambda still: place[still.asset_id])


def _alike(stills: Sequence[_Still]) -> np.ndarray:
    """A symmetric matrix (n, n) of bool: which photographs are alike."""
    vectors = np.stack([still.vector for still in stills])
    agreement = vectors @ vectors.T
    alike: np.ndarray = agreement >= perceptual_hash.agreement(perceptual_hash.NEAR)
    alike |= _together(stills) & (agreement >= LEAST[perceptual_hash.SPACE])
    return alike


def _together(stills: Sequence[_Still]) -> np.ndarray:
    """A symmetric matrix (n, n) of bool: which photographs were taken within a burst's pause."""
    taken = np.array([still.taken_at.timestamp() if still.taken_at else np.nan for still in stills])
    library = np.array([still.library_id for still in stills])
    close: np.ndarray = np.abs(taken[:, None] - taken) <= PAUSE.total_seconds()
    close &= library[:, None] == library
    return close
