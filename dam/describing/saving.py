"""Writing down what a person says about an asset: only what changed, and nothing of anybody else is lost."""

from __future__ import annotations

from collections.abc import Collection

import pghistory
from django.db import transaction

from dam.assets import curation
from dam.assets.models import Asset
from dam.describing import dates, places
from dam.describing.fields import FIELDS, Field, Value, Values, clean, differ
from dam.describing.record import Proposal, Record, record_of, text_of
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation
from indexing.signals import gathered

Status = Annotation.Status


class OutdatedError(Exception):
    """Somebody else has described the asset since it was read."""


def save(asset: Asset, user: User, values: Values, revision: int | None = None) -> frozenset[str]:
    """Give those fields of an asset those values; returns the names of the fields that changed.

    `revision` is that of the asset when it was read; without it the last one to write wins. A value that a
    machine or the file proposes is accepted, others are recorded as the person's own. Raises OutdatedError
    where the revision is another one now, ValidationError for a value that is refused, and KeyError for a
    field that there is not; then nothing is changed.
    """
    wanted = {name: clean(name, value) for name, value in values.items()}
    with gathered(), pghistory.context(user=user.pk), transaction.atomic():
        now = _locked(asset, revision)
        record = record_of(now, tuple(wanted))
        changed = frozenset(name for name in wanted if differ(wanted[name], record.values[name]))
        for name in changed:
            _write(now, FIELDS[name], wanted[name], record, user)
        _keep(now, {name: wanted[name] for name in changed})
    for column in ("title", "taken_at", "revision"):
        setattr(asset, column, getattr(now, column))
    return changed


def _locked(asset: Asset, revision: int | None) -> Asset:
    """The asset's row, which nobody else describes until the transaction ends."""
    rows = Asset.objects.select_for_update(of=("self",)).filter(pk=asset.pk)
    if revision is not None:
        rows = rows.filter(revision=revision)
    row = rows.first()
    if row is None:
        raise OutdatedError("Somebody else has described this meanwhile.")
    return row


def _write(asset: Asset, field: Field, value: Value, record: Record, user: User) -> None:
    """Retire what holds no more and write what is new, entry by entry."""
    wanted = list(value) if isinstance(value, tuple) else [value] if value else []
    held = {text_of(fact): fact for fact in record.facts[field.name]}
    for fact in record.facts[field.name]:
        if text_of(fact) not in wanted or held[text_of(fact)] is not fact:
            _retire(fact, user)
    proposals = {each.text: each for each in record.proposals[field.name]}
    for text in wanted:
        if text not in held:
            _say(asset, field, text, proposals.get(text), user)


def _retire(fact: Annotation, user: User) -> None:
    """What a person wrote becomes history; what a machine or the file says is turned down."""
    own = fact.source == Annotation.Source.PERSON
    store.review(fact, user, Status.SUPERSEDED if own else Status.REJECTED)


def _say(asset: Asset, field: Field, text: str, proposal: Proposal | None, user: User) -> None:
    if proposal is not None:
        store.review(proposal.fact, user, Status.ACCEPTED)
    else:
        store.record(asset, finding(field, text), user)


def finding(field: Field, text: str) -> Finding:
    """A cleaned entry of a field as the finding that it is: a date with its reading, a place with where it
    lies."""
    if field.kind == "date":
        reading = dates.read(text)
        days = {"earliest": reading.earliest, "latest": reading.latest}
        details = {name: day.isoformat() for name, day in days.items() if day}
        return Finding("date", text, details={"edtf": reading.edtf, **details})
    if field.kind == "place":
        place = places.read(text)
        return Finding("place", place.name, details=place.details)
    return Finding(field.kind, text)


def _keep(asset: Asset, changed: Values) -> None:
    """Bring the asset's own columns in line with what changed."""
    if not changed:
        return
    asset.revision += 1
    columns = {"revision"}
    if "title" in changed:
        asset.title = str(changed["title"])
        columns.add("title")
    if changed.get("date"):
        asset.taken_at = dates.read(str(changed["date"])).moment or asset.taken_at
        columns.add("taken_at")
    curation.save(asset, columns)


def names_in_words(names: Collection[str]) -> str:
    """The labels of fields, in the form's order: "Title, Keywords"."""
    return ", ".join(field.label for name, field in FIELDS.items() if name in names)
