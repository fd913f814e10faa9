"""Assets that a search server is to hold."""

from __future__ import annotations

from typing import Any

from dam.assets.models import Asset
from indexing.models import Embedding
from search import documents
from tests.factories import make_asset, make_fact, make_run


def known(**fields: Any) -> Asset:
    asset = make_asset(**fields)
    make_fact(asset, "object", "dog")
    documents.rebuild([asset.pk])
    return asset


def embedded(asset: Asset, space: str, *vectors: list[float], **fields: Any) -> Asset:
    """The asset with those vectors."""
    run = asset.runs.filter(analyser="made").first() or make_run(asset, "made")
    for vector in vectors:
        Embedding.objects.create(asset=asset, run=run, space=space, vector=vector, **fields)
    return asset
