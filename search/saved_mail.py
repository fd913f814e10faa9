"""E-mails about what is new in a saved search."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from dam.assets.models import Asset
from search import saved_alerts
from search.saved_links import links
from search.saved_models import News, SavedSearch

QUIET = timedelta(minutes=15)
"""The time between two e-mails about one search, at least: what is found meanwhile goes into the next."""
NAMED = 20
"""Assets that an e-mail names."""
NOWHERE = ("console", "dummy", "filebased")


def is_configured() -> bool:
    """Whether this installation sends e-mails at all."""
    return not any(f".{name}." in settings.EMAIL_BACKEND for name in NOWHERE)


def mail_news(saved: SavedSearch) -> bool:
    """Send the owner one e-mail about all news not mailed so far; returns whether one was sent.

    What the owner may not see any more is not told of. Nothing is sent before `mail_after`. Where the server
    refuses, the reason is kept on the search and the e-mail is tried again after QUIET.
    """
    news = list(News.objects.filter(saved=saved, mailed_at=None).order_by("pk"))
    if not news or saved.mail_after > timezone.now():
        return False
    assets = saved_alerts.assets_of(news, saved)
    total = assets.count()
    try:
        if total:
            _send(saved, list(assets[:NAMED]), total)
    except (SMTPException, OSError) as problem:
        put_off(saved, f"The e-mail could not be sent: {problem}")
        return False
    News.objects.filter(pk__in=[each.pk for each in news]).update(mailed_at=timezone.now())
    if total:
        put_off(saved, "")
    return total > 0


def put_off(saved: SavedSearch, problem: str) -> None:
    """Send no e-mail before QUIET is over, and keep what went wrong."""
    saved.mail_after = timezone.now() + QUIET
    saved.mail_problem = problem
    saved.save(update_fields=["mail_after", "mail_problem"])


def _send(saved: SavedSearch, assets: list[Asset], total: int) -> None:
    subject = " ".join(f"{total} new in “{saved.name}”".split())
    context = {"saved": saved, "links": links(saved, assets), "total": total, "more": total - len(assets)}
    body = render_to_string("search/saved_mail.txt", context)
    EmailMessage(subject, body, to=[saved.owner.email]).send()
