"""Decisions, batch by batch. What somebody else has decided on meanwhile stays as they decided it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from dam.assets.models import Asset
from dam.people import recognition
from dam.people.models import Person
from dam.review.models import Batch, BatchItem
from dam.review.subjects import PERSONS, label_of
from dam.review.waiting import forget_count
from dam.sharing.models import Role, User
from indexing import store
from indexing.analysers.contract import Finding
from indexing.models import Annotation
from indexing.places import place_of

Status = Annotation.Status
OPEN = (Status.PROPOSED, Status.WITHHELD)
LONGEST_TEXT = 2000
"""Characters of what a person writes in place of a fact at most."""


class ReviewError(ValueError):
    """Why nothing could be decided, in words for a person."""


@dataclass(frozen=True)
class Outcome:
    """What was written down, and how many facts somebody else had decided on, or removed, meanwhile."""

    batch: Batch | None
    missed: int


def decide(user: User, accepted: Collection[int], rejected: Collection[int]) -> Outcome:
    """Accept and reject facts, by their ids, as one batch.

    Facts that the user may not decide on, and those on which nothing is open any more, are left alone.
    """
    with transaction.atomic():
        facts = {fact.pk: fact for fact in _held(user, [*accepted, *rejected])}
        yes = [facts[pk] for pk in accepted if pk in facts]
        no = [facts[pk] for pk in rejected if pk in facts]
        if not facts:
            return Outcome(None, len({*accepted, *rejected}))
        batch = _made(user, [*yes, *no], accepted=len(yes), rejected=len(no))
        for chosen, status in ((yes, Status.ACCEPTED), (no, Status.REJECTED)):
            _note(batch, {fact: fact.status for fact in chosen}, status)
            store.review_all(chosen, user, status)
    return Outcome(batch, len({*accepted, *rejected}) - len(facts))


def correct(user: User, pk: int, text: str) -> Outcome:
    """Reject a fact and write down what is there instead; the same words accept it.

    Raises ReviewError without a text.
    """
    text = _said(text, "Write what it is instead.")
    with transaction.atomic():
        fact = _held(user, [pk]).first()
        if fact is None or fact.text == text:
            return decide(user, [pk], [])
        if fact.kind in PERSONS:
            raise ReviewError("Nobody is named by a text alone. Choose a person whose consent is recorded.")
        batch = _made(user, [fact], rejected=1, act=Batch.Act.CORRECTED, text=text)
        _note(batch, {fact: fact.status}, Status.REJECTED)
        finding = Finding(fact.kind, text, place=place_of(fact), details={"instead_of": fact.pk})
        made = store.record(fact.asset, finding, user)
        store.review_all([fact], user, Status.REJECTED)
        BatchItem.objects.create(batch=batch, annotation=made, after=Status.ACCEPTED)
    return Outcome(batch, 0)


def name(user: User, pk: int, person: Person) -> Outcome:
    """Say that it is this person who is seen, or heard, there; who else was said to be there is not.

    Raises ReviewError without that person's consent.
    """
    with transaction.atomic():
        fact = _held(user, [pk]).filter(kind__in=PERSONS).first()
        if fact is None:
            return Outcome(None, 1)
        before = _said_in(fact.asset, fact.kind)
        say = recognition.name_face if fact.kind == "person" else recognition.name_voice
        try:
            say(fact, person, user)
        except ValueError as problem:
            raise ReviewError(str(problem)) from problem
        _turn_down(fact, user)
        batch = _made(user, [fact], rejected=1, act=Batch.Act.CORRECTED)
        for pk_now, status in _said_in(fact.asset, fact.kind).items():
            if before.get(pk_now) != status:
                was = before.get(pk_now, "")
                BatchItem.objects.create(batch=batch, annotation_id=pk_now, before=was, after=status)
    return Outcome(batch, 0)


def rename_all(user: User, kind: str, label: str, text: str) -> Outcome:
    """Call a label otherwise wherever machines say it in assets that the user edits.

    Raises ReviewError without a text, and for names of people, who are merged as persons.
    """
    text = _said(text, f"Write what “{label}” is called.")
    if not label_of(kind, label):
        raise ReviewError("Only labels are renamed everywhere. Persons are merged on their own pages.")
    with transaction.atomic():
        facts = _editable(user).filter(
            kind=kind, text=label, source=Annotation.Source.MACHINE, status__in=(*OPEN, Status.ACCEPTED)
        )
        rows = dict(facts.select_for_update(of=("self",)).values_list("pk", "status"))
        if not rows or text == label:
            return Outcome(None, 0)
        batch = Batch.objects.create(
            user=user, act=Batch.Act.RENAMED, kind=kind, label=label, text=text, accepted=len(rows)
        )
        BatchItem.objects.bulk_create(
            [
                BatchItem(batch=batch, annotation_id=pk, before=status, after=status, text_before=label)
                for pk, status in rows.items()
            ],
            batch_size=1000,
        )
        store.rename(Annotation.objects.filter(pk__in=rows), text)
    return Outcome(batch, 0)


def undo(batch: Batch) -> Outcome:
    """Take a batch back; facts that changed since, or are out of the user's reach now, stay as they are."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.undone_at is not None:
            return Outcome(None, 0)
        items = {item.annotation_id: item for item in batch.items.all()}
        facts = list(_editable(batch.user).filter(pk__in=items).select_for_update(of=("self",)))
        as_left = [fact for fact in facts if _is_as_left(fact, items[fact.pk], batch)]
        _put_back(batch, as_left, items)
        batch.undone_at = timezone.now()
        batch.save(update_fields=["undone_at"])
    forget_count(batch.user)
    return Outcome(batch, len(items) - len(as_left))


def lately(user: User, count: int) -> QuerySet[Batch]:
    """The user's latest batches, undone ones included."""
    return Batch.objects.filter(user=user).order_by("-pk")[:count]


def last(user: User) -> Batch | None:
    """The batch that undo would take back."""
    return Batch.objects.filter(user=user, undone_at=None).order_by("-pk").first()


def decided_today(user: User) -> int:
    """How many facts the user has decided on since midnight, without what was undone."""
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    batches = Batch.objects.filter(user=user, made_at__gte=since, undone_at=None)
    sums = batches.exclude(act=Batch.Act.RENAMED).aggregate(yes=Sum("accepted"), no=Sum("rejected"))
    return (sums["yes"] or 0) + (sums["no"] or 0)


def _said(text: str, missing: str) -> str:
    """The text without needless white space. Raises ReviewError where nothing, or too much, is left."""
    text = " ".join(text.split())
    if not text:
        raise ReviewError(missing)
    if len(text) > LONGEST_TEXT:
        raise ReviewError(f"That is longer than {LONGEST_TEXT} characters. Shorten it.")
    return text


def _turn_down(fact: Annotation, user: User) -> None:
    """Reject a fact that is tied to no person, on which naming somebody there has decided nothing."""
    fact.refresh_from_db(fields=["status"])
    if fact.status in OPEN:
        store.review_all([fact], user, Status.REJECTED)


def _editable(user: User) -> QuerySet[Annotation]:
    return Annotation.objects.filter(
        asset__in=Asset.objects.reachable_by(user, Role.ARCHIVIST)
    ).select_related("asset", "run")


def _held(user: User, ids: Iterable[int]) -> QuerySet[Annotation]:
    """Machines' open facts with those ids, locked until the transaction ends."""
    open_ones = _editable(user).filter(
        pk__in=list(ids), status__in=OPEN, source=Annotation.Source.MACHINE, parent=None
    )
    return open_ones.select_for_update(of=("self",)).order_by("pk")


def _made(user: User, facts: Collection[Annotation], **fields: object) -> Batch:
    """A batch about those facts, called by what they have in common."""
    forget_count(user)
    kinds = {fact.kind for fact in facts}
    labels = {label_of(fact.kind, fact.text) for fact in facts}
    kind = kinds.pop() if len(kinds) == 1 else ""
    label = labels.pop() if len(labels) == 1 and kind else ""
    return Batch.objects.create(user=user, kind=kind, label=label, **fields)


def _note(batch: Batch, before: Mapping[Annotation, str], after: str) -> None:
    items = [
        BatchItem(batch=batch, annotation=fact, before=status, after=after) for fact, status in before.items()
    ]
    BatchItem.objects.bulk_create(items)


def _said_in(asset: Asset, kind: str) -> dict[int, str]:
    """The status of everything that is said about who is seen, or heard, in an asset."""
    return dict(asset.annotations.filter(kind=kind).values_list("pk", "status"))


def _is_as_left(fact: Annotation, item: BatchItem, batch: Batch) -> bool:
    if item.text_before:
        return fact.text == batch.text
    return fact.status == item.after and fact.reviewer_id == batch.user_id


def _put_back(batch: Batch, facts: Collection[Annotation], items: Mapping[int, BatchItem]) -> None:
    renamed = [fact.pk for fact in facts if items[fact.pk].text_before]
    if renamed:
        store.rename(Annotation.objects.filter(pk__in=renamed), batch.label)
    by_status: dict[str, list[Annotation]] = {}
    for fact in facts:
        if not items[fact.pk].text_before:
            by_status.setdefault(_earlier(items[fact.pk]), []).append(fact)
    for status, those in by_status.items():
        store.review_all(those, batch.user, status)


def _earlier(item: BatchItem) -> str:
    """The status to go back to: what a batch wrote itself holds no more, what was withheld is proposed."""
    if not item.before:
        return Status.SUPERSEDED
    return Status.PROPOSED if item.before == Status.WITHHELD else item.before
