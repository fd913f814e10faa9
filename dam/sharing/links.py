"""Share links: how they come, who looks after them, and how they end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from dam.sharing.link_models import LinkVisit, ShareLink
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser
    from dam.sharing.models import User

TOKEN_BYTES = 32
USUAL_LIFE = timedelta(days=30)
"""After how long a link ends unless its maker says otherwise."""
TAKEN_BACK_WITHIN = timedelta(days=30)
"""How long a revoked link can be opened again."""
VISITS_KEPT = timedelta(days=365)


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> ShareLink | None:
    """The open link of that token, with its maker; None for one that is revoked, expired, or not there."""
    found = ShareLink.objects.select_related("maker", "library").filter(token_hash=digest(token)).first()
    return found if found is not None and found.is_open else None


def renew(link: ShareLink) -> str:
    """Give the link a new token and return it; it is kept nowhere. The one before leads nowhere now."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link.token_hash = digest(token)
    link.save(update_fields=None if link._state.adding else ["token_hash"])
    return token


def own_links(user: AnyUser) -> QuerySet[ShareLink]:
    """The links that the user made and may change."""
    return ShareLink.objects.filter(maker=user.pk)


def links_for(user: AnyUser) -> QuerySet[ShareLink]:
    """The user's own links, and all links of libraries that the user administers."""
    administered = whole_libraries_for(user, Role.ADMINISTRATOR).values("pk")
    return ShareLink.objects.filter(Q(maker=user.pk) | Q(library__in=administered))


def may_be_endless(user: AnyUser, library_id: int) -> bool:
    """Whether the user may make links to things of that library that never expire."""
    return whole_libraries_for(user, Role.ADMINISTRATOR).filter(pk=library_id).exists()


def revoke(link: ShareLink, user: User) -> None:
    """End a link at once; pages that are open already show nothing more."""
    link.revoked_at, link.revoked_by = timezone.now(), user
    link.save(update_fields=["revoked_at", "revoked_by"])


def restorable_for(user: AnyUser) -> QuerySet[ShareLink]:
    """The links whose end the user may take back: administrators any, makers what they ended themselves."""
    lately = ShareLink.objects.filter(revoked_at__gte=timezone.now() - TAKEN_BACK_WITHIN)
    administered = whole_libraries_for(user, Role.ADMINISTRATOR).values("pk")
    return lately.filter(Q(library__in=administered) | Q(maker=user.pk, revoked_by=user.pk))


def restore(link: ShareLink) -> None:
    """Take the end of a link back: its address works again, until it expires."""
    link.revoked_at, link.revoked_by = None, None
    link.save(update_fields=["revoked_at", "revoked_by"])


def sweep_visits() -> int:
    """Delete what is known of visits of more than VISITS_KEPT ago. Returns how many rows."""
    deleted, _ = LinkVisit.objects.filter(at__lt=timezone.now() - VISITS_KEPT).delete()
    return deleted
