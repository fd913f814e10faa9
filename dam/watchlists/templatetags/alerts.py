"""The number of unread alerts, for the header of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from dam.watchlists.scopes import unread_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

register = template.Library()

MOST = 100
"""Alerts that are counted."""


@register.simple_tag
def unread_alerts(user: AnyUser) -> str:
    """How many alerts the user has not read: "" for none, "99+" for MOST and more."""
    count = unread_for(user)[:MOST].count()
    return "" if not count else f"{MOST - 1}+" if count == MOST else str(count)
