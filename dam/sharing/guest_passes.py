"""How a guest comes in: a password is asked for, a visit begins, and a signed cookie remembers it."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac

from dam.assets.models import Asset
from dam.sharing.guest_address import client_address, network_of
from dam.sharing.link_models import LinkVisit, ShareLink

SALT = "dam.sharing.guest"
VISIT = timedelta(hours=12)
"""How long a visit lasts; a password is asked for again after it."""
ATTEMPTS, ATTEMPTS_WITHIN = 10, timedelta(minutes=15)
"""Wrong passwords that one address may give for one link, and the time after which they are forgotten."""


class TooManyAttemptsError(Exception):
    """Too many wrong passwords came from that address; the right one is not looked at either."""


def holds_pass(request: HttpRequest, link: ShareLink) -> bool:
    """Whether the browser's visit to this link goes on; a changed password or address ends it."""
    given = request.get_signed_cookie(_name(link), "", salt=SALT, max_age=VISIT)
    return given == _fingerprint(link)


def begin_visit(request: HttpRequest, link: ShareLink) -> bool:
    """Count and log a visit; False where the link has had as many as it may have."""
    left = Q(max_visits=None) | Q(visit_count__lt=F("max_visits"))
    if not ShareLink.objects.filter(left, pk=link.pk).update(visit_count=F("visit_count") + 1):
        return False
    log(request, link, LinkVisit.Kind.OPENED)
    return True


def give_pass(response: HttpResponseBase, link: ShareLink, token: str) -> None:
    """Have the browser remember the visit, for this link alone."""
    response.set_signed_cookie(
        _name(link),
        _fingerprint(link),
        salt=SALT,
        max_age=VISIT,
        path=reverse("guest", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_password(request: HttpRequest, link: ShareLink, given: str) -> bool:
    """Whether that is the link's password; a wrong one is counted and logged.

    Raises TooManyAttemptsError after ATTEMPTS wrong ones from the same address within ATTEMPTS_WITHIN.
    """
    key = _attempts_key(request, link)
    if cache.get(key, 0) >= ATTEMPTS:
        raise TooManyAttemptsError
    if check_password(given, link.password):
        return True
    cache.add(key, 0, ATTEMPTS_WITHIN.total_seconds())
    cache.incr(key)
    log(request, link, LinkVisit.Kind.REFUSED)
    return False


def log(request: HttpRequest, link: ShareLink, kind: LinkVisit.Kind, asset: Asset | None = None) -> None:
    """Write down what the guest did, with their network and nothing else about them."""
    LinkVisit.objects.create(link=link, kind=kind, asset=asset, address=network_of(request))


def _name(link: ShareLink) -> str:
    return f"guest-{link.pk}"


def _fingerprint(link: ShareLink) -> str:
    return salted_hmac(SALT, f"{link.token_hash}{link.password}", algorithm="sha256").hexdigest()


def _attempts_key(request: HttpRequest, link: ShareLink) -> str:
    return f"{SALT}:{link.pk}:{sha256(client_address(request).encode()).hexdigest()}"
