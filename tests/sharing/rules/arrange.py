"""Arranging, smart collections, lightboxes and exhibitions."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from dam.assets.models import Rendition
from dam.collections.models import (
    Exhibition,
    ExhibitionMoment,
    ExhibitionSection,
    Lightbox,
    LightboxItem,
)
from tests.factories import make_asset, make_user
from tests.sharing.rule import ADMINISTRATOR, ARCHIVIST, NOBODY, VIEWER, WHOLE, Rows, Rule, at, over_all
from tests.sharing.rules import MARK

RULES = {
    "new-smart-collection": over_all(
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"name": "New", "query": "boat", "place": f"library-{r['library'].pk}"},
    ),
    "arrange-collection": at("collection", get=ARCHIVIST),
    "order-collection": at(
        "collection", post=ARCHIVIST, data=lambda r: {"asset": r["asset"].pk, "to": "end"}
    ),
    "collection-cover": at("collection", post=ARCHIVIST, data=lambda r: {"asset": r["asset"].pk}),
    "move-collection": at(
        "collection", post=ARCHIVIST, data=lambda r: {"place": f"library-{r['library'].pk}"}
    ),
    "api:collection-order": at(
        "collection", post=ARCHIVIST, data=lambda r: {"asset": r["asset"].pk, "before": None}
    ),
    "pick": at("asset", post=VIEWER),
    "lightboxes": Rule(methods={"GET": 0, "POST": 0}),
    "lightbox": at("lightbox", get=NOBODY),
    "compare-lightbox": at("lightbox", get=NOBODY),
    "change-lightbox": at("lightbox", post=NOBODY, data=lambda r: {"action": "empty"}),
    "share-lightbox": at("lightbox", post=NOBODY, data=lambda r: {"email": "somebody@example.org"}),
    "lightbox-collection": at(
        "lightbox", post=NOBODY, data=lambda r: {"name": "New", "place": f"library-{r['library'].pk}"}
    ),
    "change-pick": at("lightbox", "pick", post=NOBODY, data=lambda r: {"action": "take-out"}),
    "exhibitions": over_all(
        post=ARCHIVIST, places=WHOLE, data=lambda r: {"title": "New", "library": r["library"].pk}
    ),
    "edit-exhibition": at(
        "exhibition",
        get=ARCHIVIST,
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {"title": "Other", "slug": "other"},
    ),
    "exhibition-state": at("exhibition", post=ARCHIVIST, places=WHOLE, data=lambda r: {"action": "withdraw"}),
    "add-section": at("exhibition", post=ARCHIVIST, places=WHOLE),
    "change-section": at(
        "exhibition", "section", post=ARCHIVIST, places=WHOLE, data=lambda r: {"action": "take-out"}
    ),
    "add-moments": at(
        "exhibition",
        "section",
        post=ARCHIVIST,
        places=WHOLE,
        data=lambda r: {f"add-{r['section'].pk}-address": str(r["shown"].pk)},
    ),
    "change-moment": at(
        "exhibition", "moment", post=ARCHIVIST, places=WHOLE, data=lambda r: {"action": "take-out"}
    ),
    "public-pages": at("library", post=ADMINISTRATOR, places=WHOLE, data=lambda r: {"public": "on"}),
    "exhibition": at("exhibition_slug", get=ARCHIVIST, places=WHOLE),
    "exhibition-media": at("exhibition_slug", "moment", "exhibited_file", get=ARCHIVIST, places=WHOLE),
}

KEPT = (Lightbox, LightboxItem, Lightbox.readers.through, Exhibition, ExhibitionSection, ExhibitionMoment)


def rows(rows: Rows) -> dict[str, Any]:
    """Somebody else's lightbox, and a draft with a picture that is stored."""
    lightbox = Lightbox.objects.create(owner=make_user(), name=MARK)
    pick = lightbox.items.create(asset=rows["asset"], note=MARK)
    shown = make_asset(rows["library"], title=MARK)
    file = Rendition.objects.create(asset=shown, name="thumb-large", media_type="image/webp", size=4)
    file.file.save("e.webp", ContentFile(b"webp"))
    draft = Exhibition.objects.create(library=rows["library"], title=MARK, slug="draft")
    section = draft.sections.create(heading=MARK)
    moment = section.moments.create(asset=shown, caption=MARK)
    return {
        "lightbox": lightbox,
        "pick": pick,
        "shown": shown,
        "exhibition": draft,
        "exhibition_slug": draft.slug,
        "section": section,
        "moment": moment,
        "exhibited_file": file.name,
    }
