"""The histories of collections and persons: what they tell of, who reads them, how a value is restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from dam.collections.curation import save_collection
from dam.describing.changes import Change, Stretch, Written, day_and_time, newest_first, row_changes, words
from dam.describing.models import CollectionEvent, ConsentEvent, PersonEvent
from dam.people import recognition
from dam.people.models import Person
from dam.people.scopes import keepable_people_for
from dam.sharing.access import collections_for
from dam.sharing.models import Role

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser


@dataclass(frozen=True)
class Tracked:
    """A sort of record with a history. `reach` gives the rows that a user may change, `more` the changes of
    what hangs below one."""

    events: Any
    columns: dict[str, Written]
    reach: Callable[[AnyUser], QuerySet[Any]]
    write: Callable[[Any], object]
    more: Callable[[Any, datetime], Sequence[Stretch]] = lambda row, before: ()

    def history(self, row: Model, before: datetime) -> tuple[list[Change], datetime | None]:
        """The changes of a record before a moment, newest first, and the moment before which are more."""
        own = row_changes(self.events, [row], self.columns, before)
        return newest_first([own, *self.more(row, before)])

    def restore(self, row: Model, name: str, version: int) -> str:
        """Give a column the value that it had before that event; returns its label.

        Raises KeyError where there is no such event or column, ValueError where the value cannot stand.
        """
        event = self.events.objects.filter(pgh_obj=row.pk, pgh_id=version).first()
        if event is None or not self.columns[name].restorable:
            raise KeyError(name)
        setattr(row, name, getattr(event, name))
        self.write(row)
        return self.columns[name].label


def _shown(value: bool) -> str:
    return "shown to archivists only" if value else "shown to every reader"


CONSENT = {
    "scope": Written("Consent: scope"),
    "given_by": Written("Consent: given by", words),
    "given_at": Written("Consent: given at", day_and_time),
    "expires_at": Written("Consent: expires at", day_and_time),
    "evidence": Written("Consent: evidence", words),
    "withdrawn_at": Written("Consent: withdrawn at", day_and_time),
}


def _consents(person: Person, before: datetime) -> Sequence[Stretch]:
    return [row_changes(ConsentEvent, person.consents.all(), CONSENT, before)]


def _rename(person: Person) -> None:
    person.save()
    recognition.rename(person, person.name)


def _parent(pk: int | None) -> str:
    """By number: not everybody who keeps a collection may know what those above it are called."""
    return f"collection {pk}" if pk else "the library itself"


TRACKED = {
    "collection": Tracked(
        CollectionEvent,
        {
            "name": Written("Name", words, restorable=True),
            "description": Written("Description", words, restorable=True),
            "parent_id": Written("Lies in", _parent),
        },
        lambda user: collections_for(user, Role.ARCHIVIST),
        save_collection,
    ),
    "person": Tracked(
        PersonEvent,
        {
            "name": Written("Name", words, restorable=True),
            "notes": Written("Notes", words, restorable=True),
            "hidden": Written("Hidden", _shown, restorable=True),
        },
        keepable_people_for,
        _rename,
        _consents,
    ),
}
