"""A change of a record: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model

from dam.sharing.models import User

PAGE = 50


class Line(NamedTuple):
    """One thing that a change did, e.g. "wrote" and the text."""

    verb: str
    text: str


@dataclass
class Change:
    """What one person did to one field at one time, from `since` up to `at`.

    `name` is what a form that restores it says; it is empty where there is nothing to restore. `version`
    names the event that holds what was before.
    """

    at: datetime
    since: datetime
    user_id: int | None
    label: str
    name: str = ""
    version: int | None = None
    who: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Stretch:
    """Changes of one source, newest first; where there are more, none older than `until` is missing."""

    changes: Sequence[Change]
    until: datetime | None


class Written(NamedTuple):
    """A column as history tells of it: its label, how a value is written, and whether it can be restored."""

    label: str
    write: Callable[[Any], str] = str
    restorable: bool = False


def row_changes(
    model: Any, rows: Iterable[Model], columns: Mapping[str, Written], before: datetime
) -> Stretch:
    """What changed in the columns of those rows before a moment, from the events of `model`. Two queries.

    An event holds the row as it was until then; what it became stands in the next event or in the row.
    """
    newer: dict[Any, Any] = {row.pk: row for row in rows}
    events = model.objects.filter(pgh_obj__in=list(newer))
    later = events.filter(pgh_created_at__gte=before).order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id")
    newer |= {event.pgh_obj_id: event for event in later}
    earlier = events.filter(pgh_created_at__lt=before).order_by("-pgh_id").select_related("pgh_context")
    found, changes = list(earlier[: PAGE + 1]), list[Change]()
    for event in found[:PAGE]:
        changes += _of_event(event, newer[event.pgh_obj_id], columns)
        newer[event.pgh_obj_id] = event
    return Stretch(changes, found[PAGE - 1].pgh_created_at if len(found) > PAGE else None)


def _of_event(event: Any, became: Any, columns: Mapping[str, Written]) -> Iterable[Change]:
    moment = event.pgh_created_at
    user = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
    for name, column in columns.items():
        old, new = getattr(event, name), getattr(became, name)
        if old != new:
            lines = [Line("was", column.write(old)), Line("became", column.write(new))]
            kept = name if column.restorable else ""
            yield Change(moment, moment, user, column.label, kept, event.pgh_id, lines=lines)


def newest_first(stretches: Sequence[Stretch]) -> tuple[list[Change], datetime | None]:
    """The latest changes of several sources in order, with who made them, and the moment before which there
    are more; None where there are none. One query."""
    bounds = [stretch.until for stretch in stretches if stretch.until is not None]
    whole = sorted((change for each in stretches for change in each.changes), key=_moment, reverse=True)
    known = [change for change in whole if not bounds or change.at >= max(bounds)]
    oldest = min((change.since for change in known[:PAGE]), default=None)
    shown = [change for change in known if oldest and change.at >= oldest]
    name_people(shown)
    return shown, oldest if bounds or len(whole) > len(shown) else None


def name_people(changes: Sequence[Change]) -> None:
    """Say who made the changes, where that person still has an account."""
    people = User.objects.in_bulk({change.user_id for change in changes if change.user_id})
    for change in changes:
        person = people.get(change.user_id) if change.user_id else None
        change.who = str(person) if person else "somebody"


def _moment(change: Change) -> datetime:
    return change.at


def day_and_time(value: datetime | None) -> str:
    """A moment as history writes it."""
    return f"{value:%-d %B %Y, %H:%M}" if value else "(none)"


def words(value: Any) -> str:
    """A text or number as history writes it."""
    return str(value) if value not in (None, "") else "(empty)"
