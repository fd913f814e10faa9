"""Lists of rows, the newest first, one page at a time, without ever counting or skipping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

Row = TypeVar("Row", bound=Model)
LONGEST_ID = 18


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, and the id before which the next one begins; empty on the last page."""

    rows: list[Row]
    next_before: str


def page_before(rows: QuerySet[Row], before: str, size: int) -> Page[Row]:
    """The newest of the rows whose ids are smaller than `before`, or of all where that is empty. One query.

    Raises Http404 for what is no id.
    """
    if before:
        if not (before.isascii() and before.isdecimal() and len(before) <= LONGEST_ID):
            raise Http404("This address names no page.")
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: size + 1])
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")
