"""What people decided in the library, as verdicts on the analyser whose facts they decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from indexing.evaluation.measures import Judged, Miss, Verdict
from indexing.models import Annotation, Run

Identity = tuple[str, str, str]
"""Version, model and sha256 of the weights."""
DECIDED = (Annotation.Status.ACCEPTED, Annotation.Status.REJECTED)


def reviewed(
    analyser: str, kinds: Sequence[str], library: str = "", groups: Mapping[str, str] | None = None
) -> dict[Identity, Judged]:
    """Verdicts for each identity of the analyser that people reviewed: accepted is true, rejected is false.

    Facts of the same kinds that people added by hand, on assets it had looked at, count as missed. What
    nobody wrote down or decided on is not known, so the recall is at most the one told. `groups` maps texts
    of facts or names of files to the groups that the archivist marked.
    """
    judged: dict[Identity, Judged] = {}
    for fact in _decided(analyser, kinds, library).select_related("run", "asset"):
        run = fact.run
        if run is not None:
            right = fact.status == Annotation.Status.ACCEPTED
            verdict = Verdict(fact.text or fact.kind, right, fact.confidence, _group(fact, groups or {}))
            judged.setdefault(_identity(run), Judged()).verdicts.append(verdict)
    for identity, each in judged.items():
        each.missed = _added(analyser, identity, kinds, library, groups or {})
        each.complete = bool(each.missed)
    return judged


def _decided(analyser: str, kinds: Sequence[str], library: str) -> QuerySet[Annotation]:
    facts = Annotation.objects.filter(
        source=Annotation.Source.MACHINE,
        run__analyser=analyser,
        kind__in=kinds,
        status__in=DECIDED,
        reviewer__isnull=False,
        parent=None,
    )
    return (facts.filter(asset__library__slug=library) if library else facts).order_by("pk")


def _added(
    analyser: str, identity: Identity, kinds: Sequence[str], library: str, groups: Mapping[str, str]
) -> list[Miss]:
    version, model, _ = identity
    looked_at = Run.objects.filter(analyser=analyser, version=version, model=model, state=Run.State.DONE)
    facts = Annotation.objects.filter(
        source=Annotation.Source.PERSON,
        kind__in=kinds,
        parent=None,
        asset__in=looked_at.values("asset"),
    ).exclude(status=Annotation.Status.REJECTED)
    facts = facts.filter(asset__library__slug=library) if library else facts
    return [Miss(fact.text or fact.kind, _group(fact, groups)) for fact in facts.select_related("asset")]


def _group(fact: Annotation, groups: Mapping[str, str]) -> str:
    return groups.get(fact.text.casefold()) or groups.get(fact.asset.original_name.casefold(), "")


def _identity(run: Run) -> Identity:
    return run.version, run.model, run.weights_sha256
