"""Precision by label from what people decided, and what follows from it for proposals still undecided."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from dam.locks import advisory_lock
from dam.review.models import Measure
from dam.review.precision import Decision, is_below_floor, threshold
from dam.review.subjects import RESTRAINED, REVIEWED, label_of
from indexing import store
from indexing.models import DECIDED, Annotation, Review

Key = tuple[str, str, str, str, str]
"""Analyser, version, model, kind and label."""
PATIENCE = 10.0
"""Seconds between two measurements at least: decisions come many at a time."""
LOCK = "review-measure"

_newest: int | None = None
_rested_until = float("-inf")


def look() -> bool:
    """Measure the libraries in which people have decided since the last look; returns whether any was.

    Called by the planner. Idempotent: the first look of a process measures every library.
    """
    global _newest, _rested_until
    if time.monotonic() < _rested_until:
        return False
    newest = Review.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if newest == _newest:
        return False
    fresh = Review.objects.filter(pk__gt=_newest or 0, pk__lte=newest).order_by()
    for library_id in list(fresh.values_list("annotation__asset__library", flat=True).distinct()):
        measure(library_id)
    _newest, _rested_until = newest, time.monotonic() + PATIENCE
    return True


def measure(library_id: int) -> None:
    """Count anew how right each label is in a library, and withhold or propose again what follows from it.

    Of two processes that measure a library at once the second does nothing.
    """
    with advisory_lock(LOCK, library_id) as ours:
        if not ours:
            return
        found = _decisions(library_id)
        known = {_key(each): each for each in Measure.objects.filter(library=library_id)}
        for key in found.keys() | known.keys():
            row = known.get(key) or _new(library_id, key)
            _settle(row, found.get(key, ()))


def apply(measure: Measure) -> None:
    """Withhold undecided proposals that the measure restrains, and propose the others of its label again."""
    facts = _proposals(measure)
    restrained = _restrained(measure)
    store.hold_back(facts.filter(restrained))
    store.bring_back(facts.exclude(restrained))


def _settle(row: Measure, decisions: Sequence[Decision]) -> None:
    """Write the counts and limits of one measure, and apply them where they matter or no longer do."""
    before = (row.accepted, row.rejected, row.threshold, row.withheld)
    row.accepted = sum(right for _, right in decisions)
    row.rejected = len(decisions) - row.accepted
    if row.kind in RESTRAINED and row.label:
        row.threshold = threshold(decisions)
        row.withheld = is_below_floor(row.accepted, row.rejected)
    changed = before != (row.accepted, row.rejected, row.threshold, row.withheld)
    with transaction.atomic():
        if changed or row.pk is None:
            row.save()
        if row.withheld or row.threshold is not None or before[2:] != (row.threshold, row.withheld):
            apply(row)


def _decisions(library_id: int) -> Mapping[Key, Sequence[Decision]]:
    """People's decisions on machines' facts in a library, by the key of their measure. One query."""
    facts = Annotation.objects.filter(DECIDED, kind__in=REVIEWED, asset__library=library_id)
    identity = ("run__analyser", "run__version", "run__model", "kind")
    found: dict[Key, list[Decision]] = defaultdict(list)
    for *run, kind, text, confidence, status in facts.values_list(*identity, "text", "confidence", "status"):
        key = (*run, kind, label_of(kind, text))
        found[key].append((confidence, status == Annotation.Status.ACCEPTED))  # type: ignore[index]
    return found


def _proposals(measure: Measure) -> QuerySet[Annotation]:
    return Annotation.objects.filter(
        kind=measure.kind,
        text=measure.label,
        source=Annotation.Source.MACHINE,
        parent=None,
        status__in=(Annotation.Status.PROPOSED, Annotation.Status.WITHHELD),
        asset__library=measure.library_id,
        run__analyser=measure.analyser,
        run__version=measure.version,
        run__model=measure.model,
    )


def _restrained(measure: Measure) -> Q:
    """The condition on facts for which Measure.restrains is true."""
    if measure.kept_at is not None or not (measure.withheld or measure.threshold is not None):
        return Q(pk__in=[])
    if measure.withheld:
        return Q(pk__isnull=False)
    return Q(confidence__isnull=False, confidence__lt=measure.threshold)


def _key(measure: Measure) -> Key:
    return measure.analyser, measure.version, measure.model, measure.kind, measure.label


def _new(library_id: int, key: Key) -> Measure:
    analyser, version, model, kind, label = key
    return Measure(
        library_id=library_id, analyser=analyser, version=version, model=model, kind=kind, label=label
    )


def measure_all(library_ids: Iterable[int]) -> int:
    """Measure those libraries; returns how many."""
    ids = list(library_ids)
    for library_id in ids:
        measure(library_id)
    return len(ids)
