"""The Elasticsearch backend before a loopback cluster, and what it asked of it."""

from __future__ import annotations

from dam.assets.models import Asset
from dam.collections.models import Library
from dam.sharing.models import User
from search import documents
from search.backends.elasticsearch.address import address
from search.backends.elasticsearch.backend import ElasticsearchBackend
from search.filters import Filters
from tests.factories import make_asset, make_fact
from tests.search.backends.elastic import Cluster

SEARCH = "/shelf/_search"


def seen(library: Library, *facts: tuple[str, str], **fields: object) -> Asset:
    asset = make_asset(library, **fields)
    for kind, text in facts:
        make_fact(asset, kind, text)
    documents.rebuild([asset.pk])
    return asset


def opened(cluster: Cluster, user: User, filters: Filters | None = None) -> ElasticsearchBackend:
    assets = (filters or Filters()).apply(Asset.objects.visible_to(user), user)
    return ElasticsearchBackend(assets, address(cluster.url), user)


def asked(cluster: Cluster, part: str) -> list[dict]:
    """The bodies of searches that hold that key."""
    return [each.body for each in cluster.asked_for("POST", SEARCH) if part in each.body]
