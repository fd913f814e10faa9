"""What the reader may see, told to the cluster as far as that goes, and held against each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from dam.collections.models import Library
from dam.sharing.access import AssetQuerySet

MOST_IDS = 20_000
"""Up to so many assets are named in the query one by one (Elasticsearch allows 65,536 terms)."""


class Scope:
    """The assets of one search, read from PostgreSQL when the search begins.

    Where they are few, the query names each of them: it cannot find another. Where they are many, it names
    their libraries, and whatever the cluster answers counts only after PostgreSQL has found it among the
    assets. Either way a membership, a collection or an asset's place that changed a moment ago holds, and
    an index that is behind or wrong can hide an asset, but never show one.
    """

    def __init__(self, assets: AssetQuerySet) -> None:
        self._assets = assets.order_by()
        ids = list(self._assets.values_list("pk", flat=True)[: MOST_IDS + 1])
        self._named = frozenset(ids) if len(ids) <= MOST_IDS else None

    @property
    def is_empty(self) -> bool:
        return self._named == frozenset()

    @property
    def is_named(self) -> bool:
        """Whether the query names every asset, so that its answers need no sifting."""
        return self._named is not None

    def filter(self) -> dict[str, Any]:
        """The clause that no answer may be outside of."""
        if self._named is not None:
            return {"terms": {"asset": sorted(self._named)}}
        holders = Library.objects.filter(Exists(self._assets.filter(library=OuterRef("pk"))))
        return {"terms": {"library": sorted(holders.values_list("pk", flat=True))}}

    def keep(self, ids: Sequence[int]) -> list[int]:
        """Those of the ids that are among the assets, in the order given, each once."""
        known = self._named
        if known is None:
            known = frozenset(self._assets.filter(pk__in=ids).values_list("pk", flat=True))
        return [pk for pk in dict.fromkeys(ids) if pk in known]
