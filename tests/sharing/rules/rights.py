"""Rights, downloads, and the public face, which is tested by itself: it is open to all, and tells little."""

from __future__ import annotations

from dam.rights.models import (
    Acceptance,
    AssetRights,
    CollectionRights,
    Download,
    LibraryRights,
    Terms,
)
from tests.sharing.rule import ADMINISTRATOR, ARCHIVIST, VIEWER, WHOLE, Rows, Rule, at
from tests.sharing.rules import MARK

PUBLIC = {"public-asset", "public-rendition", "public-captions", "sitemap", "robots"}

RULES: dict[str, Rule] = {
    "asset-rights": at("asset", get=ARCHIVIST, post=ARCHIVIST, data=lambda r: {"holder": "Other"}),
    "publish-asset": at("asset", post=ARCHIVIST, data=lambda r: {"action": "withdraw"}),
    "download": at("asset", get=VIEWER, post=VIEWER, data=lambda r: {"rendition": "original"}),
    "asset-downloads": at("asset", get=ARCHIVIST),
    "collection-rights": at("collection", get=ARCHIVIST, post=ARCHIVIST, data=lambda r: {"holder": "Other"}),
    "publish-collection": at("collection", post=ARCHIVIST, data=lambda r: {"action": "withdraw"}),
    "library-rights": at(
        "library",
        get=ADMINISTRATOR,
        post=ADMINISTRATOR,
        places=WHOLE,
        data=lambda r: {
            "originals_from": int(VIEWER),
            "mark_text": "Other",
            "mark_position": "centre",
            "mark_opacity": 50,
        },
    ),
    "watermark-sample": at("library", get=ADMINISTRATOR, places=WHOLE),
}

KEPT = (AssetRights, CollectionRights, LibraryRights, Terms, Acceptance, Download)


def rows(rows: Rows) -> Rows:
    """Rights of the asset and of the collection, a watermark, and somebody's download."""
    asset, collection, library = rows["asset"], rows["collection"], rows["library"]
    AssetRights.objects.create(asset=asset, credit_line=MARK, embargo_reason=MARK)
    CollectionRights.objects.create(collection=collection, credit_line=MARK)
    LibraryRights.objects.create(library=library, mark_text="Archive")
    Download.objects.create(asset=asset, email=f"{MARK}@example.org", rendition="web")
    return {}
