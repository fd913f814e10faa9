"""What looks like an asset: copies of it, the burst it belongs to, the takes within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dam.assets.models import Asset, MediaKind
from dam.sharing.access import AssetQuerySet
from indexing import sequences, store
from indexing.analysers.contract import Place, Vector
from indexing.bursts import burst
from indexing.engines import perceptual_hash
from indexing.engines.spaces import PREFERENCE
from indexing.neighbours import neighbours
from indexing.sequences import Pair

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

BESIDE = 0.35
"""The share of differing bits up to which two shots are alike when their neighbours are too. In real footage
most frames a third of a second apart lie below it; unrelated photographs begin at 0.33."""

COSINE = 0.92
"""Pictures nearer than this in the text-image space are the same view. With CLIP ViT-B/16 no two of 110
photographs come nearer than 0.865; of copies that lost a tenth of each side, 95 % lie above 0.911."""

PROBES = 400
"""Shots of a film that are looked up; of a longer film that many, evenly spread."""
EACH = 12
SHOWN = 24


@dataclass(frozen=True)
class Copy:
    """A place of this asset and one of another that looks the same. Spans are in seconds, None in a still.

    `likeness` is 1 for the same picture, down to about 0.75 for one that was cropped, marked or recompressed.
    """

    asset: Asset
    own: Place
    place: Place
    likeness: float
    mirrored: bool = False

    @property
    def start(self) -> float | None:
        """The second of the other asset, for a link to it."""
        return self.place.start


@dataclass(frozen=True)
class Alike:
    """Everything alike that its reader may see. `takes` are groups of places within the film itself."""

    copies: Sequence[Copy] = ()
    burst: Sequence[Asset] = ()
    takes: Sequence[Sequence[Place]] = ()
    looked_at: bool = True

    def __bool__(self) -> bool:
        return bool(self.copies or self.burst or self.takes)


def alike(asset: Asset, user: AnyUser) -> Alike:
    """What is like the asset among what the user may see. `looked_at` is false before it was analysed."""
    vectors = store.vectors_of(asset, perceptual_hash.SPACE)
    looked_at = bool(vectors) or asset.runs.filter(analyser="likeness", state="done").exists()
    return Alike(near_duplicates(asset, user), burst(asset, user), takes(asset), looked_at)


def near_duplicates(asset: Asset, user: AnyUser) -> list[Copy]:
    """Other assets, or stretches of films, that look the same: resized, recompressed, marked, cropped a
    little, or mirrored. Closest first, at most SHOWN. Only what the user may see is looked at."""
    others = Asset.objects.visible_to(user).exclude(pk=asset.pk)
    pairs = [*_by_hash(asset, others), *_by_meaning(asset, others)]
    found = sequences.shared(_closest(pairs))[:SHOWN]
    rows = others.prefetch_related("renditions").in_bulk({pair.other for pair in found})
    return [
        Copy(
            rows[pair.other],
            Place(pair.start, pair.end),
            Place(pair.other_start, pair.other_end),
            pair.closeness,
            pair.mirrored,
        )
        for pair in found
        if pair.other in rows
    ]


def takes(asset: Asset) -> list[list[Place]]:
    """Groups of places within a film that look alike though they do not follow each other: takes of one
    set-up, or a picture that comes again."""
    if asset.kind != MediaKind.VIDEO:
        return []
    hashes = _thinned(store.vectors_of(asset, perceptual_hash.SPACE))
    if len(hashes) < 2:
        return []
    values = np.stack([each.values for each in hashes])
    alike = values @ values.T >= perceptual_hash.agreement(perceptual_hash.NEAR)
    found = [[hashes[number].place for number in group] for group in sequences.groups(alike)]
    return [places for places in map(_apart, found) if len(places) > 1]


def _apart(places: Sequence[Place]) -> list[Place]:
    """The places in order of time, those that touch each other joined."""
    joined: list[Place] = []
    for place in sorted(places, key=lambda each: each.start or 0.0):
        last = joined[-1] if joined else None
        if last and last.end is not None and place.start is not None and place.start <= last.end:
            joined[-1] = Place(last.start, place.end)
        else:
            joined.append(place)
    return joined


def _by_hash(asset: Asset, others: AssetQuerySet) -> Iterator[Pair]:
    """Pairs by perceptual hash, the mirrored picture's too."""
    own = _thinned(store.vectors_of(asset, perceptual_hash.SPACE))
    straight = [each.values for each in own]
    probes = straight + [perceptual_hash.mirrored(values) for values in straight]
    least = perceptual_hash.agreement(BESIDE)
    for match in neighbours(probes, perceptual_hash.SPACE, others, least, EACH):
        place = own[match.probe % len(own)].place
        differing = perceptual_hash.difference(match.product)
        yield Pair(
            other=match.asset_id,
            start=place.start,
            end=place.end,
            other_start=match.start,
            other_end=match.end,
            closeness=1 - differing,
            sure=differing <= perceptual_hash.NEAR,
            mirrored=match.probe >= len(own),
        )


def _by_meaning(asset: Asset, others: AssetQuerySet) -> Iterator[Pair]:
    """Pairs of stills by their vectors in the text-image space, which forgive a closer crop."""
    if asset.kind != MediaKind.IMAGE:
        return
    for space in PREFERENCE:
        own = [each.values for each in store.vectors_of(asset, space)]
        for match in neighbours(own, space, others.filter(kind=MediaKind.IMAGE), COSINE, EACH):
            yield Pair(match.asset_id, None, None, match.start, match.end, match.product)


def _closest(pairs: Sequence[Pair]) -> list[Pair]:
    """Of several pairs of the same two places, the closest."""
    best: dict[tuple[object, ...], Pair] = {}
    for pair in pairs:
        key = (pair.other, pair.start, pair.other_start)
        best[key] = max(best.get(key, pair), pair, key=lambda each: (each.sure, each.closeness))
    return list(best.values())


def _thinned(vectors: Sequence[Vector]) -> Sequence[Vector]:
    """At most PROBES of the vectors, evenly spread."""
    if len(vectors) <= PROBES:
        return vectors
    return [vectors[round(at)] for at in np.linspace(0, len(vectors) - 1, PROBES)]
