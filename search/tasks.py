"""Work on the index that happens elsewhere than in a request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from celery import shared_task
from django.db import transaction

from dam import env
from search import documents
from search.backends import choice
from search.backends.elasticsearch.address import Away, configured

AT_ONCE = 50
"""Up to this many assets are sent to the search server before the sender goes on."""


@shared_task(queue="io")
def rebuild_documents(asset_ids: Sequence[int]) -> None:
    """Derive the documents of those assets anew."""
    documents.rebuild(asset_ids)
    if env.ELASTICSEARCH_URL:
        mirror_documents.delay(list(asset_ids))


@shared_task(queue="io", autoretry_for=(Away,), retry_backoff=2, retry_backoff_max=600, max_retries=30)
def mirror_documents(asset_ids: Sequence[int]) -> None:
    """Bring the search server up to date; tried again for some four hours while it is away."""
    _index(asset_ids, patient=True)


def follow(asset_ids: Sequence[int]) -> None:
    """Bring the search server, where there is one, up to date once the transaction is committed: at once
    if they are few and it answers, else by a task. Its failure never fails the caller."""
    if env.ELASTICSEARCH_URL:
        transaction.on_commit(partial(_mirror, list(asset_ids)), robust=True)


def _mirror(asset_ids: list[int]) -> None:
    if len(asset_ids) > AT_ONCE:
        mirror_documents.delay(asset_ids)
        return
    try:
        choice.refuse_while_resting()
        _index(asset_ids, patient=False)
    except Away:
        mirror_documents.delay(asset_ids)


def _index(asset_ids: Sequence[int], *, patient: bool) -> None:
    """The client takes more than a second to import, so only where there is a cluster."""
    if place := configured():
        from search.backends.elasticsearch import indexing

        indexing.index(place, asset_ids, patient=patient)
