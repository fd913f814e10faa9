"""What messages say of assets, facts, collections and visits: what the endpoint's maker may see now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.urls import reverse

from dam.assets.models import Asset
from dam.collections.models import Collection
from dam.sharing.access import AssetQuerySet, collections_for
from dam.sharing.models import LinkVisit, User
from dam.sharing.scopes import trashed_for
from dam.webhooks import events
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.webhooks.models import Endpoint

Told = list[dict[str, Any]]


def _maker(endpoint: Endpoint) -> User:
    if endpoint.made_by is None:
        raise ValueError("Nothing is said in the name of nobody.")
    return endpoint.made_by


def _seen(endpoint: Endpoint) -> AssetQuerySet:
    return Asset.objects.visible_to(_maker(endpoint)).filter(library=endpoint.library_id)


def _asset(endpoint: Endpoint, asset: Asset) -> dict[str, Any]:
    url = urljoin(endpoint.site, asset.get_absolute_url())
    return {"id": asset.pk, "title": str(asset), "kind": asset.kind, "url": url}


def assets(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Assets by id, title, kind and address."""
    return [_asset(endpoint, asset) for asset in _seen(endpoint).filter(pk__in=ids).order_by("pk")]


def trashed(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Assets in the trash, without an address: they have no page there."""
    found = trashed_for(_maker(endpoint)).filter(library=endpoint.library_id, pk__in=ids).order_by("pk")
    return [{"id": asset.pk, "title": str(asset), "kind": asset.kind} for asset in found]


def gone(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Assets that were purged: only their ids are left, and are not used again."""
    return [{"id": pk} for pk in ids]


def facts(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Accepted facts with their places in seconds, and the asset that they are about."""
    accepted = Annotation.objects.filter(pk__in=ids, status=Annotation.Status.ACCEPTED)
    found = accepted.filter(asset__in=_seen(endpoint)).select_related("asset").order_by("pk")
    return [
        {
            "id": fact.pk,
            "kind": fact.kind,
            "text": fact.text,
            "start": fact.start,
            "end": fact.end,
            "asset": _asset(endpoint, fact.asset),
        }
        for fact in found
    ]


def collections(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Collections by id, name and address; deleted ones by their id."""
    seen = collections_for(_maker(endpoint)).filter(library=endpoint.library_id, pk__in=ids).order_by("pk")
    there = set(Collection.objects.filter(pk__in=ids).values_list("pk", flat=True))
    deleted = [{"id": pk, "deleted": True} for pk in ids if pk not in there]
    return [_collection(endpoint, each) for each in seen] + deleted


def _collection(endpoint: Endpoint, collection: Collection) -> dict[str, Any]:
    url = urljoin(endpoint.site, reverse("collection", args=[collection.pk]))
    return {"id": collection.pk, "name": collection.name, "url": url}


def visits(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Visits by share links of the library. Where the guests came from stays here."""
    found = LinkVisit.objects.filter(pk__in=ids, link__library=endpoint.library_id).select_related("link")
    return [
        {
            "id": visit.pk,
            "at": visit.at.isoformat(),
            "link": {"id": visit.link_id, "title": visit.link.title},
            "url": urljoin(endpoint.site, visit.link.get_absolute_url()),
        }
        for visit in found.order_by("pk")
    ]


def test(endpoint: Endpoint, ids: Sequence[int]) -> Told:
    """Nothing but a greeting."""
    return [{"message": f"{endpoint.name} is connected."}]


def register() -> None:
    """Register the events of this installation. Registering twice does no harm."""
    events.register("asset.added", "A file was added", assets)
    events.register("asset.changed", "What is known about a file has changed", assets)
    events.register("asset.trashed", "A file was put in the trash", trashed)
    events.register("asset.restored", "A file was taken out of the trash", assets)
    events.register("asset.removed", "A file was purged", gone)
    events.register("facts.accepted", "A person accepted a fact", facts)
    events.register("collection.changed", "A collection was changed", collections)
    events.register("share.visited", "A guest opened a share link", visits)
    events.register(events.TEST, "A test", test)
