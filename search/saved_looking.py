"""What is due for saved searches: called by the planner each time it looks around."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from search import saved, saved_alerts, saved_mail, saved_tasks, suggest_terms
from search.saved_models import Change, News, SavedSearch

CHANGES = 200
"""Assets that are looked at together."""
BUDGET = 2.0
"""Seconds of a look after which no further search is begun."""


@dataclass
class _Round:
    """Changed assets, by when they changed, and the searches that have not been asked about them."""

    changes: dict[int, datetime]
    searches: list[int]


_round: _Round | None = None
"""A round that the last look did not end. If the process ends first, all of it is done again: nobody is told
of an asset twice."""


def look() -> int:
    """Make news of what changed, send what is due, and keep the suggested terms fresh.

    Returns how many searches have news.
    """
    found = look_at_changes()
    send_due()
    saved.sweep()
    suggest_terms.look()
    return found


def look_at_changes() -> int:
    """Ask the searches with alerts about the assets that changed, until that is done or BUDGET is spent.
    Returns how many have news."""
    global _round
    _round = _round or _begin()
    found, deadline = 0, time.monotonic() + BUDGET
    while _round is not None and _round.searches and time.monotonic() < deadline:
        found += _ask(_round.searches.pop(0), _round.changes)
    if _round is not None and not _round.searches:
        _forget(_round.changes)
        _round = None
    return found


def _alerting() -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(alerts_since__isnull=False, deleted_at=None)


def _begin() -> _Round | None:
    oldest = Change.objects.order_by("changed_at")[:CHANGES]
    changes = dict(oldest.values_list("asset", "changed_at"))
    if not changes:
        return None
    return _Round(changes, list(_alerting().order_by("pk").values_list("pk", flat=True)))


def _ask(pk: int, asset_ids: Iterable[int]) -> bool:
    search = _alerting().select_related("owner").filter(pk=pk).first()
    return search is not None and saved_alerts.tell(search, list(asset_ids)) is not None


def _forget(changes: dict[int, datetime]) -> None:
    """Drop the notes of changes that were looked at; an asset that has changed since keeps its newer one."""
    seen = Change.objects.filter(asset__in=changes, changed_at__in=set(changes.values()))
    seen.delete()


def send_due() -> None:
    """Have e-mails and webhooks sent for news that nobody has been told of that way."""
    now = timezone.now()
    waiting = SavedSearch.objects.filter(deleted_at=None)
    if saved_mail.is_configured():
        unmailed = News.objects.filter(mailed_at=None).values("saved")
        for pk in waiting.filter(by_mail=True, mail_after__lte=now, pk__in=unmailed).values_list(
            "pk", flat=True
        ):
            saved_tasks.mail_news.delay(pk)
    unposted = News.objects.filter(posted_at=None).values("saved")
    due = waiting.exclude(webhook_url="").filter(webhook_stopped=False, webhook_after__lte=now)
    for pk in due.filter(pk__in=unposted).values_list("pk", flat=True):
        saved_tasks.post_news.delay(pk)
