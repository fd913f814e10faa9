"""Is this the same person? Groups that are not quite alike enough, asked about one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from dam.people import grouping, recognition
from dam.people.biometrics import VOICE, likeness_in
from dam.people.consent import hold
from dam.people.gallery import nameless
from dam.people.matching import references
from dam.people.models import Answer, Face, FaceCluster, Person
from dam.people.scopes import groups_for
from dam.people.whereabouts import HOLDING
from dam.sharing.models import User
from indexing.models import Annotation

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

ASKED = 0.2
"""The probability from which it is worth a question."""
COMPARED = 300
"""Groups that are compared, the largest; the table of their likenesses is small."""

Pair = tuple[int, int | None, int | None]
"""The ids of a group, and of the person or the other group that it may be."""


@dataclass(frozen=True)
class Question:
    """A group, who it may be, and how probable that is, 0..1."""

    group: FaceCluster
    person_id: int | None
    other: FaceCluster | None
    probability: float

    @property
    def pair(self) -> Pair:
        """What tells the question from others."""
        return self.group.pk, self.person_id, self.other.pk if self.other else None


def next_question(user: AnyUser, skipped: Collection[Pair] = ()) -> Question | None:
    """The first question that nobody has answered: about the largest group that may be a known person, then
    about two groups that may be one. Only about groups that the user keeps."""
    groups = list(groups_for(user)[:COMPARED])
    answered = Answer.objects.filter(cluster__in=[group.pk for group in groups])
    settled = {*skipped, *answered.values_list("cluster", "person", "other")}
    ordered = sorted(groups, key=_kin)
    for asked in (_of_persons, _of_groups):
        for _, kin in groupby(ordered, key=_kin):
            found = [each for each in asked(list(kin), settled) if each.probability >= ASKED]
            if found:
                return max(found, key=lambda each: (each.group.size, each.probability))
    return None


def answer_yes(user: User, group: FaceCluster, person: Person | None, other: FaceCluster | None) -> Answer:
    """They are the same: the group's nameless members get the person's name, or both groups become one.

    Raises recognition.ConsentMissingError without the person's consent.
    """
    with transaction.atomic():
        moved = _join(group, other) if other else _name(group, person, user) if person else []
        return Answer.objects.create(cluster=group, person=person, same=True, user=user, moved=moved)


def answer_no(user: User, group: FaceCluster, person: Person | None, other: FaceCluster | None) -> Answer:
    """They are not the same; the question is not asked again."""
    return Answer.objects.create(cluster=group, person=person, other=other, same=False, user=user)


def take_back(answer: Answer) -> None:
    """Undo an answer: names that still hold are unsaid, faces that still lie together are parted."""
    with transaction.atomic():
        if answer.same and answer.person_id:
            named = Annotation.objects.filter(pk__in=answer.moved, status__in=HOLDING)
            for fact in named.select_related("asset"):
                recognition.take_back(fact, answer.user)
        elif answer.same:
            _part(answer.cluster, answer.moved)
        answer.delete()


def _kin(group: FaceCluster) -> tuple[int, str]:
    return group.library_id, group.space


def _of_persons(groups: Sequence[FaceCluster], settled: Collection[Pair]) -> Iterator[Question]:
    """For each group the likeliest person whom nobody has ruled out."""
    library_id, space = _kin(groups[0])
    known = references(library_id, space)
    for group in groups:
        denied = {person for cluster, person, _ in settled if cluster == group.pk and person}
        match = known.match(_unit(group.mean), denied, least=ASKED)
        if match:
            yield Question(group, match.person_id, None, match.probability)


def _of_groups(groups: Sequence[FaceCluster], settled: Collection[Pair]) -> Iterator[Question]:
    """For each group the likeliest smaller group that nobody has told apart from it."""
    likeness = likeness_in(groups[0].space)
    if likeness is None or len(groups) < 2:
        return
    means = np.array([_unit(group.mean) for group in groups])
    cosines = means @ means.T
    apart = {frozenset((cluster, other)) for cluster, _, other in settled if other}
    for row, group in enumerate(groups):
        pairs = [
            (float(cosines[row, column]), groups[column])
            for column in range(row + 1, len(groups))
            if frozenset((group.pk, groups[column].pk)) not in apart
        ]
        if pairs:
            cosine, other = max(pairs, key=lambda pair: pair[0])
            yield Question(group, None, other, float(likeness(cosine)))


def _unit(vector: Sequence[float]) -> np.ndarray:
    values = np.asarray(vector, np.float32)
    length = float(np.linalg.norm(values))
    return values / length if length else values


def _name(group: FaceCluster, person: Person, user: User) -> list[int]:
    say = recognition.name_voice if group.scope == VOICE else recognition.name_face
    return [say(found, person, user).pk for found in nameless(group)]


def _join(group: FaceCluster, other: FaceCluster) -> list[int]:
    hold(group.library_id, shared=False)
    faces = Face.objects.filter(cluster=other)
    moved = list(faces.values_list("pk", flat=True))
    faces.update(cluster=group)
    grouping.recompute([group.pk, other.pk])
    return moved


def _part(group: FaceCluster, moved: Sequence[int]) -> None:
    hold(group.library_id, shared=False)
    still = Face.objects.filter(pk__in=moved, cluster=group)
    if still.exists():
        made = FaceCluster.objects.create(
            library_id=group.library_id, space=group.space, mean=group.mean, size=0
        )
        still.update(cluster=made)
        grouping.recompute([group.pk, made.pk])
