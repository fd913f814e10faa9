"""The way of a SKOS file into a vocabulary: read and planned, shown, then taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dam.vocabularies import changes, planning, reading
from dam.vocabularies.concepts import Concept
from dam.vocabularies.models import Import, Vocabulary

if TYPE_CHECKING:
    from dam.sharing.models import User

KEPT = timedelta(days=30)
"""Imports are forgotten after so long; what they brought stays."""


def begin(vocabulary: Vocabulary, user: User, name: str, data: bytes) -> Import:
    """Note a file and have it read once this is committed."""
    from dam.vocabularies.tasks import read_import

    vocabulary.imports.filter(made_at__lt=timezone.now() - KEPT).delete()
    made = vocabulary.imports.create(name=name[:300], file=data, made_by=user)
    transaction.on_commit(lambda: read_import.delay(made.pk))
    return made


def read(pk: int) -> None:
    """Read the file of an import that waits for it, and report what taking it over would do."""
    found = Import.objects.select_related("vocabulary").filter(pk=pk, state=Import.State.READING).first()
    if found is None or found.file is None:
        return
    try:
        held = reading.read(bytes(found.file))
    except reading.RefusedError as reason:
        found.state, found.problem = Import.State.REFUSED, str(reason)
    else:
        plan = planning.plan(found.vocabulary, held.concepts)
        found.state, found.concepts = Import.State.READY, [each.written() for each in held.concepts]
        found.report = {**plan.report, "scheme": held.scheme, "left_out": held.left_out}
    found.file = None
    found.save()


def confirm(waiting: Import) -> bool:
    """Have a planned import taken over; False where it is not, or no longer, waiting for that."""
    from dam.vocabularies.tasks import apply_import

    ready = Import.objects.filter(pk=waiting.pk, state=Import.State.READY)
    if not ready.update(state=Import.State.APPLYING):
        return False
    transaction.on_commit(lambda: apply_import.delay(waiting.pk))
    return True


def apply(pk: int) -> None:
    """Take over what holds of a confirmed import, planned anew: terms may have changed since it was shown."""
    with transaction.atomic():
        found = (
            Import.objects.select_for_update(of=("self",))
            .select_related("vocabulary", "made_by")
            .filter(pk=pk, state=Import.State.APPLYING)
            .first()
        )
        if found is None:
            return
        incoming = [Concept.of(each) for each in found.concepts]
        plan = changes.take_over(found.vocabulary, found.made_by, f"Imported {found.name}", incoming)
        _name(found.vocabulary, found.report.get("scheme", {}))
        found.report = {**found.report, **plan.report}
        found.state, found.concepts = Import.State.DONE, []
        found.save()


def _name(vocabulary: Vocabulary, scheme: dict[str, str]) -> None:
    """Take the scheme's address, and its licence where none is noted, for a vocabulary with a made one."""
    uri = scheme.get("uri", "")
    if vocabulary.uri.startswith("urn:uuid:") and planning.is_address(uri):
        vocabulary.uri = uri
    vocabulary.licence = vocabulary.licence or scheme.get("licence", "")
    vocabulary.save(update_fields=["uri", "licence"])
