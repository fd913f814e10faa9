"""Photographs that one camera took within seconds of each other and that look alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dam.assets.models import Asset, MediaKind
from indexing.engines import perceptual_hash
from indexing.engines.spaces import PREFERENCE
from indexing.models import Annotation, Embedding

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

PAUSE = timedelta(seconds=3)
"""The longest pause within a burst. Cameras write whole seconds."""
LONGEST = 100
"""Photographs that are looked at on either side."""
CAMERA = ("IFD0:Model", "ExifIFD:SerialNumber")

LEAST = {perceptual_hash.SPACE: perceptual_hash.agreement(0.35)} | dict.fromkeys(PREFERENCE, 0.85)
"""The inner product from which two pictures taken within seconds are of one thing, by space: any will do.
Of frames of real footage up to 0.7 s apart all lie above 0.87 in CLIP's space, most within 1.2 s above 0.85;
of unrelated photographs, 2 of 6,000 pairs do."""


def burst(asset: Asset, user: AnyUser) -> list[Asset]:
    """The burst that a photograph belongs to, itself included, in order; empty where it stands alone.

    Its photographs are of one library; those that the user may not see are left out.
    """
    if asset.kind != MediaKind.IMAGE or asset.taken_at is None:
        return []
    row = _unbroken(_around(asset, user), asset)
    cameras = _cameras(row)
    links = _links(row)
    parted = [
        number
        for number, (one, other) in enumerate(pairwise(row), start=1)
        if cameras.get(one.pk) != cameras.get(other.pk) or not links(one, other)
    ]
    found = next(part for part in _parts(row, parted) if asset in part)
    return found if len(found) > 1 else []


def _around(asset: Asset, user: AnyUser) -> list[Asset]:
    """The photographs taken before and after it, in order, itself among them."""
    stills = Asset.objects.visible_to(user).filter(library=asset.library_id, kind=MediaKind.IMAGE)
    stills = stills.exclude(pk=asset.pk).prefetch_related("renditions")
    reach = PAUSE * LONGEST
    moment = asset.taken_at
    assert moment is not None  # noqa: S101 - told by burst()
    before = stills.filter(taken_at__range=(moment - reach, moment)).order_by("-taken_at", "-pk")[:LONGEST]
    after = stills.filter(taken_at__gt=moment, taken_at__lte=moment + reach).order_by("taken_at", "pk")
    return sorted({asset, *before, *after[:LONGEST]}, key=lambda each: (each.taken_at, each.original_name))


def _unbroken(row: Sequence[Asset], asset: Asset) -> list[Asset]:
    """The part of the row around the asset without a pause."""
    pauses = [
        number
        for number, (one, other) in enumerate(pairwise(row), start=1)
        if one.taken_at and other.taken_at and other.taken_at - one.taken_at > PAUSE
    ]
    return next(part for part in _parts(row, pauses) if asset in part)


def _parts(row: Sequence[Asset], cuts: Iterable[int]) -> list[list[Asset]]:
    edges = [0, *cuts, len(row)]
    return [list(row[start:end]) for start, end in pairwise(edges)]


def _cameras(row: Sequence[Asset]) -> dict[int, tuple[str, ...]]:
    """What each file says of its camera, by the asset's id."""
    facts = Annotation.objects.filter(asset__in=row, kind="metadata", source=Annotation.Source.FILE)
    return {fact.asset_id: tuple(str(fact.details.get(tag, "")) for tag in CAMERA) for fact in facts}


def _links(row: Sequence[Asset]) -> Callable[[Asset, Asset], bool]:
    """Whether two of the photographs look alike."""
    vectors: dict[tuple[int, str], np.ndarray] = {
        (each.asset_id, each.space): each.vector
        for each in Embedding.objects.filter(asset__in=row, space__in=LEAST, annotation=None)
    }

    def alike(one: Asset, other: Asset) -> bool:
        pairs = ((vectors.get((one.pk, s)), vectors.get((other.pk, s)), least) for s, least in LEAST.items())
        return any(a is not None and b is not None and float(np.dot(a, b)) >= least for a, b, least in pairs)

    return alike
