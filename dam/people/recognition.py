"""A person says who is in a face box, or who speaks. Their word outranks every machine."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from dam.assets.models import Asset
from dam.people.biometrics import FACE, KINDS, VOICE, spaces_of
from dam.people.consent import hold
from dam.people.enrolment import assets_with, enrol, request_look
from dam.people.models import Appearance, Face, LibraryRecognition, Person
from dam.people.whereabouts import HOLDING, lift, whereabouts
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding, Place
from indexing.models import Annotation
from indexing.places import place_of


class ConsentMissingError(ValueError):
    """Nobody is named on a face or voice whose consent is not recorded; the message is for a person."""


def name_face(face: Annotation, person: Person, user: User) -> Annotation:
    """Write down that this face is that person's; returns the accepted "person" fact.

    Who else was said to be there is not there. The face's vector is kept from now on; where it is not there
    any more, the asset is looked at again.
    Raises ConsentMissingError without valid consent, ValueError for a person of another library.
    """
    return _name(face, person, user, FACE)


def name_voice(voice: Annotation, person: Person, user: User) -> Annotation:
    """Write down that this speaker is that person; returns the accepted "speaker" fact.

    It stands at the speaker's clearest stretch and holds for all of his turns in the recording. Otherwise as
    name_face, with consent for the voice.
    """
    return _name(voice, person, user, VOICE)


def take_back(fact: Annotation, user: User) -> None:
    """Unsay a name: what a machine proposed is a proposal again, what a person said holds no more."""
    proposed = fact.source == Annotation.Source.MACHINE
    store.review(fact, user, Annotation.Status.PROPOSED if proposed else Annotation.Status.SUPERSEDED)


def declare(basis: LibraryRecognition) -> None:
    """Have the library's files looked at again, so that who has no name there is kept and grouped."""
    for scope in sorted(basis.scopes):
        for space in spaces_of(scope):
            request_look(assets_with(scope, basis.library_id), space)


def rename(person: Person, name: str) -> None:
    """Call a person otherwise, here and in every fact that names them, by no name where they are hidden."""
    with transaction.atomic():
        person.name = name
        person.save(update_fields=["name"])
        store.rename(Annotation.objects.filter(appearance__person=person), person.shown_name)


def _name(found: Annotation, person: Person, user: User, scope: str) -> Annotation:
    asset, place = found.asset, place_of(found)
    if person.library_id != asset.library_id:
        raise ValueError(f"{person} is not known in this library.")
    with transaction.atomic():
        hold(person.library_id, shared=True)
        if not person.consents_to(scope):
            raise ConsentMissingError(
                f"Record the consent of {person}, for the {scope}, first; it is missing or has ended."
            )
        lift(asset, place, scope)
        fact = _settle(asset, place, person, user, scope) or _say(asset, place, person, user, scope)
        enrol(asset)
        if not Face.objects.filter(embedding__annotation=found).exists():
            for space in spaces_of(scope):
                request_look([asset.pk], space)
    return fact


def _settle(asset: Asset, place: Place, person: Person, user: User, scope: str) -> Annotation | None:
    """Decide on what was said about that place; the fact that names the person, if there was one."""
    settled: Annotation | None = None
    for each in _said_at(asset, place, scope):
        if each.person_id == person.pk:
            settled = store.review(each.annotation, user, Annotation.Status.ACCEPTED)
        elif each.annotation.status in HOLDING:
            store.review(each.annotation, user, Annotation.Status.REJECTED)
    return settled


def _said_at(asset: Asset, place: Place, scope: str) -> Sequence[Appearance]:
    said = Appearance.objects.filter(annotation__asset=asset, annotation__kind=KINDS[scope])
    where = whereabouts(asset, scope)
    return [
        each for each in said.select_related("annotation") if where.same(place_of(each.annotation), place)
    ]


def _say(asset: Asset, place: Place, person: Person, user: User, scope: str) -> Annotation:
    finding = Finding(KINDS[scope], person.shown_name, place=place, details={"person": person.pk})
    return store.record(asset, finding, user)
