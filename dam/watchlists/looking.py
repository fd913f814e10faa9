"""What is looked for in an asset, and which recordings were searched before it was known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from dam.assets.models import Asset
from dam.collections.models import CollectionItem
from dam.watchlists import scopes
from dam.watchlists.entries import ListEntry, parse
from dam.watchlists.models import WatchList
from indexing import pipeline
from indexing.analysers import registry
from indexing.analysers.contract import Watched
from indexing.models import Run
from indexing.phonetics.pronunciation import pronounce

ANALYSER = "mentions"
PATIENCE = 60.0
"""Seconds between two looks for what is outdated, at least."""

_caught_up_at = float("-inf")
_read: dict[int, tuple[datetime, list[Watched]]] = {}
"""The lists as they were read last in this process, with the time of their last change."""


def watched(asset: Asset) -> list[Watched]:
    """All entries of all lists that are for that asset."""
    return [entry for watchlist in scopes.applying_to(asset) for entry in _entries(watchlist)]


def _entries(watchlist: WatchList) -> list[Watched]:
    changed, entries = _read.get(watchlist.pk, (None, []))
    if changed != watchlist.changed_at:
        entries = list(_watched(watchlist))
        _read[watchlist.pk] = watchlist.changed_at, entries
    return entries


def _watched(watchlist: WatchList) -> Iterator[Watched]:
    for entry in parse(watchlist.entries):
        said = (pronounce(each, watchlist.language) for each in _spellings(entry, watchlist))
        sounds = tuple(dict.fromkeys(phones for phones in said if phones))
        yield Watched(entry.text, watchlist.pk, watchlist.language, sounds)


def _spellings(entry: ListEntry, watchlist: WatchList) -> tuple[str, ...]:
    """The spellings whose sound is looked for."""
    return () if entry.as_written or not watchlist.by_sound else (entry.text, *entry.sounds_like)


def look_again(watchlist: WatchList) -> int:
    """Have the recordings that concern the list searched again, from their transcripts alone.

    Returns how many.
    """
    return _repeat(Run.objects.filter(asset__in=scopes.concerned_by(watchlist).values("pk")))


def look() -> int:
    """Catch up now and then, however often the planner looks. Returns how many recordings begin again."""
    global _caught_up_at
    if time.monotonic() - _caught_up_at < PATIENCE:
        return 0
    _caught_up_at = time.monotonic()
    return catch_up()


def catch_up() -> int:
    """Have searched again what was searched before a list changed, or before it came into a collection that
    has one. Returns how many recordings.

    It is a query, so work can stop anywhere, and a list that changes during a search is not missed.
    """
    return sum(_repeat(_outdated(watchlist)) for watchlist in WatchList.objects.defer("entries"))


def _outdated(watchlist: WatchList) -> QuerySet[Run]:
    below = CollectionItem.objects.filter(collection__lineage__contains=[watchlist.collection_id or 0])
    added_since = below.filter(asset=OuterRef("asset"), added_at__gt=OuterRef("started_at"))
    runs = Run.objects.filter(asset__in=scopes.concerned_by(watchlist).values("pk"))
    return runs.filter(Q(started_at__lt=watchlist.changed_at) | Exists(added_since))


def _repeat(runs: QuerySet[Run]) -> int:
    ours = [analyser for analyser in registry.enabled() if analyser.name == ANALYSER]
    return pipeline.repeat(ours, runs)
