"""Webhooks about what is new in a saved search, signed as Standard Webhooks 1.0 says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from datetime import timedelta

import certifi
import urllib3
from django.utils import timezone

from search import saved_alerts
from search.saved_addresses import AddressError, Target, resolve
from search.saved_links import links
from search.saved_models import News, SavedSearch

TIMEOUT = urllib3.Timeout(connect=5.0, read=10.0)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
"""The time before the next attempt doubles from the first to the longest."""
ATTEMPTS = 10
"""Failures one after the other after which a webhook is stopped: some four hours."""
NAMED = 100
"""Assets that a message names."""
HEAD = 2_000


class DeliveryError(Exception):
    """The receiver did not take the message. The text is for a person."""


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


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header webhook-signature: HMAC-SHA256 of "id.timestamp.body" in base64."""
    key = b64decode(secret.removeprefix(saved_alerts.SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def deliver(url: str, secret: str, message_id: str, body: bytes) -> None:
    """Post the body once. Raises AddressError for an address that may not be, DeliveryError for any answer
    but 2xx, and for none. Redirections are not followed: they would lead past the check of the address."""
    target = resolve(url)
    timestamp = int(timezone.now().timestamp())
    headers = {
        "Host": target.authority,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Mediatheque",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
    try:
        with _pool(target) as pool:
            answer = pool.urlopen(
                "POST", target.path, body, headers, retries=False, redirect=False, preload_content=False
            )
            status = answer.status
            answer.close()
    except urllib3.exceptions.HTTPError as problem:
        raise DeliveryError(f"{target.host} could not be reached: {problem}"[:HEAD]) from problem
    if not 200 <= status < 300:
        raise DeliveryError(f"{target.host} answered {status} instead of 2xx.")


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    """Connections to the number that was judged; the certificate must be the host's all the same."""
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.ip, target.port, timeout=TIMEOUT)
    return urllib3.HTTPSConnectionPool(
        target.ip,
        target.port,
        timeout=TIMEOUT,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def put_off(saved: SavedSearch, problem: str) -> None:
    """Count a failure with its reason: the next attempt waits, or there is none any more."""
    saved.webhook_failures += 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (saved.webhook_failures - 1))
    saved.webhook_after = timezone.now() + pause
    saved.webhook_problem = problem
    saved.webhook_stopped = saved.webhook_failures >= ATTEMPTS
    _save(saved)


def _succeeded(saved: SavedSearch) -> None:
    saved.webhook_failures, saved.webhook_problem = 0, ""
    saved.webhook_after = timezone.now()
    _save(saved)


def _save(saved: SavedSearch) -> None:
    saved.save(update_fields=["webhook_failures", "webhook_after", "webhook_problem", "webhook_stopped"])
