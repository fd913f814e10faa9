"""What lies in the trash: who may take it out again, and who may purge it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from dam.assets import curation
from dam.assets.models import Asset
from dam.sharing.models import Role
from dam.sharing.scopes import trashed_for, whole_libraries_for
from indexing import flags

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

PAGE_SIZE = 60
MOST = 10_000
"""Assets that one request may restore or purge."""


def page_of(user: AnyUser, number: str | None) -> Page[Asset]:
    """A page of the trash, what was thrown away last first, with what its tiles show. Five queries."""
    rows = trashed_for(user).select_related("trashed_by", "library").prefetch_related("renditions")
    page = Paginator(rows.order_by("-trashed_at", "-pk"), PAGE_SIZE).get_page(number)
    flags.mark(page.object_list)
    return page


def chosen(assets: QuerySet[Asset], ids: Iterable[str]) -> QuerySet[Asset]:
    """Those of the assets whose numbers a form sent, at most MOST of them."""
    known = [int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19]
    return assets.filter(pk__in=known[:MOST])


def restore_all(assets: Iterable[Asset]) -> int:
    """Take assets out of the trash; returns how many."""
    restored = list(assets)
    for asset in restored:
        curation.restore(asset)
    return len(restored)


def purgeable_for(user: AnyUser) -> QuerySet[Asset]:
    """Trashed assets that the user may delete for good: those of libraries that they administer."""
    administered = whole_libraries_for(user, Role.ADMINISTRATOR)
    return Asset.objects.filter(trashed_at__isnull=False, library__in=administered)


def overdue() -> QuerySet[Asset]:
    """Assets that have lain in the trash for TRASH_DAYS; none where that is 0."""
    if not settings.TRASH_DAYS:
        return Asset.objects.none()
    oldest = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    return Asset.objects.filter(trashed_at__lt=oldest).order_by("trashed_at")
