"""Which vectors may be kept: the rule as one query, asked after every decision."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from dam.people import grouping
from dam.people.biometrics import KINDS, SPACES, spaces_of
from dam.people.models import Appearance, Consent, Face, LibraryRecognition
from indexing import store
from indexing.models import Annotation, Embedding

HOLDING = (Annotation.Status.ACCEPTED, Annotation.Status.PROPOSED)


def ungrounded(vectors: QuerySet[Embedding]) -> QuerySet[Embedding]:
    """Those of the vectors that are biometric and that neither a consent nor a basis allows to be kept."""
    refused = Q(annotation=None) | Q(annotation__status=Annotation.Status.REJECTED)
    allowed = Q(pk__in=[])
    for scope in KINDS:
        allowed |= Q(_based(scope) | _consented(scope), space__in=spaces_of(scope))
    return vectors.filter(refused | ~allowed, space__in=SPACES)


def _based(scope: str) -> Q:
    """The library declared that it may keep such vectors of people who are not named yet."""
    declared = LibraryRecognition.objects.valid(scope).filter(library=OuterRef("asset__library"))
    return Q(Exists(declared))


def _consented(scope: str) -> Q:
    """The vector is tied to somebody who is not denied to be there and who consents to that use."""
    appearing = Appearance.objects.filter(
        faces__embedding=OuterRef("pk"),
        annotation__status__in=HOLDING,
        person__in=Consent.objects.valid(scope).values("person"),
    )
    return Q(Exists(appearing))


def enforce(asset_ids: Sequence[int]) -> int:
    """Erase the vectors of those assets that may be kept no longer; returns how many."""
    doomed = ungrounded(Embedding.objects.filter(asset__in=asset_ids))
    ids = list(doomed.values_list("pk", flat=True))
    clusters = set(Face.objects.filter(pk__in=ids, cluster__isnull=False).values_list("cluster", flat=True))
    store.forget(Embedding.objects.filter(pk__in=ids))
    grouping.recompute(clusters)
    return len(ids)
