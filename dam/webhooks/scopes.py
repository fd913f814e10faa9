"""Roads to webhooks: only administrators of a library see those of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from dam.collections.models import Library
from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from dam.webhooks.models import Delivery, Endpoint
from dam.webhooks.sending import KEPT

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

TAKEN_BACK_WITHIN: timedelta = KEPT
"""How long a removed endpoint waits to be taken back."""


def administered(user: AnyUser) -> QuerySet[Library]:
    """The libraries whose webhooks the user looks after."""
    return whole_libraries_for(user, Role.ADMINISTRATOR)


def endpoints_for(user: AnyUser) -> QuerySet[Endpoint]:
    """The endpoints that the user looks after."""
    return Endpoint.objects.filter(library__in=administered(user).values("pk"), removed_at=None)


def removed_endpoints_for(user: AnyUser) -> QuerySet[Endpoint]:
    """The removed endpoints that the user may take back."""
    lately = timezone.now() - TAKEN_BACK_WITHIN
    return Endpoint.objects.filter(library__in=administered(user).values("pk"), removed_at__gte=lately)


def deliveries_for(user: AnyUser) -> QuerySet[Delivery]:
    """The messages to endpoints that the user looks after."""
    return Delivery.objects.filter(endpoint__in=endpoints_for(user).values("pk"))
