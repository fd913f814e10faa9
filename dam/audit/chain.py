"""The chain of seals: whoever changes, takes out or slips in an entry later breaks it.

Each seal is SHA-256 of the seal before it and of the entry's content. Entries are sealed a few seconds after
they were written, so that writing one never waits for another. The chain proves something to whoever keeps
a seal outside of this machine: the owner of the database could take the triggers away, and write the whole
chain anew or cut its end off. Entries that are not sealed yet are not covered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from dam.audit.models import AuditEntry
from dam.locks import advisory_lock

BATCH = 1_000
SEALED = (
    "id", "at", "actor_id", "actor_label", "action", "library_id", "library_label", "target_type",
    "target_id", "target_label", "details", "address",
)  # fmt: skip
"""The content that a seal covers, in this order."""


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain has shown. `problem` is empty where it is whole; `unsealed` entries are
    not part of it yet. `number` and `seal` are those of the last entry."""

    entries: int
    unsealed: int
    number: int
    seal: str
    problem: str = ""


def seal() -> int:
    """Seal what has been written; returns how many entries. One process does so at a time."""
    with advisory_lock("audit.chain", 0) as ours:
        return _seal_batch() if ours else 0


@transaction.atomic
def _seal_batch() -> int:
    last = AuditEntry.objects.exclude(number=None).order_by("-number").first()
    number, before = (last.number or 0, last.seal) if last else (0, "")
    waiting = list(AuditEntry.objects.filter(number=None).order_by("pk")[:BATCH])
    for number, entry in enumerate(waiting, start=number + 1):  # noqa: B020  (counts on from the last one)
        entry.number = number
        entry.seal = seal_of(before, entry)
        entry.save(update_fields=["number", "seal"])
        before = entry.seal
    return len(waiting)


def seal_of(before: str, entry: AuditEntry) -> str:
    """The seal of an entry that follows the one with the seal `before` ("" for the first), hexadecimal."""
    content = [_plain(getattr(entry, name)) for name in SEALED]
    written = json.dumps([before, entry.number, *content], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: object) -> object:
    """Dates as ISO 8601 in UTC, to the microsecond; everything else as JSON knows it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def verify() -> Verdict:
    """Go through the whole chain; the first fault ends it."""
    number, last, problem = 0, "", ""
    for entry in _sealed():
        problem = _fault(number, last, entry)
        if problem:
            break
        number, last = entry.number or 0, entry.seal
    unsealed = AuditEntry.objects.filter(number=None).count()
    return Verdict(AuditEntry.objects.count(), unsealed, number, last, problem)


def _fault(number: int, last: str, entry: AuditEntry) -> str:
    if entry.number != number + 1:
        return f"Entries {number + 1} to {(entry.number or 0) - 1} of the chain are missing."
    if entry.seal != seal_of(last, entry):
        return f"Entry {entry.number} of the chain (id {entry.pk}) is not what was sealed."
    return ""


def _sealed() -> Iterator[AuditEntry]:
    return AuditEntry.objects.exclude(number=None).order_by("number").iterator(BATCH)
