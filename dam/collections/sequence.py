"""Short lists whose rows a person moves up and down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction


@transaction.atomic
def step(rows: Sequence[Any], row: Any, action: str) -> None:
    """Move a row one place `up` or `down` among the rows, and number all of them anew.

    A row that is not among them, or is at that end already, stays where it is.
    """
    ordered = list(rows)
    here = ordered.index(row) if row in ordered else -1
    there = here + (1 if action == "down" else -1)
    if here < 0 or not 0 <= there < len(ordered):
        return
    ordered.insert(there, ordered.pop(here))
    for number, each in enumerate(ordered, start=1):
        each.position = number
    type(row)._default_manager.bulk_update(ordered, ["position"])
