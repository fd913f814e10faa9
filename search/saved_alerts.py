"""Alerts of a saved search: switched on and off by its owner, made of what a look finds."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from dam.assets.models import Asset
from dam.sharing.access import AssetQuerySet
from search.saved_answers import answers, answers_among
from search.saved_models import Match, News, SavedSearch

A_BATCH = 1_000


@transaction.atomic
def switch_on(saved: SavedSearch) -> None:
    """Alert the owner of what answers from now on: what answers already is remembered. Call it again after
    its text was changed."""
    known = answers(saved.owner, saved.text)
    saved.alerts_since = timezone.now()
    saved.knows_all = known.complete
    saved.save(update_fields=["alerts_since", "knows_all"])
    saved.matches.filter(news=None).delete()
    _remember(saved, known.assets, None)


def switch_off(saved: SavedSearch) -> None:
    """No more alerts. What was told stays to be read."""
    saved.alerts_since = None
    saved.save(update_fields=["alerts_since"])
    saved.matches.filter(news=None).delete()


@transaction.atomic
def tell(saved: SavedSearch, asset_ids: Collection[int]) -> News | None:
    """Make news of those of the assets that answer and were never told of; None where there are none.

    What the owner may not see now does not answer.
    """
    found = answers_among(saved.owner, saved.text, asset_ids)
    fresh = found - frozenset(saved.matches.filter(asset__in=found).values_list("asset", flat=True))
    if not saved.knows_all:
        seen = Asset.objects.visible_to(saved.owner)
        added = seen.filter(pk__in=fresh, added_at__gte=saved.alerts_since)
        fresh = frozenset(added.values_list("pk", flat=True))
    if not fresh:
        return None
    news = News.objects.create(saved=saved)
    _remember(saved, fresh, news)
    return news


def _remember(saved: SavedSearch, asset_ids: Collection[int], news: News | None) -> None:
    rows = (Match(saved=saved, asset_id=pk, news=news) for pk in sorted(asset_ids))
    Match.objects.bulk_create(rows, batch_size=A_BATCH, ignore_conflicts=True)


def assets_of(news: Collection[News], saved: SavedSearch) -> AssetQuerySet:
    """The assets that those news of a search tell of, as far as its owner may see them now."""
    told = Match.objects.filter(saved=saved, news__in=news).values("asset")
    return Asset.objects.visible_to(saved.owner).filter(pk__in=told).order_by("pk")
