"""Two records of one person become one: places, consents and receipts are joined, and nothing is lost."""

from __future__ import annotations

from django.db import transaction

from dam.people.biometrics import KINDS
from dam.people.consent import hold
from dam.people.models import Answer, Appearance, Consent, Erasure, Person, Scope
from indexing import store
from indexing.models import Annotation


def concerns(kept: Person, other: Person) -> list[str]:
    """What an archivist has to answer for before the two are joined, in sentences; mostly nothing.

    Afterwards each consent of either record covers the places of both.
    """
    found = []
    for scope, kind in KINDS.items():
        for one, with_consent in ((kept, other), (other, kept)):
            if not with_consent.consents_to(scope) or one.consents_to(scope):
                continue
            places = Appearance.objects.filter(person=one, annotation__kind=kind).count()
            if _withdrew(one, scope):
                found.append(
                    f"{one} withdrew the consent for the {scope}. Joined with {with_consent}, whose consent "
                    "holds, they would be recognised again."
                )
            elif places:
                found.append(
                    f"There is no consent for the {scope} of {one}, who is named in {places} "
                    f"place{'' if places == 1 else 's'}; the consent of {with_consent} would cover them."
                )
    return found


def merge(kept: Person, other: Person) -> None:
    """Join the other record into the kept one, which lends its name to every fact, and delete the other.

    Whoever is hidden in either stays hidden. Raises ValueError for persons of two libraries, or for one.
    """
    if kept.pk == other.pk or kept.library_id != other.library_id:
        raise ValueError("Two records of one library are joined.")
    with transaction.atomic():
        hold(kept.library_id, shared=False)
        for model in (Appearance, Consent, Erasure):
            model.objects.filter(person=other).update(person=kept)
        Answer.objects.filter(person=other).delete()
        kept.hidden = kept.hidden or other.hidden
        kept.notes = "\n\n".join(note for note in (kept.notes, other.notes) if note)
        kept.save(update_fields=["hidden", "notes"])
        store.rename(Annotation.objects.filter(appearance__person=kept), kept.shown_name)
        other.delete()


def _withdrew(person: Person, scope: str) -> bool:
    return person.consents.filter(scope__in=(scope, Scope.BOTH), withdrawn_at__isnull=False).exists()
