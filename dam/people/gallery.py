"""What the pages of people show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.paginator import Page
from django.db.models import Count, F, Prefetch, Q

from dam.assets.models import Asset
from dam.people.biometrics import KINDS, VOICE
from dam.people.models import Appearance, Consent, Face, FaceCluster, Person
from dam.people.scopes import appearances_for
from indexing.models import Annotation
from indexing.places import place_of, same_place

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

FACES_OF_A_GROUP = 48
FACES_AT_ONCE = 500


@dataclass(frozen=True)
class Card:
    """A person, one of their places to show, and how many assets they are in, and speak in."""

    person: Person
    face: Annotation | None
    assets: int
    heard: int
    consents: Sequence[Consent]


@dataclass(frozen=True)
class Box:
    """A face in an asset, and what is said about who it is."""

    face: Annotation
    named: Annotation | None


@dataclass(frozen=True)
class Sighting:
    """An asset, and where the person is in it."""

    asset: Asset
    facts: Sequence[Annotation]


def cards(user: AnyUser, people: Page) -> list[Card]:
    """A card for each person of the page. Three queries."""
    shown = appearances_for(user).filter(person__in=[person.pk for person in people])
    speaking = Q(annotation__kind=KINDS[VOICE])
    counted = shown.values("person").annotate(
        assets=Count("annotation__asset", distinct=True),
        heard=Count("annotation__asset", filter=speaking, distinct=True),
    )
    counts = {row["person"]: (row["assets"], row["heard"]) for row in counted}
    clearest = shown.filter(annotation__x__isnull=False).order_by(
        "person_id", "annotation__status", F("annotation__confidence").desc(nulls_first=True)
    )
    faces = {
        each.person_id: each.annotation
        for each in clearest.distinct("person_id").select_related("annotation")
    }
    consents = Consent.objects.holding().filter(person__in=[person.pk for person in people])
    return [
        Card(
            person,
            faces.get(person.pk),
            *counts.get(person.pk, (0, 0)),
            [consent for consent in consents if consent.person_id == person.pk],
        )
        for person in people
    ]


def sightings(appearances: Iterable[Appearance]) -> list[Sighting]:
    """Appearances, ordered by asset, brought together for each asset."""
    groups = groupby(appearances, key=lambda each: each.annotation.asset)
    return [Sighting(asset, [each.annotation for each in group]) for asset, group in groups]


def boxes(asset: Asset) -> list[Box]:
    """The faces of an asset, in order of time and from left to right. Two queries."""
    holding = asset.annotations.filter(status__in=("accepted", "proposed"), x__isnull=False)
    named = list(holding.filter(kind="person", appearance__isnull=False).order_by("status"))
    faces = holding.filter(kind="face").order_by("start", "x")[:FACES_AT_ONCE]
    return [Box(face, _named_at(face, named)) for face in faces]


def _named_at(face: Annotation, named: Sequence[Annotation]) -> Annotation | None:
    place = place_of(face)
    return next((fact for fact in named if same_place(place_of(fact), place)), None)


def nameless(group: FaceCluster) -> list[Annotation]:
    """The clearest faces, or voices, of a group that nobody has named."""
    faces = Annotation.objects.filter(embeddings__face__cluster=group, embeddings__face__appearance=None)
    ordered = faces.select_related("asset__library").order_by(F("confidence").desc(nulls_last=True), "pk")
    return list(ordered[:FACES_OF_A_GROUP])


def with_faces(groups: Sequence[FaceCluster]) -> list[tuple[FaceCluster, Annotation | None]]:
    """Each group with one of its nameless faces. Two queries."""
    first = Face.objects.filter(cluster__in=[group.pk for group in groups], appearance=None)
    chosen = first.order_by("cluster_id", "pk").distinct("cluster_id").select_related("embedding__annotation")
    by_group = {face.cluster_id: face.embedding.annotation for face in chosen}
    return [(group, by_group.get(group.pk)) for group in groups]


def renditions() -> Prefetch:
    """What a tile needs of an asset."""
    return Prefetch("annotation__asset__renditions")
