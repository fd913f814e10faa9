"""Pictures on the covers of collections, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Collection as Some
from typing import TYPE_CHECKING

from dam.assets.models import Asset
from dam.collections.models import Collection
from indexing import flags

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


def mark(user: AnyUser, collections: Some[Collection]) -> None:
    """Set `shown_cover` of each collection to the asset on its cover, or None: three queries at most.

    What the reader may not see is on no cover, nor is a flagged asset: it would be blurred there.
    """
    wanted = [each.cover_id for each in collections if each.cover_id]
    seen = Asset.objects.visible_to(user).prefetch_related("renditions").in_bulk(wanted) if wanted else {}
    flags.mark(seen.values())
    for each in collections:
        cover = seen.get(each.cover_id)
        each.shown_cover = cover if cover and not flags.is_flagged(cover) else None  # type: ignore[attr-defined]
