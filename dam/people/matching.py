"""Who is this? A vector against the faces by which consenting persons are known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db.models import Case, F, Value, When, Window
from django.db.models.functions import RowNumber

from dam.people.biometrics import SPACES, Likeness, likeness_in
from dam.people.models import SOMEBODY, Consent, Face
from indexing.models import Annotation

REFERENCES = 12
"""Faces by which one person is known at most; the clearest ones."""
LEAST = 0.5
"""A person is proposed where that is likelier than not."""


@dataclass(frozen=True)
class Match:
    """Who it probably is: `name` is what facts call them, `probability` 0..1, `cosine` that to the likest
    reference face."""

    person_id: int
    name: str
    probability: float
    cosine: float


@dataclass(frozen=True)
class References:
    """Reference vectors, shape (n, dimensions), and whose each of them is."""

    vectors: np.ndarray
    owners: np.ndarray
    names: dict[int, str]
    likeness: Likeness | None

    def match(self, vector: np.ndarray, excluded: Collection[int] = (), least: float = LEAST) -> Match | None:
        """The person it shows with at least that probability, or None. `excluded` persons are known not to be
        there.

        The odds of each person follow from the likest reference. Exactly one of them, or none, is true, so
        by Bayes' rule with even odds for "none" their probability is odds / (1 + the odds of all).
        """
        if self.likeness is None or not len(self.vectors):
            return None
        cosines = self._likest(vector)
        odds = {
            person: _odds(self.likeness(cosine))
            for person, cosine in cosines.items()
            if person not in excluded
        }
        if not odds:
            return None
        best = max(odds, key=lambda person: odds[person])
        probability = odds[best] / (1 + sum(odds.values()))
        return Match(best, self.names[best], probability, cosines[best]) if probability >= least else None

    def _likest(self, vector: np.ndarray) -> dict[int, float]:
        """The cosine of each person's likest reference."""
        cosines = self.vectors @ np.asarray(vector, dtype=np.float32)
        return {int(owner): float(cosines[self.owners == owner].max()) for owner in np.unique(self.owners)}


def references(library_id: int, space: str) -> References:
    """The faces by which the library's persons with valid consent are known, as people confirmed them."""
    consenting = Consent.objects.valid(SPACES[space]).filter(person__library=library_id)
    clearest = Window(
        RowNumber(),
        partition_by=F("appearance__person"),
        order_by=[F("embedding__annotation__confidence").desc(nulls_last=True), F("pk").asc()],
    )
    name = F("appearance__person__name")
    known = Face.objects.filter(
        library=library_id,
        embedding__space=space,
        appearance__annotation__status=Annotation.Status.ACCEPTED,
        appearance__person__in=consenting.values("person"),
    )
    rows = list(
        known.annotate(rank=clearest)
        .filter(rank__lte=REFERENCES)
        .annotate(called=Case(When(appearance__person__hidden=True, then=Value(SOMEBODY)), default=name))
        .values_list("appearance__person", "called", "embedding__vector")
    )
    return References(
        np.array([vector for _, _, vector in rows], dtype=np.float32),
        np.array([owner for owner, _, _ in rows], dtype=np.int64),
        {owner: name for owner, name, _ in rows},
        likeness_in(space),
    )


def _odds(probability: float) -> float:
    share = min(max(float(probability), 1e-9), 1 - 1e-9)
    return share / (1 - share)
