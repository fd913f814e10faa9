"""A library of music on a map: sad to happy from left to right, calm to energetic from bottom to top."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dam.assets.models import Asset
from indexing.models import Annotation
from search.filters import Filters

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dam.sharing.access import AnyUser

MOST = 500
"""Recordings on one map: the newest. More dots would hide each other."""
SIDE = 1000
"""Units of the drawing; a dot keeps MARGIN away from its edges."""
MARGIN = 30
TOLD = ("mood", "genre", "tempo", "key")


@dataclass(frozen=True)
class Dot:
    """One recording: `valence` and `energy` in 0..1, its place `x`, `y` in a drawing of SIDE units with y
    downwards, and what else is known of all of it, by kind."""

    asset: Asset
    valence: float
    energy: float
    known: Mapping[str, Sequence[str]]

    @property
    def x(self) -> float:
        return round(MARGIN + self.valence * (SIDE - 2 * MARGIN), 1)

    @property
    def y(self) -> float:
        return round(MARGIN + (1 - self.energy) * (SIDE - 2 * MARGIN), 1)

    @property
    def quarter(self) -> str:
        """Which quarter of the map it lies in, in words."""
        mood = "happy" if self.valence >= 0.5 else "sad"
        return f"{mood} and {'energetic' if self.energy >= 0.5 else 'calm'}"


@dataclass(frozen=True)
class MusicMap:
    """The dots, those with the most energy first, and whether there would be more than fit."""

    dots: Sequence[Dot]
    more: bool


def music_map(user: AnyUser, filters: Filters) -> MusicMap:
    """The recordings of music that the reader may hear and that fit the filters, the MOST newest of them."""
    assets = filters.apply(Asset.objects.visible_to(user), user)
    rows = _standing("energy").filter(asset__in=assets.order_by().values("pk"), details__has_key="valence")
    found = list(rows.select_related("asset").order_by("-asset__added_at", "-asset_id")[: MOST + 1])
    known = _known([row.asset_id for row in found[:MOST]])
    dots = [
        Dot(row.asset, _share(row.details["valence"]), _share(row.number), known[row.asset_id])
        for row in found[:MOST]
    ]
    return MusicMap(sorted(dots, key=lambda dot: -dot.energy), len(found) > MOST)


def _standing(*kinds: str) -> QuerySet[Annotation]:
    """Facts of those kinds about the whole of an asset that nobody has rejected."""
    kept = (Annotation.Status.PROPOSED, Annotation.Status.ACCEPTED)
    return Annotation.objects.filter(kind__in=kinds, start=None, status__in=kept)


def _known(ids: Iterable[int]) -> Mapping[int, Mapping[str, Sequence[str]]]:
    """The texts of the facts about all of each asset, by kind."""
    known: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _standing(*TOLD).filter(asset__in=list(ids)).order_by("-confidence", "pk"):
        known[row.asset_id][row.kind].append(row.text)
    return known


def _share(value: float | None) -> float:
    return min(1.0, max(0.0, float(value or 0.0)))
