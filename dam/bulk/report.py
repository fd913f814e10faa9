"""What would become or became of every item of a job, for people and for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from dam.assets.models import Asset
from dam.bulk.fields import LABELS
from dam.bulk.models import BulkItem, BulkJob
from dam.sharing.scopes import trashed_for

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

CHUNK = 1000
REASONS = 10
HEADING = ("Row", "Asset", "File name", "Named in the file", "State", "Reason", "Changes")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes spreadsheets take a cell for a formula (OWASP, CSV injection)."""
MARK = "\ufeff"


class _Echo:
    """Gives back what a csv writer writes."""

    def write(self, text: str) -> str:
        return text


def open_items(user: AnyUser, items: Sequence[BulkItem]) -> Sequence[BulkItem]:
    """The items, each with its `asset` where the person may see it; what is told of others is left out."""
    ids = [item.asset_id for item in items if item.asset_id]
    seen = Asset.objects.visible_to(user) | trashed_for(user)
    assets = seen.prefetch_related("renditions").in_bulk(ids)
    for item in items:
        if item.asset_id and item.asset_id not in assets:
            item.told, item.name = [], ""
        item.asset = assets.get(item.asset_id or 0)
    return items


def told(item: BulkItem) -> list[tuple[str, str, str]]:
    """Label of the field, before and after, for each change."""
    return [(LABELS.get(field, field), before, after) for field, before, after in item.told]


def reasons(job: BulkJob) -> list[tuple[str, int]]:
    """Why items cannot be changed, and how many for each reason, the most frequent first."""
    refused = job.items.filter(state=BulkItem.State.REFUSED).order_by().values_list("reason")
    return list(refused.annotate(count=Count("pk")).order_by("-count", "reason")[:REASONS])


def lines(job: BulkJob, user: AnyUser) -> Iterator[str]:
    """The report as CSV, line by line, in UTF-8 with a mark. No cell is a formula."""
    writer = csv.writer(_Echo())
    yield MARK + str(writer.writerow(HEADING))
    last = -1
    while items := list(job.items.filter(number__gt=last)[:CHUNK]):
        for item in open_items(user, items):
            yield str(writer.writerow([safe(cell) for cell in _cells(item)]))
        last = items[-1].number


def _cells(item: BulkItem) -> tuple[Any, ...]:
    asset = item.asset
    changes = "\n".join(f"{label}: {before} → {after}" for label, before, after in told(item))
    file_name = asset.original_name if asset else ""
    number = asset.pk if asset else ""
    return (item.number, number, file_name, item.name, item.get_state_display(), item.reason, changes)


def safe(cell: Any) -> str:
    """The cell as a spreadsheet shows it and does not calculate it."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
