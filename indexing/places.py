"""When two facts stand in the same place of an asset."""

from __future__ import annotations

from typing import Protocol

from indexing.analysers.contract import Place, Region


class Placed(Protocol):
    """A row that stands at a span, in seconds, and in a region of the frame, 0..1; None where at neither."""

    start: float | None
    end: float | None
    x: float | None
    y: float | None
    w: float | None
    h: float | None


SAME = 0.5
"""Intersection over union from which two boxes or spans are one; the PASCAL VOC criterion
(Everingham et al. 2010, section 4.2)."""


def place_of(row: Placed) -> Place:
    """Where a stored fact stands."""
    box = (row.x, row.y, row.w, row.h)
    numbers = [number for number in box if number is not None]
    return Place(row.start, row.end, Region(*numbers) if numbers else None)


def overlap(start: float, end: float, other_start: float, other_end: float) -> float:
    """Intersection over union of two spans, 0..1. Two equal instants overlap wholly."""
    if (start, end) == (other_start, other_end):
        return 1.0
    shared = max(0.0, min(end, other_end) - max(start, other_start))
    union = (end - start) + (other_end - other_start) - shared
    return shared / union if union > 0 else 0.0


def region_overlap(one: Region, other: Region) -> float:
    """Intersection over union of two boxes, 0..1."""
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    shared = max(0.0, width) * max(0.0, height)
    union = one.w * one.h + other.w * other.h - shared
    return min(1.0, shared / union) if union > 0 else 0.0


def same_place(one: Place, other: Place) -> bool:
    """True where both name the same span and the same region, as far as either names one."""
    return _same_span(one, other) and _same_region(one.region, other.region)


def mostly_within(place: Place, other: Place) -> bool:
    """Whether more than half of a span lies in another. False where either names none."""
    if place.start is None or other.start is None:
        return False
    end, until = place.end or place.start, other.end or other.start
    shared = min(until, end) - max(other.start, place.start)
    return shared > (end - place.start) / 2 or (place.start, end) == (other.start, until)


def _same_span(one: Place, other: Place) -> bool:
    if one.start is None or other.start is None:
        return one.start is other.start
    return overlap(one.start, one.end or one.start, other.start, other.end or other.start) >= SAME


def _same_region(one: Region | None, other: Region | None) -> bool:
    if one is None or other is None:
        return one is other
    return region_overlap(one, other) >= SAME
