"""The chain of seals shows what was done to the trail behind its back."""

from __future__ import annotations

from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, transaction

from dam.audit import chain
from dam.audit.models import AuditEntry
from dam.audit.recording import record
from indexing import signals

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    return [record("audit.exported", label=name, format="csv") for name in ("one", "two", "three")]


def run(work="verify"):
    written = StringIO()
    call_command("audit", work, stdout=written)
    return written.getvalue()


def test_entries_are_sealed_when_the_planner_looks_around(entries):
    signals.look_around()
    assert list(AuditEntry.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]
    record("audit.exported")
    assert chain.seal() == 1
    assert chain.seal() == 0
    assert "4 entries, whole; 0 of them wait" in run()


def test_what_is_not_sealed_yet_is_said(entries):
    assert "3 of them wait for their seal" in run()
    assert "0 of them wait" in run("seal")


def test_a_sealed_entry_is_sealed_once(entries):
    chain.seal()
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        AuditEntry.objects.filter(number=2).update(seal="0" * 64)


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda found: found.filter(number=2).update(target_label="other"), "Entry 2 .* is not what was"),
        (lambda found: found.filter(number=2).update(details={"format": "xml"}), "Entry 2 .* is not what"),
        (lambda found: found.filter(number=2).delete(), "Entries 2 to 2 .* are missing"),
        (lambda found: found.filter(number=3).update(seal="0" * 64), "Entry 3"),
    ],
)
def test_whoever_takes_the_triggers_away_breaks_the_chain(entries, tamper, told):
    chain.seal()
    with pgtrigger.ignore():
        tamper(AuditEntry.objects)
    with pytest.raises(CommandError, match=told):
        run()


def test_the_last_seal_shows_that_the_end_was_cut_off(entries):
    chain.seal()
    kept = chain.verify().seal
    with pgtrigger.ignore():
        AuditEntry.objects.filter(number=3).delete()
    assert chain.verify().problem == ""
    assert chain.verify().seal != kept
