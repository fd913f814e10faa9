"""Rules of share links, of the pages of guests, of the audit trail, and of webhooks."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dam.audit.models import AuditEntry
from dam.sharing.links import digest
from dam.sharing.models import LinkVisit, Role, ShareLink
from dam.webhooks.models import Delivery, Endpoint
from tests.factories import make_member
from tests.sharing.rule import ADMINISTRATOR, ARCHIVIST, NOBODY, WHOLE, Rule, at, over_all
from tests.sharing.rules import MARK

PUBLIC = {
    "guest",
    "guest-asset",
    "guest-transcript",
    "guest-captions",
    "guest-download",
    "guest-rendition",
}
"""Open to whoever holds the token: tests/sharing/test_guests.py says what they show."""

KEPT = (ShareLink, LinkVisit, Endpoint, Delivery)


def _settings(rows: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Shared", "last_day": "2099-01-01"}


def _endpoint(rows: dict[str, Any]) -> dict[str, Any]:
    chosen = {"name": "Other", "url": "https://hook.example.org/", "events": ["asset.added"]}
    return {**chosen, "library": rows["library"].pk, "active": "on"}


RULES = {
    "links": over_all(),
    "new-link": over_all(),
    "share-asset": at("asset", get=ARCHIVIST, post=ARCHIVIST, data=_settings),
    "share-collection": at("collection", get=ARCHIVIST, post=ARCHIVIST, data=_settings),
    "link": at("link", get=ADMINISTRATOR, places=WHOLE),
    "edit-link": at("link", post=NOBODY, data=_settings),
    "renew-link": at("link", post=NOBODY),
    "revoke-link": at("link", post=ADMINISTRATOR, places=WHOLE),
    "restore-link": at("revoked", post=ADMINISTRATOR, places=WHOLE),
    "audit": Rule(methods={"GET": ADMINISTRATOR}, places=WHOLE),
    "export-audit": Rule(methods={"GET": ADMINISTRATOR}, places=WHOLE),
    "webhooks": Rule(methods={"GET": ADMINISTRATOR, "POST": ADMINISTRATOR}, places=WHOLE, data=_endpoint),
    "webhook": at("endpoint", get=ADMINISTRATOR, places=WHOLE),
    "edit-webhook": at("endpoint", post=ADMINISTRATOR, places=WHOLE, data=_endpoint),
    "test-webhook": at("endpoint", post=ADMINISTRATOR, places=WHOLE),
    "remove-webhook": at("endpoint", post=ADMINISTRATOR, places=WHOLE),
    "restore-webhook": at("removed_endpoint", post=ADMINISTRATOR, places=WHOLE),
    "send-webhook-again": at("delivery", post=ADMINISTRATOR, places=WHOLE),
}


def rows(rows: dict[str, Any]) -> dict[str, Any]:
    """An open and a revoked link of somebody else, a connected system with a message, and an act."""
    library = rows["library"]
    maker = make_member(library, Role.ARCHIVIST)
    link, revoked = (
        ShareLink.objects.create(
            maker=maker, library=library, kind="asset", title=MARK, token_hash=digest(name), revoked_at=when
        )
        for name, when in (("open", None), ("revoked", timezone.now()))
    )
    link.assets.set([rows["asset"]])
    LinkVisit.objects.create(link=link, kind="opened")
    endpoint, removed = (
        Endpoint.objects.create(
            library=library,
            made_by=maker,
            name=MARK,
            url="https://hook.example.org/",
            events=["asset.exported"],
            removed_at=when,
        )
        for when in (None, timezone.now())
    )
    delivery = Delivery.objects.create(endpoint=endpoint, event="test", state="delivered", body=MARK)
    AuditEntry.objects.create(
        action="link.made", actor_label=MARK, library_id=library.pk, library_label=MARK, target_label=MARK
    )
    return {
        "link": link,
        "revoked": revoked,
        "endpoint": endpoint,
        "removed_endpoint": removed,
        "delivery": delivery,
    }
