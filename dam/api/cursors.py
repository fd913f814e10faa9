"""Cursors of rankings: opaque to clients, a page of one search and no other."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

DIGEST = 16
"""Hexadecimal digits by which one search is told from another."""


class BadCursorError(ValueError):
    """A cursor that was not made here, or for another search. The message is for a person."""


def encode(page: int, search: Mapping[str, Any]) -> str:
    """The cursor of a page (from 1) of the search with those parameters."""
    return urlsafe_b64encode(json.dumps([page, _digest(search)]).encode()).decode().rstrip("=")


def decode(cursor: str, search: Mapping[str, Any]) -> int:
    """The page that a cursor of that search stands for. Raises BadCursorError for any other string."""
    try:
        page, digest = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise BadCursorError("This cursor was not made here; begin without one.") from error
    if digest != _digest(search):
        raise BadCursorError("This cursor belongs to another search; begin without one.")
    if not isinstance(page, int) or isinstance(page, bool) or page < 1:
        raise BadCursorError("This cursor was not made here; begin without one.")
    return page


def _digest(search: Mapping[str, Any]) -> str:
    told = json.dumps(search, sort_keys=True, default=str)
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST]
