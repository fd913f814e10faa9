"""Facts that people write in place of others, or take away, and how either is taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from secrets import token_hex

from django.db import transaction

from dam.assets.models import Asset
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation

Status, Source = Annotation.Status, Annotation.Source
HOLDING = (Status.PROPOSED, Status.ACCEPTED)
Writer = Callable[[Asset, Finding, User], Annotation]


class OutdatedError(Exception):
    """What was to be changed does not hold any more; the message is for a person."""


def hold(fact: Annotation) -> Annotation:
    """The fact as it stands, locked until the transaction ends.

    Raises OutdatedError where somebody else has decided on it meanwhile.
    """
    now = locked(fact.pk)
    if now is None or now.status not in HOLDING:
        raise OutdatedError("Somebody has corrected or rejected this meanwhile. This is how it reads now.")
    return now


def locked(pk: int) -> Annotation | None:
    """The fact of that number, whatever its status, locked until the transaction ends."""
    return Annotation.objects.select_for_update(of=("self",)).select_related("asset").filter(pk=pk).first()


def replace(
    asset: Asset,
    facts: Sequence[Annotation],
    findings: Sequence[Finding],
    user: User,
    write: Writer = store.record,
) -> list[Annotation]:
    """Write the findings in place of facts that the transaction holds; one edit, taken back as one.

    Each new fact's details carry the token of the "edit", and the numbers of the facts that it "replaced".
    """
    edit = {"edit": token_hex(8), "replaced": [fact.pk for fact in facts]}
    for fact in facts:
        retire(fact, user)
    return [
        write(asset, dataclasses.replace(each, details={**each.details, **edit}), user) for each in findings
    ]


def retire(fact: Annotation, user: User) -> Annotation:
    """Let a fact hold no more: a person's own is superseded, anybody else's is rejected."""
    return store.review(fact, user, Status.SUPERSEDED if by_person(fact) else Status.REJECTED)


def remove(fact: Annotation, user: User) -> Annotation:
    """Take a fact away. Raises OutdatedError where somebody else has decided on it meanwhile."""
    with transaction.atomic():
        return retire(hold(fact), user)


def take_back(
    fact: Annotation, user: User, gives_way: Callable[[Annotation], bool] = lambda before: False
) -> list[Annotation]:
    """Undo the edit that wrote a fact; returns the facts that hold again because of it.

    `gives_way` says of which facts something else holds instead by now. Raises OutdatedError where a part of
    the edit does not hold any more.
    """
    with transaction.atomic():
        for each in of_the_same_edit(fact):
            store.review(hold(each), user, Status.SUPERSEDED)
        before = [
            found for pk in _replaced(fact) if (found := locked(pk)) and found.asset_id == fact.asset_id
        ]
        return [store.review(each, user, standing(each)) for each in before if not gives_way(each)]


def restore(fact: Annotation, user: User) -> Annotation:
    """Let a fact that was taken away hold again. Raises OutdatedError where it, or one in its place, does."""
    with transaction.atomic():
        now = locked(fact.pk)
        if now is None or now.status in HOLDING or _has_heir(now):
            raise OutdatedError("This cannot be brought back: it has been changed since.")
        return store.review(now, user, standing(now))


def of_the_same_edit(fact: Annotation) -> list[Annotation]:
    """The facts that one edit wrote, in order of their numbers; the fact alone where that is not known."""
    token = fact.details.get("edit")
    if not token:
        return [fact]
    return list(Annotation.objects.filter(asset=fact.asset_id, details__edit=token).order_by("pk"))


def standing(fact: Annotation) -> str:
    """The status that a fact had before the last decision on it."""
    before = fact.reviews.order_by("-pk").values_list("decision", flat=True)[1:2]
    first = Status.PROPOSED if fact.source == Source.MACHINE else Status.ACCEPTED
    return next((decision for decision in before if decision in HOLDING), first)


def by_person(fact: Annotation) -> bool:
    """Whether a person said so."""
    return fact.source == Source.PERSON


def _replaced(fact: Annotation) -> list[int]:
    """Numbers of the facts in whose place this one stands."""
    single = fact.details.get("corrects")
    return list(fact.details.get("replaced", [single] if single else []))


def _has_heir(fact: Annotation) -> bool:
    heirs = Annotation.objects.filter(asset=fact.asset_id, kind=fact.kind, status__in=HOLDING)
    return heirs.filter(details__replaced__contains=[fact.pk]).exists()
