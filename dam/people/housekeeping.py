"""What is due: called by the planner each time it looks around."""

from __future__ import annotations

import time

from dam.people import grouping, tasks, withdrawal

PATIENCE = 60.0
"""Seconds between two rounds of grouping at least, so that faces are grouped many at a time."""

_grouped_at = float("-inf")


def look() -> int:
    """Erase what has run out, and have new faces grouped; returns how many receipts were made."""
    receipts = withdrawal.sweep()
    global _grouped_at
    if time.monotonic() - _grouped_at >= PATIENCE and grouping.is_due():
        _grouped_at = time.monotonic()
        tasks.group_faces.delay()
    return len(receipts)
