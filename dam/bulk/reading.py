"""Rows of an imported file as items of its job: what their cells say, and which assets they are about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser

from dam.bulk import files, matching
from dam.bulk.files import FileError, Layout, Row
from dam.bulk.models import BulkItem, BulkJob
from dam.bulk.wishes import WishError, cell

ROWS = 2000
"""Rows that are taken in together."""
MOST_ROWS = 100_000
TOO_MANY = "The file has more than {:,} rows. Divide it, and import its parts one after the other."
NAMELESS = "The row does not say which asset it is about."
TWICE = "Row {:,} is about the same asset already."


def data_of(job: BulkJob) -> bytes:
    """The whole file, which is not large. Raises FileError where it is gone."""
    try:
        with job.file.open("rb") as opened:
            data: bytes = opened.read()
            return data
    except (FileNotFoundError, ValueError) as error:
        raise FileError("The file is not there any more. Upload it again.") from error


def layout_of(job: BulkJob) -> Layout:
    """How the job's file is read."""
    return Layout(job.options["encoding"], job.options["delimiter"])


def next_items(job: BulkJob) -> list[BulkItem]:
    """Items, not saved yet, for the rows after the job's position: at most ROWS of them.

    Raises FileError where the file cannot be read on.
    """
    rows = files.rows(data_of(job), layout_of(job), job.options["headers"])
    items = [_item(job, row) for row in islice((row for row in rows if row.number > job.position), ROWS)]
    if job.passed + len(items) > MOST_ROWS:
        raise FileError(TOO_MANY.format(MOST_ROWS))
    _find_assets(job, [item for item in items if not item.reason])
    return items


def _item(job: BulkJob, row: Row) -> BulkItem:
    """A row that cannot be used as a whole is refused with all that is wrong with it."""
    values: dict[str, Any] = {}
    name, problems = "", [row.problem] if row.problem else []
    for column, text in zip(job.options["columns"], row.cells, strict=False):
        if column.startswith("key:"):
            name = text.strip()
        elif column:
            _take_in(values, column, text, problems)
    if not problems and not name:
        problems = [NAMELESS]
    state = BulkItem.State.REFUSED if problems else BulkItem.State.WAITING
    return BulkItem(
        job=job, number=row.number, name=name[:1000], values=values, state=state, reason=" ".join(problems)
    )


def _take_in(values: dict[str, Any], name: str, text: str, problems: list[str]) -> None:
    try:
        if (value := cell(name, text)) is not None:
            values[name] = value
    except WishError as error:
        problems.append(str(error))


def _find_assets(job: BulkJob, items: Sequence[BulkItem]) -> None:
    """Give each row its asset, or the reason why it has none. An asset is described by one row only."""
    found = matching.find(
        job.owner or AnonymousUser(), job.library, job.options["key"], [item.name for item in items]
    )
    ids = {each for each in found if isinstance(each, int)}
    earlier = dict(job.items.filter(asset__in=ids).values_list("asset", "number"))
    for item, answer in zip(items, found, strict=True):
        if isinstance(answer, int) and answer not in earlier:
            item.asset_id = answer
            earlier[answer] = item.number
        else:
            item.state = BulkItem.State.REFUSED
            item.reason = answer if isinstance(answer, str) else TWICE.format(earlier[answer])
