"""A person says who is in a face box. Their word outranks every machine."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from dam.people import tombstones
from dam.people.biometrics import FACE, KINDS, SPACES
from dam.people.consent import hold
from dam.people.enrolment import enrol, request_look
from dam.people.models import Appearance, Face, LibraryRecognition, Person
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation
from indexing.places import place_of, same_place


class ConsentMissingError(ValueError):
    """Nobody is named on a face whose consent is not recorded; the message is for a person."""


def name_face(face: Annotation, person: Person, user: User) -> Annotation:
    """Write down that this face is that person's; returns the accepted "person" fact.

    Who else was said to be there is not there. The face's vector is kept from now on; where it is not there
    any more, the asset is looked at again.
    Raises ConsentMissingError without valid consent, ValueError for a person of another library.
    """
    asset = face.asset
    if person.library_id != asset.library_id:
        raise ValueError(f"{person} is not known in this library.")
    with transaction.atomic():
        hold(person.library_id, shared=True)
        if not person.consents_to(FACE):
            raise ConsentMissingError(f"Record the consent of {person} first; it is missing or has ended.")
        tombstones.lift(asset, place_of(face))
        fact = _settle(face, person, user) or _say(face, person, user)
        enrol(asset)
        if not Face.objects.filter(embedding__annotation=face).exists():
            for space in (space for space, scope in SPACES.items() if scope == FACE):
                request_look([asset.pk], space)
    return fact


def declare(basis: LibraryRecognition) -> None:
    """Have the library's faces looked at again, so that those without a name are kept and grouped."""
    assets = Annotation.objects.filter(kind="face", asset__library=basis.library_id)
    ids = list(assets.order_by("asset").values_list("asset", flat=True).distinct())
    for space in (space for space, scope in SPACES.items() if scope == FACE):
        request_look(ids, space)


def rename(person: Person, name: str) -> None:
    """Call a person otherwise, here and in every fact that names them."""
    with transaction.atomic():
        person.name = name
        person.save(update_fields=["name"])
        store.rename(Annotation.objects.filter(appearance__person=person), name)


def _settle(face: Annotation, person: Person, user: User) -> Annotation | None:
    """Decide on what was said about that place; the fact that names the person, if there was one."""
    settled: Annotation | None = None
    for each in _said_at(face):
        if each.person_id == person.pk:
            settled = store.review(each.annotation, user, Annotation.Status.ACCEPTED)
        elif each.annotation.status != Annotation.Status.REJECTED:
            store.review(each.annotation, user, Annotation.Status.REJECTED)
    return settled


def _said_at(face: Annotation) -> Iterable[Appearance]:
    said = Appearance.objects.filter(annotation__asset=face.asset_id, annotation__kind=KINDS[FACE])
    place = place_of(face)
    return [
        each for each in said.select_related("annotation") if same_place(place_of(each.annotation), place)
    ]


def _say(face: Annotation, person: Person, user: User) -> Annotation:
    finding = Finding(KINDS[FACE], person.name, place=place_of(face), details={"person": person.pk})
    return store.record(face.asset, finding, user)
