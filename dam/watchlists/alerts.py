"""Alerts: made for each mention of a followed list, read by each follower."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from dam.watchlists.models import Alert, Follow, WatchList
from dam.watchlists.scopes import HOLDING, unread_for
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.models import User

Moment = tuple[int, int, str, float]
"""List, asset, text, second: what makes an alert."""


def bring_up_to_date(asset_ids: Sequence[int]) -> None:
    """Make alerts of new mentions in those assets, and delete those whose mention is gone or rejected."""
    spotted = _spotted(asset_ids)
    known = {_moment(alert): alert.pk for alert in Alert.objects.filter(asset__in=asset_ids)}
    Alert.objects.filter(pk__in=[pk for moment, pk in known.items() if moment not in spotted]).delete()
    fresh = [
        Alert(watchlist_id=watchlist, asset_id=asset, text=text, start=start)
        for watchlist, asset, text, start in sorted(spotted - known.keys())
    ]
    Alert.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)


def _moment(alert: Alert) -> Moment:
    return alert.watchlist_id, alert.asset_id, alert.text, alert.start


def _spotted(asset_ids: Sequence[int]) -> set[Moment]:
    mentions = Annotation.objects.filter(
        asset__in=asset_ids, kind="mention", status__in=HOLDING, start__isnull=False
    )
    found = list(mentions.values_list("details", "asset", "text", "start"))
    followed = set(Follow.objects.values_list("watchlist", flat=True).distinct()) if found else set()
    return {
        (watchlist, asset, text, start)
        for details, asset, text, start in found
        for watchlist in details.get("lists", ())
        if watchlist in followed and start is not None
    }


def follow(watchlist: WatchList, user: User) -> None:
    """Have the user alerted of what is spotted from now on. Twice does no harm."""
    Follow.objects.get_or_create(user=user, watchlist=watchlist)


def unfollow(watchlist: WatchList, user: User) -> None:
    """No more alerts of that list for the user."""
    Follow.objects.filter(user=user, watchlist=watchlist).delete()


def mark_read(user: User, ids: Collection[int] | None = None) -> int:
    """Mark those alerts of the user as read, or, without ids, all. Returns how many were unread."""
    unread = unread_for(user)
    found = list((unread if ids is None else unread.filter(pk__in=ids)).values_list("pk", flat=True))
    read = Alert.readers.through
    read.objects.bulk_create(
        (read(alert_id=pk, user_id=user.pk) for pk in found), batch_size=1000, ignore_conflicts=True
    )
    return len(found)
