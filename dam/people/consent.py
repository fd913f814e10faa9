"""The gate: no biometric vector is stored, and nobody is named by a machine, without consent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from django.db import connection

from dam.assets.models import Asset
from dam.people import tombstones
from dam.people.biometrics import KINDS, SPACES
from dam.people.matching import Match, references
from dam.people.models import Appearance, Consent, LibraryRecognition, Person
from indexing.analysers.contract import Finding, Place, Vector
from indexing.models import Annotation
from indexing.places import place_of, same_place

LOCK = 7_130_001
"""The first half of this room's PostgreSQL advisory locks; the second is the library's id."""


def admit(asset: Asset, found: Iterable[Finding | Vector]) -> list[Finding | Vector]:
    """What may be stored of what an analyser, or the file itself, says about an asset.

    A face of a consenting person keeps its vector and brings a proposed "person" fact with it. Any other
    biometric vector is taken off, unless the library declared a basis and no tombstone lies there; the box
    stays. Names that came with the file are left out where that person withdrew.
    Call it in the transaction that stores the answer: withdrawals wait until that has ended.
    """
    found = list(found)
    if any(_is_biometric(each) for each in found):
        hold(asset.library_id, shared=True)
        gate = Gate(asset)
        found = [admitted for each in found for admitted in gate.admit(each)]
    return _without_withdrawn(asset, found)


def concerns(found: Iterable[Finding | Vector]) -> bool:
    """Whether anything among it is about who somebody is."""
    return any(
        _is_biometric(each) or (isinstance(each, Finding) and each.kind in KINDS.values()) for each in found
    )


def hold(library_id: int, shared: bool) -> None:
    """Until the transaction ends, keep withdrawals out (shared) or the gate closed (not shared)."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, library_id])


@dataclass(frozen=True)
class Decision:
    """A person's word on who is at a place."""

    place: Place
    person_id: int
    accepted: bool


class Gate:
    """Consent, decisions and tombstones that bear on one asset, read when they are needed."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset
        self.references = cache(partial(references, asset.library_id))
        self.consenting = cache(self._consenting)

    def admit(self, each: Finding | Vector) -> list[Finding | Vector]:
        """The finding, with or without its vector, and the person it shows; nothing for a bare vector."""
        if not _is_biometric(each):
            return [each]
        if isinstance(each, Vector) or each.vector is None:
            return []
        if self._is_barred(each):
            return [replace(each, vector=None)]
        named, denied = self._decided_at(each.place)
        if named:
            kept = named & self.consenting(SPACES[each.vector.space]) or self._may_stay_unnamed(each)
            return [each if kept else replace(each, vector=None)]
        match = self.references(each.vector.space).match(each.vector.values, denied)
        if match:
            return [each, _proposal(each, match)]
        return [each if self._may_stay_unnamed(each) else replace(each, vector=None)]

    def _is_barred(self, face: Finding) -> bool:
        """Whether a tombstone lies there, or somebody said that this is no face at all."""
        no_face = any(
            fact.kind == face.kind and same_place(place_of(fact), face.place) for fact in self._refused
        )
        return no_face or self._graves.cover(face.place)

    def _may_stay_unnamed(self, face: Finding) -> bool:
        return self._basis and not self._graves.near(face.place)

    def _decided_at(self, place: Place) -> tuple[set[int], set[int]]:
        """Persons whom people said to be there, and persons whom they said not to be there."""
        here = [each for each in self._decisions if same_place(each.place, place)]
        named = {each.person_id for each in here if each.accepted}
        return named, {each.person_id for each in here if not each.accepted}

    def _consenting(self, scope: str) -> set[int]:
        valid = Consent.objects.valid(scope).filter(person__library=self.asset.library_id)
        return set(valid.values_list("person", flat=True))

    @cached_property
    def _basis(self) -> bool:
        return LibraryRecognition.objects.holding().filter(library=self.asset.library_id).exists()

    @cached_property
    def _graves(self) -> tombstones.Graves:
        return tombstones.graves_of(self.asset)

    @cached_property
    def _refused(self) -> list[Annotation]:
        facts = Annotation.objects.filter(asset=self.asset, parent=None, reviewer__isnull=False)
        return list(facts.filter(status=Annotation.Status.REJECTED).exclude(kind__in=KINDS.values()))

    @cached_property
    def _decisions(self) -> Sequence[Decision]:
        decided = (Annotation.Status.ACCEPTED, Annotation.Status.REJECTED)
        rows = Appearance.objects.filter(
            annotation__asset=self.asset, annotation__status__in=decided, annotation__reviewer__isnull=False
        )
        return [
            Decision(place_of(row.annotation), row.person_id, row.annotation.status == decided[0])
            for row in rows.select_related("annotation")
        ]


def _is_biometric(each: Finding | Vector) -> bool:
    vector = each if isinstance(each, Vector) else each.vector
    return vector is not None and vector.space in SPACES


def _proposal(face: Finding, match: Match) -> Finding:
    space = face.vector.space if face.vector else ""
    return Finding(
        kind=KINDS[SPACES[space]],
        text=match.name,
        place=face.place,
        confidence=match.probability,
        details={"person": match.person_id, "face": {"space": space, "cosine": round(match.cosine, 4)}},
    )


def _without_withdrawn(asset: Asset, found: list[Finding | Vector]) -> list[Finding | Vector]:
    """Without names on regions and voices that the file brings along, of persons who withdrew."""
    if not any(_name_in(each) for each in found):
        return found
    withdrawn = _forgotten_names(asset.library_id)
    return [each for each in found if _name_in(each) not in withdrawn]


def _forgotten_names(library_id: int) -> set[str]:
    """Names, in lower case, of persons who withdrew and of whom nobody of that name consents now."""
    persons = Person.objects.filter(library=library_id)
    gone = persons.filter(consents__withdrawn_at__isnull=False)
    staying = persons.filter(consents__in=Consent.objects.holding())
    return {name.casefold() for name in gone.values_list("name", flat=True)} - {
        name.casefold() for name in staying.values_list("name", flat=True)
    }


def _name_in(each: Finding | Vector) -> str:
    """The name, in lower case, that is given by a finding without a tie to a person; else an empty text."""
    names = isinstance(each, Finding) and each.kind in KINDS.values() and "person" not in each.details
    return each.text.casefold() if names and isinstance(each, Finding) else ""
