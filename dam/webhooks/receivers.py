"""What happens in the other rooms is written to the outbox.

What is put in the trash, taken out, arranged or visited is written in the transaction that changes it. What
was added, purged, found or decided is told after the commit, as the rooms tell it (and because a library
takes its endpoints with it): should the process die in between, that message is not written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from dam.assets.models import Asset
from dam.assets.signals import asset_ingested
from dam.collections.models import Collection, CollectionItem
from dam.sharing.models import LinkVisit
from dam.webhooks import outbox, sending, tasks
from indexing.models import Annotation
from indexing.signals import decided, facts_changed, looking_around


def connect() -> None:
    """Listen to the house. Connecting twice does no harm."""
    asset_ingested.connect(added, dispatch_uid="webhooks.added")
    facts_changed.connect(changed, dispatch_uid="webhooks.changed")
    decided.connect(accepted, dispatch_uid="webhooks.accepted")
    post_save.connect(saved_asset, sender=Asset, dispatch_uid="webhooks.saved_asset")
    post_delete.connect(purged, sender=Asset, dispatch_uid="webhooks.purged")
    post_save.connect(arranged, sender=Collection, dispatch_uid="webhooks.arranged")
    post_delete.connect(deleted_collection, sender=Collection, dispatch_uid="webhooks.deleted_collection")
    post_save.connect(rearranged, sender=CollectionItem, dispatch_uid="webhooks.rearranged")
    post_delete.connect(rearranged, sender=CollectionItem, dispatch_uid="webhooks.taken_out")
    post_save.connect(visited, sender=LinkVisit, dispatch_uid="webhooks.visited")
    looking_around.connect(look_around, dispatch_uid="webhooks.look_around")


def look_around(**_: Any) -> None:
    """Send what is due, whenever the planner looks around."""
    tasks.send_all_due()
    sending.sweep()


def added(asset: Asset, **_: Any) -> None:
    """A file came in."""
    outbox.announce("asset.added", asset.library_id, [asset.pk])


def changed(asset_ids: Sequence[int], **_: Any) -> None:
    """Facts of assets are no longer what they were."""
    outbox.announce_assets("asset.changed", asset_ids)


def accepted(annotation: Annotation, **_: Any) -> None:
    """A person has decided; what they rejected is nobody else's concern."""
    if annotation.status == Annotation.Status.ACCEPTED:
        outbox.announce("facts.accepted", annotation.asset.library_id, [annotation.pk])


def saved_asset(instance: Asset, update_fields: Any = None, **_: Any) -> None:
    """An asset went into the trash, or came out of it."""
    if update_fields and "trashed_at" in update_fields:
        event = "asset.trashed" if instance.trashed_at else "asset.restored"
        outbox.announce(event, instance.library_id, [instance.pk])


def purged(instance: Asset, **_: Any) -> None:
    """An asset is gone for good."""
    _after_commit("asset.removed", instance.library_id, instance.pk)


def arranged(instance: Collection, **_: Any) -> None:
    """A collection was made, renamed or moved."""
    outbox.announce("collection.changed", instance.library_id, [instance.pk])


def deleted_collection(instance: Collection, **_: Any) -> None:
    """A collection was deleted."""
    _after_commit("collection.changed", instance.library_id, instance.pk)


def rearranged(instance: CollectionItem, **_: Any) -> None:
    """Something was put into a collection, or taken out of it."""
    transaction.on_commit(partial(_changed_inside, instance.collection_id), robust=True)


def _changed_inside(collection_pk: int) -> None:
    """A collection that was deleted with its items is told of once, as deleted."""
    library_id = Collection.objects.filter(pk=collection_pk).values_list("library", flat=True).first()
    if library_id is not None:
        outbox.announce("collection.changed", library_id, [collection_pk])


def _after_commit(event: str, library_id: int, pk: int) -> None:
    transaction.on_commit(partial(outbox.announce, event, library_id, [pk]), robust=True)


def visited(instance: LinkVisit, created: bool, **_: Any) -> None:
    """A guest opened a share link."""
    if created and instance.kind == LinkVisit.Kind.OPENED:
        outbox.announce("share.visited", instance.link.library_id, [instance.pk])
