"""Work on the index that happens elsewhere than in a request."""

from __future__ import annotations

from collections.abc import Sequence

from celery import shared_task

from search import documents


@shared_task(queue="io")
def rebuild_documents(asset_ids: Sequence[int]) -> None:
    """Derive the documents of those assets anew."""
    documents.rebuild(asset_ids)
