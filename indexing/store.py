"""The only writer of facts. One transaction for a run; a person's decision outranks every machine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dam.assets.models import Asset
from dam.people import consent, enrolment
from dam.review import thresholds
from dam.sharing.models import User
from indexing import kinds
from indexing.analysers.contract import Finding, Place, Vector
from indexing.models import Annotation, Embedding, Review, Run
from indexing.places import mostly_within, place_of, same_place
from indexing.signals import announce, decided

DECIDED = (Annotation.Status.ACCEPTED, Annotation.Status.REJECTED)


def save(run: Run, found: Iterable[Finding | Vector]) -> None:
    """Replace what this analyser found on the asset before, except what a person decided on.

    A finding on which a person has decided already (same kind, text and place) is not written again; the
    vector that describes a decided fact stays with it. Biometric vectors are stored with consent only.
    Raises KeyError for a kind that nobody registered; then nothing is changed.
    """
    with transaction.atomic():
        found = consent.admit(run.asset, found)
        findings = [each for each in found if isinstance(each, Finding)]
        vectors = [each for each in found if isinstance(each, Vector)]
        dropped = _drop_earlier(run) if _may_have_been_here(run) else 0
        fresh = _without_decided(run.asset_id, findings)
        rows = _insert(run.asset_id, fresh, source=Annotation.Source.MACHINE, run=run)
        _withhold([row.pk for row in thresholds.held_back(run, rows)])
        _insert_vectors(run, vectors, _described(rows, fresh) + _bare(run.asset_id, findings))
        if consent.concerns(found):
            enrolment.enrol(run.asset)
        _finish(run, Run.State.DONE)
        if dropped or fresh:
            _announce([run.asset_id])


def fail(run: Run, reason: str) -> None:
    """Write down why a run failed; facts of earlier runs stay."""
    run.error = clean(reason)
    _finish(run, Run.State.FAILED)


def import_facts(asset: Asset, findings: Sequence[Finding]) -> None:
    """Replace the facts that the file itself carries (embedded metadata, sidecars), except decided ones."""
    with transaction.atomic():
        admitted = [each for each in consent.admit(asset, findings) if isinstance(each, Finding)]
        _undecided(Annotation.objects.filter(asset=asset, source=Annotation.Source.FILE)).delete()
        fresh = _without_decided(asset.pk, admitted)
        _insert(asset.pk, fresh, source=Annotation.Source.FILE, status=Annotation.Status.ACCEPTED)
        _announce([asset.pk])


def review(annotation: Annotation, user: User, decision: str) -> Annotation:
    """Record a person's decision on a fact: accepted, rejected, or proposed to take a decision back."""
    with transaction.atomic():
        Review.objects.create(annotation=annotation, reviewer=user, decision=decision)
        annotation.status = Annotation.Status(decision)
        annotation.reviewer, annotation.reviewed_at = user, timezone.now()
        annotation.save(update_fields=["status", "reviewer", "reviewed_at"])
        _announce([annotation.asset_id])
        transaction.on_commit(partial(decided.send, sender=None, annotation=annotation), robust=True)
    return annotation


def review_all(facts: Collection[Annotation], user: User, decision: str) -> None:
    """Record one decision on many facts; otherwise as `review`."""
    decided_on = {"status": Annotation.Status(decision), "reviewer": user, "reviewed_at": timezone.now()}
    with transaction.atomic():
        Review.objects.bulk_create(
            [Review(annotation=fact, reviewer=user, decision=decision) for fact in facts], batch_size=1000
        )
        Annotation.objects.filter(pk__in=[fact.pk for fact in facts]).update(**decided_on)
        for fact in facts:
            for name, value in decided_on.items():
                setattr(fact, name, value)
            transaction.on_commit(partial(decided.send, sender=None, annotation=fact), robust=True)
        _announce(sorted({fact.asset_id for fact in facts}))


def hold_back(facts: QuerySet[Annotation]) -> int:
    """Withhold proposals that nobody has decided on; returns how many."""
    return _restate(facts, Annotation.Status.PROPOSED, Annotation.Status.WITHHELD)


def bring_back(facts: QuerySet[Annotation]) -> int:
    """Propose again what was withheld; returns how many."""
    return _restate(facts, Annotation.Status.WITHHELD, Annotation.Status.PROPOSED)


def record(asset: Asset, finding: Finding, user: User) -> Annotation:
    """Write down what a person says about an asset: an accepted fact of their own."""
    said = {"source": Annotation.Source.PERSON, "status": Annotation.Status.ACCEPTED, "author": user}
    with transaction.atomic():
        (row,) = _insert(asset.pk, [finding], reviewer=user, reviewed_at=timezone.now(), **said)
        Review.objects.create(annotation=row, reviewer=user, decision=row.status)
        _announce([asset.pk])
    return row


def record_all(said: Sequence[tuple[int, Finding]], user: User) -> list[Annotation]:
    """Write down what a person says about several assets, each by its id; otherwise as `record`.

    Returns the facts in that order.
    """
    shared = {"source": Annotation.Source.PERSON, "status": Annotation.Status.ACCEPTED, "author": user}
    with transaction.atomic():
        rows = _insert_all(said, reviewer=user, reviewed_at=timezone.now(), **shared)
        Review.objects.bulk_create(
            [Review(annotation=row, reviewer=user, decision=row.status) for row in rows], batch_size=1000
        )
        _announce(sorted({asset_id for asset_id, _ in said}))
    return rows


def rename(facts: QuerySet[Annotation], text: str) -> None:
    """Give facts another text, because what they name is called so now."""
    asset_ids = list(facts.values_list("asset", flat=True).distinct())
    with transaction.atomic():
        facts.update(text=clean(text))
        _announce(asset_ids)


def erase(facts: QuerySet[Annotation], vectors: QuerySet[Embedding]) -> None:
    """Delete facts and vectors for good, whoever decided on them."""
    asset_ids = list(facts.values_list("asset", flat=True).distinct())
    with transaction.atomic():
        forget(vectors)
        facts.delete()
        _announce(asset_ids)


def forget(vectors: QuerySet[Embedding]) -> int:
    """Delete vectors for good; the facts that they describe stay. Returns how many."""
    ids = list(vectors.values_list("pk", flat=True))
    Embedding.objects.filter(pk__in=ids).delete()
    return len(ids)


def clean(text: str) -> str:
    """The text without the NUL characters that PostgreSQL refuses."""
    return text.replace("\x00", "")


def _restate(facts: QuerySet[Annotation], before: str, after: str) -> int:
    with transaction.atomic():
        rows = dict(facts.filter(status=before).select_for_update(of=("self",)).values_list("pk", "asset"))
        Annotation.objects.filter(Q(pk__in=rows) | Q(parent__in=rows)).update(status=after)
        if rows:
            _announce(sorted(set(rows.values())))
    return len(rows)


def _withhold(ids: Sequence[int]) -> None:
    """Withhold facts that have just been written and that nobody was told of yet."""
    if ids:
        mine = Annotation.objects.filter(Q(pk__in=ids) | Q(parent__in=ids))
        mine.update(status=Annotation.Status.WITHHELD)


def _may_have_been_here(run: Run) -> bool:
    """Whether this analyser has had a run on the asset that may have left something."""
    others = Run.objects.filter(asset=run.asset_id, analyser=run.analyser).exclude(pk=run.pk)
    return run.finished_at is not None or others.exists()


def _drop_earlier(run: Run) -> int:
    """Delete what this analyser left, but for decided facts and their vectors. Returns how many facts."""
    theirs = {"asset": run.asset_id, "run__analyser": run.analyser}
    dropped, _ = _undecided(Annotation.objects.filter(**theirs)).delete()
    Embedding.objects.filter(**theirs, annotation=None).delete()
    return dropped


def _undecided(facts: QuerySet[Annotation]) -> QuerySet[Annotation]:
    return facts.filter(parent=None).exclude(Q(status__in=DECIDED) & Q(reviewer__isnull=False))


def _without_decided(asset_id: int, findings: Sequence[Finding]) -> list[Finding]:
    if not findings:
        return []
    decided = list(
        Annotation.objects.filter(asset=asset_id, status__in=DECIDED, reviewer__isnull=False, parent=None)
    )
    return [
        each
        for each in findings
        if not any(_same_fact(each, fact) or _corrected(each, fact) for fact in decided)
    ]


def _corrected(finding: Finding, fact: Annotation) -> bool:
    """Whether the fact is what a person wrote in place of what was found there, in whatever words."""
    corrects = fact.source == Annotation.Source.PERSON and "corrects" in fact.details
    same = finding.kind == fact.kind and (finding.kind != "translation" or finding.language == fact.language)
    return corrects and same and mostly_within(finding.place, place_of(fact))


def _same_fact(finding: Finding, fact: Annotation) -> bool:
    same_words = (finding.kind, clean(finding.text).casefold()) == (fact.kind, fact.text.casefold())
    return same_words and same_place(finding.place, place_of(fact))


def finding_of(fact: Annotation) -> Finding:
    """A stored fact as the finding that it was, without its parts."""
    return Finding(
        kind=fact.kind,
        text=fact.text,
        number=fact.number,
        place=place_of(fact),
        confidence=fact.confidence,
        language=fact.language,
        details=fact.details,
        accepted=fact.status == Annotation.Status.ACCEPTED,
    )


def vectors_of(asset: Asset, space: str) -> list[Vector]:
    """The asset's vectors in a space that stand for places, in order of time."""
    rows = Embedding.objects.filter(asset=asset, space=space, annotation=None).order_by("start", "pk")
    return [Vector(space, np.asarray(row.vector, np.float32), Place(row.start, row.end)) for row in rows]


def _insert(asset_id: int, findings: Sequence[Finding], **shared: object) -> list[Annotation]:
    return _insert_all([(asset_id, finding) for finding in findings], **shared)


def _insert_all(found: Sequence[tuple[int, Finding]], **shared: object) -> list[Annotation]:
    rows = Annotation.objects.bulk_create(
        [_annotation(asset_id, finding, **shared) for asset_id, finding in found], batch_size=1000
    )
    parts = [
        _annotation(row.asset_id, part, parent=row, **shared)
        for row, (_, finding) in zip(rows, found, strict=True)
        for part in finding.children
    ]
    Annotation.objects.bulk_create(parts, batch_size=1000)
    return rows


def _annotation(asset_id: int, finding: Finding, **shared: object) -> Annotation:
    place = finding.place
    region = place.region or (None, None, None, None)
    return Annotation(
        asset_id=asset_id,
        kind=kinds.get(finding.kind).name,
        text=clean(finding.text),
        number=finding.number,
        language=finding.language,
        confidence=finding.confidence,
        details=dict(finding.details),
        start=place.start,
        end=place.end,
        **dict(zip("xywh", region, strict=True)),
        **shared,
    )


Described = list[tuple[Annotation, Vector]]


def _described(rows: Sequence[Annotation], findings: Sequence[Finding]) -> Described:
    """Each new fact that has a vector of its own, with it."""
    pairs = zip(rows, findings, strict=True)
    return [(row, finding.vector) for row, finding in pairs if finding.vector is not None]


def _bare(asset_id: int, findings: Sequence[Finding]) -> Described:
    """Each fact that was accepted while it had no vector, with that of the finding that says the same."""
    telling = [(finding, finding.vector) for finding in findings if finding.vector is not None]
    if not telling:
        return []
    accepted = Annotation.objects.filter(
        asset=asset_id, status=Annotation.Status.ACCEPTED, reviewer__isnull=False, embeddings=None
    )
    pairs = ((fact, *each) for fact in accepted for each in telling)
    return [(fact, vector) for fact, finding, vector in pairs if _same_fact(finding, fact)]


def _insert_vectors(run: Run, vectors: Sequence[Vector], described: Described) -> None:
    places = [_embedding(run, vector) for vector in vectors]
    facts = [_embedding(run, vector, annotation) for annotation, vector in described]
    Embedding.objects.bulk_create(places + facts, batch_size=1000)


def _embedding(run: Run, vector: Vector, annotation: Annotation | None = None) -> Embedding:
    place = vector.place
    return Embedding(
        asset_id=run.asset_id,
        run=run,
        annotation=annotation,
        space=vector.space,
        vector=vector.values,
        start=place.start,
        end=place.end,
    )


def _finish(run: Run, state: str) -> None:
    """Write down how the run ended; one whose asset was deleted meanwhile is gone."""
    run.state = state
    run.finished_at = timezone.now()
    if run.started_at and run.seconds is None:
        run.seconds = (run.finished_at - run.started_at).total_seconds()
    if state == Run.State.DONE:
        run.error = ""
    ended = {name: getattr(run, name) for name in ("state", "finished_at", "seconds", "error")}
    Run.objects.filter(pk=run.pk).update(**ended)


def _announce(asset_ids: list[int]) -> None:
    transaction.on_commit(partial(announce, asset_ids), robust=True)
