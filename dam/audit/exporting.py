"""The audit trail as a file: CSV for spreadsheets, JSON lines for programs, both row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from dam.audit.models import AuditEntry

COLUMNS = (
    "number", "at", "actor_id", "actor_label", "action", "library_id", "library_label", "target_type",
    "target_id", "target_label", "details", "address", "seal",
)  # fmt: skip
BATCH = 1_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would take for a formula."""


class _Line:
    """What csv writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """The entries, oldest first, under a line of column names. Before what a spreadsheet would run stands an
    apostrophe."""
    write: Callable[[list[Any]], str] = csv.writer(_Line()).writerow  # type: ignore[assignment,arg-type]
    yield write(list(COLUMNS))
    for row in _rows(entries):
        cells = [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in row]
        yield write([_safe(cell) for cell in cells])


def json_lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """The entries, oldest first, one JSON object a line."""
    for row in _rows(entries):
        yield json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n"


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    for row in entries.order_by("pk").values_list(*COLUMNS).iterator(BATCH):
        yield [value.isoformat() if hasattr(value, "isoformat") else value for value in row]


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


FORMATS: dict[str, tuple[str, Callable[[QuerySet[AuditEntry]], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "jsonl": ("application/x-ndjson", json_lines),
}
"""By the ending of the file's name."""
