"""The gate: no biometric vector is stored, and nobody is named by a machine, without consent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from django.db import connection

from dam.assets.models import Asset
from dam.people.biometrics import KINDS, SPACES
from dam.people.matching import Match, references
from dam.people.models import Appearance, Consent, LibraryRecognition, Person
from dam.people.whereabouts import whereabouts
from indexing.analysers.contract import Finding, Place, Vector
from indexing.models import Annotation
from indexing.places import place_of

LOCK = 7_130_001
"""The first half of this room's PostgreSQL advisory locks; the second is the library's id."""


def admit(asset: Asset, found: Iterable[Finding | Vector]) -> list[Finding | Vector]:
    """What may be stored of what an analyser, or the file itself, says about an asset.

    A face or voice of a consenting person keeps its vector and brings a proposed "person" or "speaker" fact
    with it. Any other biometric vector is taken off, unless the library declared a basis for that use and no
    tombstone lies there; the box, or the stretch, stays. Names that came with the file are left out where
    that person withdrew.
    Call it in the transaction that stores the answer: withdrawals wait until that has ended.
    """
    found = list(found)
    if any(_is_biometric(each) for each in found):
        hold(asset.library_id, shared=True)
        gate = Gate(asset, found)
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
    """A person's word on who is at a place: seen there, or heard there."""

    kind: str
    place: Place
    person_id: int
    accepted: bool


class Gate:
    """Consent, decisions and tombstones that bear on one asset, read when they are needed.

    `found` is what is about to be stored: the turns in it say which places are one speaker's.
    """

    def __init__(self, asset: Asset, found: Sequence[Finding | Vector]) -> None:
        self.asset = asset
        spoken = [(each.kind, each.details, each.place) for each in found if isinstance(each, Finding)]
        self.where = cache(partial(whereabouts, asset, found=spoken))
        self.references = cache(partial(references, asset.library_id))
        self.consenting = cache(self._consenting)
        self.has_basis = cache(self._has_basis)

    def admit(self, each: Finding | Vector) -> list[Finding | Vector]:
        """The finding, with or without its vector, and the person it shows; nothing for a bare vector."""
        if not _is_biometric(each):
            return [each]
        if isinstance(each, Vector) or each.vector is None:
            return []
        scope = SPACES[each.vector.space]
        if self._is_barred(each, scope):
            return [replace(each, vector=None)]
        named, denied = self._decided_at(each.place, scope)
        if named:
            kept = named & self.consenting(scope) or self._may_stay_unnamed(each, scope)
            return [each if kept else replace(each, vector=None)]
        match = self.references(each.vector.space).match(each.vector.values, denied)
        if match:
            return [each, _proposal(each, scope, match)]
        return [each if self._may_stay_unnamed(each, scope) else replace(each, vector=None)]

    def _is_barred(self, each: Finding, scope: str) -> bool:
        """Whether a tombstone lies there, or somebody said that this is no face, or no voice, at all."""
        where = self.where(scope)
        nobody = any(
            fact.kind == each.kind and where.same(place_of(fact), each.place) for fact in self._refused
        )
        return nobody or where.barred(each.place)

    def _may_stay_unnamed(self, each: Finding, scope: str) -> bool:
        return self.has_basis(scope) and not self.where(scope).near(each.place)

    def _decided_at(self, place: Place, scope: str) -> tuple[set[int], set[int]]:
        """Persons whom people said to be there, and persons whom they said not to be there."""
        where, kind = self.where(scope), KINDS[scope]
        here = [each for each in self._decisions if each.kind == kind and where.same(each.place, place)]
        named = {each.person_id for each in here if each.accepted}
        return named, {each.person_id for each in here if not each.accepted}

    def _consenting(self, scope: str) -> set[int]:
        valid = Consent.objects.valid(scope).filter(person__library=self.asset.library_id)
        return set(valid.values_list("person", flat=True))

    def _has_basis(self, scope: str) -> bool:
        return LibraryRecognition.objects.valid(scope).filter(library=self.asset.library_id).exists()

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
        facts = [(row.person_id, row.annotation) for row in rows.select_related("annotation")]
        return [
            Decision(fact.kind, place_of(fact), person_id, fact.status == decided[0])
            for person_id, fact in facts
        ]


def _is_biometric(each: Finding | Vector) -> bool:
    vector = each if isinstance(each, Vector) else each.vector
    return vector is not None and vector.space in SPACES


def _proposal(each: Finding, scope: str, match: Match) -> Finding:
    space = each.vector.space if each.vector else ""
    return Finding(
        kind=KINDS[scope],
        text=match.name,
        place=each.place,
        confidence=match.probability,
        details={"person": match.person_id, scope: {"space": space, "cosine": round(match.cosine, 4)}},
    )


def _without_withdrawn(asset: Asset, found: list[Finding | Vector]) -> list[Finding | Vector]:
    """Without names on regions and voices that the file brings along, of persons who withdrew."""
    if not any(_names(each, KINDS.values()) for each in found):
        return found
    for scope, kind in KINDS.items():
        gone = _forgotten_names(asset.library_id, scope)
        found = [each for each in found if _names(each, [kind]) not in gone]
    return found


def _forgotten_names(library_id: int, scope: str) -> set[str]:
    """Names, in lower case, of persons who withdrew and of whom nobody of that name consents to that use."""
    persons = Person.objects.filter(library=library_id)
    gone = persons.filter(consents__withdrawn_at__isnull=False)
    staying = persons.filter(consents__in=Consent.objects.valid(scope))
    return {name.casefold() for name in gone.values_list("name", flat=True)} - {
        name.casefold() for name in staying.values_list("name", flat=True)
    }


def _names(each: Finding | Vector, kinds: Collection[str]) -> str:
    """The name, in lower case, that a finding of those kinds gives without a tie to a person, or ""."""
    names = isinstance(each, Finding) and each.kind in kinds and "person" not in each.details
    return each.text.casefold() if names and isinstance(each, Finding) else ""
