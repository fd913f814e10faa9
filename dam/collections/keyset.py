"""Pages of rows in any stable order, without counting or skipping: each begins after the last row shown."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

LARGEST = 2**63 - 1
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Key:
    """A field or annotation that rows are ordered by. Its values are never null and are of type `of`."""

    name: str
    of: type
    descending: bool = False


@dataclass(frozen=True)
class Rows(Generic[Row]):
    """The rows of one page, and the cursor of the next one; it is empty on the last page."""

    rows: list[Row]
    next_cursor: str


def rows_after(rows: QuerySet[Row], keys: Sequence[Key], cursor: str, size: int) -> Rows[Row]:
    """The page after `cursor`, in the order of the keys, of which the last must be unique.

    Raises Http404 for a cursor that was not made here for the same keys.
    """
    signs = [f"-{key.name}" if key.descending else key.name for key in keys]
    found = list(_after(rows, keys, cursor).order_by(*signs)[: size + 1])
    more = len(found) > size
    return Rows(found[:size], cursor_of(found[size - 1], keys) if more else "")


def before_cursor(rows: QuerySet[Row], keys: Sequence[Key], cursor: str) -> int:
    """How many rows stand before the page of that cursor."""
    return rows.count() - _after(rows, keys, cursor).count() if cursor else 0


def cursor_of(row: Any, keys: Sequence[Key]) -> str:
    """The cursor of the page that begins after that row."""
    values = [getattr(row, key.name) for key in keys]
    told = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def _after(rows: QuerySet[Row], keys: Sequence[Key], cursor: str) -> QuerySet[Row]:
    """The rows behind the cursor: those that are the same in some first keys and later in the next one."""
    if not cursor:
        return rows
    values = _values(cursor, keys)
    behind, same = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        behind |= same & Q(**{f"{key.name}__{'lt' if key.descending else 'gt'}": value})
        same &= Q(**{key.name: value})
    first = keys[0]
    bound = Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": values[0]})
    return rows.filter(bound, behind)


def _values(cursor: str, keys: Sequence[Key]) -> list[Any]:
    try:
        told = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_value(key, each) for key, each in zip(keys, told, strict=True)]
    except (ValueError, TypeError) as error:
        raise Http404("This address names no page of these.") from error


def _value(key: Key, told: Any) -> Any:
    """The value of a key as it was. Raises ValueError for what no row has."""
    value = datetime.fromisoformat(told) if key.of is datetime else told
    if type(value) is not key.of or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError(f"{key.name} is no {key.of.__name__}.")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(f"{key.name} is larger than any.")
    if isinstance(value, str) and "\x00" in value.encode().decode():
        raise ValueError(f"{key.name} is no text.")
    return value
