"""Webhooks about what is new in a saved search: see dam.webhooks for how they are signed and sent."""

from __future__ import annotations

import json

from django.utils import timezone

from dam.webhooks.addresses import AddressError
from dam.webhooks.delivery import DeliveryError, deliver, pause_after
from search import saved_alerts
from search.saved_links import links
from search.saved_models import News, SavedSearch

ATTEMPTS = 10
"""Failures one after the other after which a webhook is stopped: some four hours."""
NAMED = 100
"""Assets that a message names."""


def post_news(saved: SavedSearch) -> bool:
    """Post the oldest news not posted so far, as one message; returns whether the receiver took it.

    The id of the message stays the same from attempt to attempt, so that the receiver can tell a repetition.
    A failure puts the next attempt off; after ATTEMPTS of them the webhook is stopped, with the reason.
    """
    news = News.objects.filter(saved=saved, posted_at=None).order_by("pk").first()
    if news is None or saved.webhook_stopped or saved.webhook_after > timezone.now():
        return False
    body = message(news)
    try:
        if body:
            deliver(saved.webhook_url, saved.webhook_secret, f"news_{news.pk}", body)
            _succeeded(saved)
    except (AddressError, DeliveryError) as problem:
        put_off(saved, str(problem))
        return False
    news.posted_at = timezone.now()
    news.save(update_fields=["posted_at"])
    return bool(body)


def message(news: News) -> bytes:
    """The JSON of a message; empty where the owner may see none of the assets any more."""
    saved = news.saved
    assets = saved_alerts.assets_of([news], saved)
    total = assets.count()
    addresses = links(saved, list(assets[:NAMED]))
    named = [{"id": a.pk, "title": str(a), "kind": a.kind, "url": url} for a, url in addresses.assets]
    search = {"id": saved.pk, "name": saved.name, "text": saved.text, "url": addresses.page}
    told = {
        "type": "search.matched",
        "timestamp": news.found_at.isoformat(),
        "data": {"search": search, "total": total, "assets": named},
    }
    return json.dumps(told, ensure_ascii=False).encode() if total else b""


def put_off(saved: SavedSearch, problem: str) -> None:
    """Count a failure with its reason: the next attempt waits, or there is none any more."""
    saved.webhook_failures += 1
    saved.webhook_after = timezone.now() + pause_after(saved.webhook_failures)
    saved.webhook_problem = problem
    saved.webhook_stopped = saved.webhook_failures >= ATTEMPTS
    _save(saved)


def _succeeded(saved: SavedSearch) -> None:
    saved.webhook_failures, saved.webhook_problem = 0, ""
    saved.webhook_after = timezone.now()
    _save(saved)


def _save(saved: SavedSearch) -> None:
    saved.save(update_fields=["webhook_failures", "webhook_after", "webhook_problem", "webhook_stopped"])
