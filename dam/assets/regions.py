"""What people say stands at a place of an asset: in a region of the frame, for a span of seconds, or both.

A machine's fact whose place or words a person changes is rejected, and the person's own stands for it. Its
details name the one that it "replaced"; unlike a correction of speech it says nothing of what else is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet

from dam.assets.models import Asset
from dam.assets.replacing import HOLDING, Status, Writer, hold, replace
from dam.people.biometrics import FACE
from dam.people.consent import hold as keep_withdrawals_out
from dam.people.enrolment import enrol
from dam.people.models import Person
from dam.people.recognition import ConsentMissingError
from dam.people.whereabouts import lift
from dam.sharing.models import User
from indexing import store
from indexing.analysers.contract import Finding, Place, Region
from indexing.models import Annotation
from indexing.places import place_of

PERSON = "person"
SEEN = ("object", "text", "keyword", "action", "scene", "event", "landmark", "place", PERSON)
HEARD = ("sound", "keyword", "event", "instrument", "mood", "genre")
SHOWN, LATELY, LABELS = 100, 8, 300
"""Facts that are listed at once, changes that can be undone in the list, and words that are suggested."""

ROUNDING = 0.001
"""Seconds, or shares of the frame, by which the numbers of a form differ from those of the fact it shows."""


def kinds_for(asset: Asset) -> tuple[str, ...]:
    """The kinds of fact that a person may place in such an asset."""
    return {"image": SEEN, "audio": HEARD}.get(asset.kind, (*SEEN, "sound"))


def placed(asset: Asset, second: float = 0.0) -> QuerySet[Annotation]:
    """The facts that stand at a place and may be moved, from a second on, in order of time."""
    rows = asset.annotations.filter(kind__in=kinds_for(asset), status__in=HOLDING, parent=None)
    somewhere = rows.filter(Q(x__isnull=False) | Q(start__isnull=False))
    still_there = somewhere.filter(Q(end__gt=second) | Q(start__isnull=True) | Q(start__gte=second))
    return still_there.order_by(F("start").asc(nulls_first=True), "pk").select_related("author", "run")


def lately_changed(asset: Asset, user: User) -> list[Annotation]:
    """What the user changed or took away last, the latest first."""
    rows = asset.annotations.filter(kind__in=kinds_for(asset), reviewer=user, parent=None)
    gone = rows.filter(status__in=(Status.REJECTED, Status.SUPERSEDED))
    somewhere = gone.filter(Q(x__isnull=False) | Q(start__isnull=False))
    return list(somewhere.order_by("-reviewed_at", "-pk")[:LATELY])


def labels_for(asset: Asset, user: User) -> list[str]:
    """Words to be suggested: those used in the asset, and those that the user wrote last, by alphabet."""
    kinds = [name for name in kinds_for(asset) if name != PERSON]
    here = asset.annotations.filter(kind__in=kinds, status__in=HOLDING).order_by("-pk")
    own = Annotation.objects.filter(author=user, kind__in=kinds).order_by("-pk")
    words = {text for rows in (here, own) for text in rows.values_list("text", flat=True)[:LABELS]}
    return sorted((text for text in words if 0 < len(text) <= 80), key=str.casefold)[:LABELS]


def add(asset: Asset, finding: Finding, user: User) -> Annotation:
    """Write down what a person says stands there. Raises ConsentMissingError as `name_region` does."""
    return _writer(finding)(asset, finding, user)


def change(fact: Annotation, finding: Finding, user: User) -> Annotation:
    """Say that it is something else, or stands elsewhere; returns the fact that holds now.

    What a machine knew beside that stays: details, and the words of a line, which move with it. Raises
    OutdatedError where somebody else has decided on the fact meanwhile, ConsentMissingError as `name_region`.
    """
    with transaction.atomic():
        fact = hold(fact)
        if _same(fact, finding):
            return fact if fact.status == Status.ACCEPTED else store.review(fact, user, Status.ACCEPTED)
        kept = Finding(
            kind=finding.kind,
            text=finding.text,
            number=fact.number,
            place=finding.place,
            language=fact.language if finding.text == fact.text else "",
            details=_details(fact, finding),
            children=_moved(fact, finding) if finding.text == fact.text else (),
        )
        (made,) = replace(fact.asset, [fact], [kept], user, _writer(kept))
    return made


def heir_of(fact: Annotation) -> Annotation | None:
    """The fact that a person wrote in the place of one that holds no more, where that holds."""
    heirs = Annotation.objects.filter(asset=fact.asset_id, status__in=HOLDING)
    return heirs.filter(details__replaced__contains=[fact.pk]).first()


def name_region(asset: Asset, finding: Finding, user: User) -> Annotation:
    """Say that a person, whose number stands in details["person"], is there; nothing biometric is kept by it.

    Raises ConsentMissingError where their consent to be recognised by face is missing: a face that stands in
    the same place becomes theirs.
    """
    person = Person.objects.get(pk=finding.details["person"], library=asset.library_id)
    with transaction.atomic():
        keep_withdrawals_out(asset.library_id, shared=True)
        if not person.consents_to(FACE):
            raise ConsentMissingError(
                f"Record the consent of {person}, for the face, first; it is missing or has ended."
            )
        lift(asset, finding.place, FACE)
        fact = store.record(asset, finding, user)
        enrol(asset)
    return fact


def _writer(finding: Finding) -> Writer:
    return name_region if finding.kind == PERSON else store.record


def _same(fact: Annotation, finding: Finding) -> bool:
    who, other = fact.details.get("person"), finding.details.get("person")
    return (fact.kind, fact.text, who) == (finding.kind, finding.text, other) and _same_place(
        place_of(fact), finding.place
    )


def _same_place(one: Place, other: Place) -> bool:
    """Whether two places are the same but for the rounding of a form."""
    pairs = zip(
        (one.start, one.end, *(one.region or ())),
        (other.start, other.end, *(other.region or ())),
        strict=False,
    )
    rounded = all(a == b if a is None or b is None else abs(a - b) < ROUNDING for a, b in pairs)
    return rounded and (one.region is None) == (other.region is None)


def _details(fact: Annotation, finding: Finding) -> dict[str, object]:
    kept = {} if fact.kind != finding.kind else {**fact.details}
    kept.pop("person", None)
    return {**kept, **finding.details}


def _moved(fact: Annotation, finding: Finding) -> Sequence[Finding]:
    """The parts of a fact, where they stand when its region is moved."""
    before, after = place_of(fact).region, finding.place.region
    parts = fact.children.filter(x__isnull=False).order_by("pk") if before and after else ()
    return [
        Finding(part.kind, part.text, place=Place(part.start, part.end, _within(part, before, after)))
        for part in parts
        if before and after
    ]


def _within(part: Annotation, before: Region, after: Region) -> Region:
    """Where a part of a region stands when that becomes another one."""
    wide, high = after.w / before.w, after.h / before.h
    left = after.x + ((part.x or 0.0) - before.x) * wide
    top = after.y + ((part.y or 0.0) - before.y) * high
    left, top = min(max(left, 0.0), 1.0), min(max(top, 0.0), 1.0)
    return Region(left, top, min((part.w or 0.0) * wide, 1.0), min((part.h or 0.0) * high, 1.0))
