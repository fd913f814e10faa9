"""What was stored is tied to persons: facts that name one, and vectors that may be kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from dam.assets.models import Asset
from dam.people.biometrics import KINDS, SPACES, spaces_of
from dam.people.models import Appearance, Face, Person
from dam.people.signals import look_again
from dam.people.whereabouts import HOLDING, whereabouts
from indexing.models import Annotation, Embedding
from indexing.places import place_of


def enrol(asset: Asset) -> None:
    """Tie the asset's facts that name persons to them, and its biometric vectors to who is there.

    Idempotent. When a person becomes known by a first face, or a first voice, the library's other files in
    which there are any are looked at again.
    """
    _tie_appearances(asset)
    new = Embedding.objects.filter(asset=asset, space__in=SPACES, annotation__isnull=False, face=None)
    Face.objects.bulk_create(
        [Face(embedding=embedding, library_id=asset.library_id) for embedding in new], batch_size=1000
    )
    faces = Face.objects.filter(embedding__asset=asset).exclude(appearance__annotation__status__in=HOLDING)
    for scope in KINDS:
        loose = list(
            faces.filter(embedding__space__in=spaces_of(scope)).select_related("embedding__annotation")
        )
        if loose:
            _tie_faces(asset, scope, loose)


def request_look(asset_ids: Iterable[int], space: str) -> None:
    """After the commit, have the makers of that space look at those assets anew."""
    ids = list(asset_ids)
    if ids:
        send = partial(look_again.send, sender=Person, space=space, asset_ids=ids)
        transaction.on_commit(send, robust=True)


def assets_with(scope: str, library_id: int) -> list[int]:
    """The library's assets in which there is a face, or a voice."""
    found = Annotation.objects.filter(kind=scope, asset__library=library_id)
    return list(found.order_by("asset").values_list("asset", flat=True).distinct())


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


def _tie_faces(asset: Asset, scope: str, faces: list[Face]) -> None:
    """Each belongs to the appearance at its place; one that a person confirmed comes first."""
    where = whereabouts(asset, scope)
    appearances = list(
        Appearance.objects.filter(
            annotation__asset=asset, annotation__kind=KINDS[scope], annotation__status__in=HOLDING
        )
        .select_related("annotation", "person")
        .order_by("annotation__status")
    )
    for face in faces:
        fact = face.embedding.annotation
        if fact is None:
            continue
        place = place_of(fact)
        here = [each for each in appearances if where.same(place_of(each.annotation), place)]
        if here:
            _make_known(asset, face, here[0])


def _make_known(asset: Asset, face: Face, appearance: Appearance) -> None:
    space = face.embedding.space
    confirmed = appearance.annotation.status == Annotation.Status.ACCEPTED
    first = confirmed and not is_known(appearance.person, space)
    face.appearance = appearance
    face.save(update_fields=["appearance"])
    if first:
        others = assets_with(SPACES[space], asset.library_id)
        request_look([pk for pk in others if pk != asset.pk], space)


def is_known(person: Person, space: str) -> bool:
    """Whether there is a vector in that space which a person confirmed to be theirs."""
    return Face.objects.filter(
        appearance__person=person,
        appearance__annotation__status=Annotation.Status.ACCEPTED,
        embedding__space=space,
    ).exists()
