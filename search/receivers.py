"""The index follows the facts: a few assets at once, many through the queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_delete

from dam.assets.models import Asset
from dam.assets.signals import asset_ingested
from dam.people.signals import traces_erased
from indexing.signals import facts_changed
from search import documents, tasks

AT_ONCE = 500
"""Up to this many assets are searchable when the sender goes on, a second or two later at the most: a person
who decides sees it at once. Someone who is renamed on more pictures than that is found a little later."""

BATCH = 500


def connect() -> None:
    """Listen to the domain and to indexing. Connecting twice does no harm."""
    facts_changed.connect(follow_facts, dispatch_uid="search.follow_facts")
    asset_ingested.connect(follow_asset, dispatch_uid="search.follow_asset")
    traces_erased.connect(follow_erasure, dispatch_uid="search.follow_erasure")
    post_delete.connect(follow_deletion, sender=Asset, dispatch_uid="search.follow_deletion")


def follow_facts(asset_ids: Sequence[int], **_: Any) -> None:
    """Rebuild the documents of assets whose facts changed."""
    if len(asset_ids) <= AT_ONCE:
        documents.rebuild(asset_ids)
        tasks.follow(asset_ids)
        return
    for first in range(0, len(asset_ids), BATCH):
        tasks.rebuild_documents.delay(list(asset_ids[first : first + BATCH]))


def follow_asset(asset: Asset, **_: Any) -> None:
    """A new asset can be found by its name before anything is known about it."""
    documents.rebuild([asset.pk])
    tasks.follow([asset.pk])


def follow_deletion(instance: Asset, **_: Any) -> None:
    """What was known about a deleted asset goes from the search server too."""
    tasks.follow([instance.pk])


def follow_erasure(asset_ids: Sequence[int], **_: Any) -> None:
    """An erased name is gone from the index, and from spelling suggestions, when the sender goes on."""
    documents.rebuild(asset_ids)
    documents.prune_vocabulary()
    tasks.follow(asset_ids)
