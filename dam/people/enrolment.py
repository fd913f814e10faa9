"""What was stored is tied to persons: facts that name one, and vectors that may be kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from dam.assets.models import Asset
from dam.people.biometrics import KINDS, SPACES
from dam.people.models import Appearance, Face, Person
from dam.people.signals import look_again
from indexing.models import Annotation, Embedding
from indexing.places import place_of, same_place

HOLDING = (Annotation.Status.ACCEPTED, Annotation.Status.PROPOSED)


def enrol(asset: Asset) -> None:
    """Tie the asset's person facts to their persons, and its biometric vectors to who stands there.

    Idempotent. When a person becomes known by a first face, the library's other faces are looked at again.
    """
    _tie_appearances(asset)
    faces = Face.objects.filter(embedding__asset=asset)
    new = Embedding.objects.filter(asset=asset, space__in=SPACES, annotation__isnull=False, face=None)
    Face.objects.bulk_create(
        [Face(embedding=embedding, library_id=asset.library_id) for embedding in new], batch_size=1000
    )
    loose = list(
        faces.exclude(appearance__annotation__status__in=HOLDING).select_related("embedding__annotation")
    )
    if loose:
        _tie_faces(asset, loose)


def request_look(asset_ids: Iterable[int], space: str) -> None:
    """After the commit, have the makers of that space look at those assets anew."""
    ids = list(asset_ids)
    if ids:
        send = partial(look_again.send, sender=Person, space=space, asset_ids=ids)
        transaction.on_commit(send, robust=True)


def _tie_appearances(asset: Asset) -> None:
    facts = Annotation.objects.filter(
        asset=asset, kind__in=KINDS.values(), details__has_key="person", appearance=None
    )
    named = {fact: fact.details["person"] for fact in facts}
    known = set(
        Person.objects.filter(pk__in=named.values(), library=asset.library_id).values_list("pk", flat=True)
    )
    Appearance.objects.bulk_create(
        [Appearance(annotation=fact, person_id=pk) for fact, pk in named.items() if pk in known]
    )


def _tie_faces(asset: Asset, faces: list[Face]) -> None:
    """Each face belongs to the appearance at its place; one that a person confirmed comes first."""
    appearances = list(
        Appearance.objects.filter(annotation__asset=asset, annotation__status__in=HOLDING)
        .select_related("annotation", "person")
        .order_by("annotation__status")
    )
    for face in faces:
        fact = face.embedding.annotation
        if fact is None:
            continue
        place = place_of(fact)
        here = [each for each in appearances if same_place(place_of(each.annotation), place)]
        if here:
            _make_known(asset, face, here[0])


def _make_known(asset: Asset, face: Face, appearance: Appearance) -> None:
    confirmed = appearance.annotation.status == Annotation.Status.ACCEPTED
    first = confirmed and not is_known(appearance.person, face.embedding.space)
    face.appearance = appearance
    face.save(update_fields=["appearance"])
    if first:
        request_look(_others_with_faces(asset), face.embedding.space)


def is_known(person: Person, space: str) -> bool:
    """Whether there is a face in that space which a person confirmed to be theirs."""
    return Face.objects.filter(
        appearance__person=person,
        appearance__annotation__status=Annotation.Status.ACCEPTED,
        embedding__space=space,
    ).exists()


def _others_with_faces(asset: Asset) -> list[int]:
    faces = Annotation.objects.filter(kind="face", asset__library=asset.library_id).exclude(asset=asset)
    return list(faces.order_by("asset").values_list("asset", flat=True).distinct())
