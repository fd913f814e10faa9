"""Which assets are flagged as sensitive: one query for a page, and never shown unblurred by mistake."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from dam.assets.models import Asset
from indexing.models import Annotation

BLURRING = (Annotation.Status.PROPOSED, Annotation.Status.ACCEPTED)
_MARK = "_is_flagged"


def flags_of(asset: Asset) -> QuerySet[Annotation]:
    """The flags that stand on an asset: undecided ones and those that a person confirmed."""
    return _standing([asset.pk]).select_related("run", "reviewer").order_by("start", "pk")


def flagged(asset_ids: Iterable[int]) -> set[int]:
    """Those of the assets that any flag stands on. One query."""
    return set(_standing(list(asset_ids)).values_list("asset", flat=True))


def mark(assets: Iterable[Asset]) -> None:
    """Look the flags of a page's assets up at once, for `is_flagged`."""
    assets = list(assets)
    found = flagged(asset.pk for asset in assets) if assets else set()
    for asset in assets:
        setattr(asset, _MARK, asset.pk in found)


def is_flagged(asset: Asset) -> bool:
    """Whether a flag stands on the asset. An asset that its page forgot to mark costs a query of its own."""
    if not hasattr(asset, _MARK):
        mark([asset])
    return bool(getattr(asset, _MARK))


def _standing(asset_ids: list[int]) -> QuerySet[Annotation]:
    return Annotation.objects.filter(asset__in=asset_ids, kind="sensitive", status__in=BLURRING)
