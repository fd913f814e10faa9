"""What is new for a reader: for the header of every page, and for the page of alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from dam.sharing.models import User
from dam.watchlists.scopes import unread_for
from search.saved import news_for, unread_news_for
from search.saved_alerts import assets_of
from search.saved_models import News

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

register = template.Library()

MOST = 100
"""Alerts, and news, that are counted."""
SHOWN = 20
"""News on the page of alerts."""
NAMED = 5
"""Assets of one piece of news that are named."""


@register.simple_tag
def unread_alerts_and_news(user: AnyUser) -> str:
    """How many alerts of watch lists and news of saved searches are unread: "" for none, "99+" for MOST
    and more."""
    count = unread_for(user)[:MOST].count() + unread_news_for(user)[:MOST].count()
    return "" if not count else f"{MOST - 1}+" if count >= MOST else str(count)


@register.inclusion_tag("search/saved_news.html", takes_context=True)
def news_of_saved_searches(context: dict[str, Any], user: User) -> dict[str, Any]:
    """The newest news of the user's saved searches, each with assets that the user may see."""
    shown = [_told(news, user) for news in news_for(user)[:SHOWN]]
    return {"news": [each for each in shown if each["total"]], "csrf_token": context.get("csrf_token")}


def _told(news: News, user: User) -> dict[str, Any]:
    news.saved.owner = user
    assets = assets_of([news], news.saved)
    total = assets.count()
    return {
        "saved": news.saved,
        "found_at": news.found_at,
        "unread": news.found_at > news.saved.looked_at,
        "assets": list(assets[:NAMED]),
        "total": total,
        "more": max(0, total - NAMED),
    }
