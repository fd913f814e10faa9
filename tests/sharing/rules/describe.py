"""Addresses of describing, of history, of the trash and of earlier files."""

from __future__ import annotations

from django.core.files.base import ContentFile

from dam.assets.models import FileVersion, Rendition
from dam.describing.models import AssetEvent, CollectionEvent, PersonEvent, Purge
from tests.sharing.rule import ADMINISTRATOR, ARCHIVIST, NOBODY, WHOLE, Rows, Rule, at, over_all
from tests.sharing.rules import MARK


def rows(rows: Rows) -> Rows:
    """An earlier file, a picture in the trash, an event of each sort, and somebody else's purge."""
    asset, collection, person = rows["asset"], rows["collection"], rows["person"]
    version = FileVersion(asset=asset, sha256="0" * 64, size=4, original_name=MARK, media_type="image/jpeg")
    version.original.save("earlier.jpg", ContentFile(b"jpeg"))
    thumb = Rendition(asset=rows["trashed"], name="thumb-small", media_type="image/webp", size=4)
    thumb.file.save("thrown.webp", ContentFile(b"webp"))
    for row in (asset, collection, person):
        column = "title" if row is asset else "name"
        type(row).objects.filter(pk=row.pk).update(**{column: f"{MARK} before"})
        type(row).objects.filter(pk=row.pk).update(**{column: MARK})
    return {
        "version": version,
        "purge": Purge.objects.create(assets=[asset.pk]),
        "collection_event": CollectionEvent.objects.filter(pgh_obj=collection.pk).latest("pgh_id"),
        "person_event": PersonEvent.objects.filter(pgh_obj=person.pk).latest("pgh_id"),
    }


def _version(name: str, event: str):
    return lambda rows: {"name": name, "version": rows[event].pk}


RULES = {
    "describe": at("asset", get=ARCHIVIST, post=ARCHIVIST, data=lambda r: {"title": "Other", "before": "{}"}),
    "read-date": over_all(),
    "asset-history": at("asset", get=ARCHIVIST),
    "compare-versions": at("asset", get=ARCHIVIST),
    "restore-field": at("asset", post=ARCHIVIST, data=lambda r: {"name": "title"}),
    "collection-history": at("collection", get=ARCHIVIST),
    "restore-collection": at("collection", post=ARCHIVIST, data=_version("name", "collection_event")),
    "person-history": at("person", get=ARCHIVIST, places=WHOLE),
    "restore-person": at("person", post=ARCHIVIST, places=WHOLE, data=_version("name", "person_event")),
    "trash-asset": at("asset", post=ARCHIVIST),
    "trash": over_all(),
    "trashed-picture": at("trashed", get=ARCHIVIST),
    "restore-assets": Rule(methods={"POST": ARCHIVIST}, data=lambda r: {"assets": r["trashed"].pk}),
    "purge": Rule(
        methods={"POST": ADMINISTRATOR},
        places=WHOLE,
        data=lambda r: {"assets": r["trashed"].pk, "number": "1"},
    ),
    "purging": at("purge", get=NOBODY),
    "replace-file": at("asset", get=ARCHIVIST, post=ARCHIVIST),
    "file-version": at("asset", "version", get=ARCHIVIST),
    "restore-file": at("asset", "version", post=ARCHIVIST),
}
KEPT = (FileVersion, AssetEvent, CollectionEvent, PersonEvent, Purge)
