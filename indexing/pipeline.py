"""What is missing or stale, in what order, on which queue: a query, so that work can stop anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import reduce
from hashlib import sha256
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dam import locks
from dam.assets.models import Asset
from indexing import weights
from indexing.analysers import registry
from indexing.analysers.contract import Analyser
from indexing.models import Run

BACKLOG = 200
"""Runs of one analyser that may wait in the queue at once; the rest stays a query."""
LOST_AFTER = timedelta(seconds=60)
"""A queued run that nobody started by then is sent again: its message was lost."""
FOLLOWED = timedelta(seconds=30)
"""What a run allows is sent by its own worker, with that of its whole message; the planner takes what nobody
has followed by then."""
MAX_ATTEMPTS = 3
"""Attempts after which a run whose worker died, or that failed unexpectedly, is given up."""
LOCK = "run"


def plan() -> list[Run]:
    """Queue what can be analysed now and return those runs, to be sent to the workers."""
    abandoned = recover()
    return abandoned + [run for analyser in registry.enabled() for run in _queue_missing(analyser)]


def follow(run_ids: Sequence[int]) -> list[Run]:
    """Queue what those runs allow next, without waiting for the planner to come round."""
    ended = list(Run.objects.filter(pk__in=run_ids).values_list("asset", "analyser"))
    asset_ids, names = {asset for asset, _ in ended}, {name for _, name in ended}
    return [
        run
        for analyser in registry.enabled()
        if names.intersection(analyser.depends)
        for run in _queue(analyser, missing(analyser).filter(pk__in=asset_ids))
    ]


def identity(analyser: Analyser) -> dict[str, str]:
    """The fields of Run that name this analyser, its version and its model."""
    return {"analyser": analyser.name, "version": analyser.version, "model": analyser.model}


def missing(analyser: Analyser) -> QuerySet[Asset]:
    """Assets that this analyser applies to, may begin on, and has no run of its identity for.

    Renditions come first, so that a picture is decoded once for all who look at it.
    """
    own = Run.objects.filter(asset=OuterRef("pk"), **identity(analyser))
    assets: QuerySet[Asset] = Asset.objects.filter(
        ~Exists(own),
        kind__in=analyser.applies_to,
        rendered_at__isnull=False,
        trashed_at=None,
        library__indexing_paused=False,
    )
    return assets.filter(*(_has_ended(needed) for needed in _needed_by(analyser))).order_by("pk")


def _needed_by(analyser: Analyser) -> Iterable[Analyser]:
    return [other for other in registry.enabled() if other.name in analyser.depends]


def _has_ended(needed: Analyser) -> Q:
    """True of assets on which the needed analyser has ended, well or badly, or to which it does not apply."""
    ended = Run.objects.filter(
        asset=OuterRef("pk"), state__in=(Run.State.DONE, Run.State.FAILED), **identity(needed)
    )
    return Q(Exists(ended)) | ~Q(kind__in=needed.applies_to)


def _queue_missing(analyser: Analyser) -> list[Run]:
    queued = Run.objects.filter(state=Run.State.QUEUED, **identity(analyser)).count()
    room = max(0, BACKLOG - queued)
    return _queue(analyser, _not_followed(analyser)[:room])


def _not_followed(analyser: Analyser) -> QuerySet[Asset]:
    """What is missing, without assets of which a worker is about to send it."""
    if not analyser.depends:
        return missing(analyser)
    lately = Run.objects.filter(asset=OuterRef("pk"), finished_at__gt=timezone.now() - FOLLOWED)
    return missing(analyser).exclude(Exists(lately))


def _queue(analyser: Analyser, assets: QuerySet[Asset]) -> list[Run]:
    ids = list(assets.values_list("pk", flat=True))
    if not ids:
        return []
    shared = {"state": Run.State.QUEUED, "queued_at": timezone.now(), "weights_sha256": _digest(analyser)}
    wanted = [Run(asset_id=pk, **shared, **identity(analyser)) for pk in ids]
    Run.objects.bulk_create(wanted, ignore_conflicts=True)
    runs = Run.objects.filter(asset__in=ids, state=Run.State.QUEUED, **identity(analyser))
    return list(runs.select_related("asset"))


def _digest(analyser: Analyser) -> str:
    """The sha256 of the analyser's weights; of several, that of their digests one after another."""
    digests = [weights.sha256(name) for name in analyser.weights]
    return (
        digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest() if digests else ""
    )


def recover() -> list[Run]:
    """Take back runs whose worker died and runs whose message was lost; return those to send again."""
    now = timezone.now()
    lost = Run.objects.filter(
        state=Run.State.QUEUED, queued_at__lt=now - LOST_AFTER, asset__library__indexing_paused=False
    )
    again = list(lost.select_related("asset")[:BACKLOG]) + [
        run for run in _orphans() if _give_another_try(run)
    ]
    Run.objects.filter(pk__in=[run.pk for run in again]).update(state=Run.State.QUEUED, queued_at=now)
    return again


def _orphans() -> list[Run]:
    running = {run.pk: run for run in Run.objects.filter(state=Run.State.RUNNING).select_related("asset")}
    held = locks.held(LOCK, running)
    return [run for pk, run in running.items() if pk not in held]


def _give_another_try(run: Run) -> bool:
    if run.attempts < MAX_ATTEMPTS:
        return True
    reason = f"The worker died {run.attempts} times while analysing this file."
    Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(state=Run.State.FAILED, error=reason)
    return False


def queue_of(run: Run) -> str:
    """The queue on which the run's analyser works."""
    return registry.get(run.analyser).queue


def retry(runs: QuerySet[Run]) -> int:
    """Forget failed runs, so that they are planned again. Returns how many."""
    return _begin_again(runs.filter(state=Run.State.FAILED))


def repeat(analysers: Sequence[Analyser], runs: QuerySet[Run]) -> int:
    """Have analysers look anew where they have looked, as far as `runs` goes. Returns how many runs begin."""
    if not analysers:
        return 0
    theirs = reduce(or_, (Q(**identity(analyser)) for analyser in analysers))
    return _begin_again(runs.filter(theirs, state__in=(Run.State.DONE, Run.State.FAILED)))


def _begin_again(runs: QuerySet[Run]) -> int:
    """Queue ended runs as if their message had been lost: the planner sends them at its next look."""
    return runs.update(
        state=Run.State.QUEUED, attempts=0, error="", queued_at=timezone.now() - 2 * LOST_AFTER
    )


def dependents(name: str) -> list[Analyser]:
    """The analysers that build upon the facts of the analyser of that name."""
    return [analyser for analyser in registry.enabled() if name in analyser.depends]


def repeat_outdated(run_ids: Sequence[int]) -> None:
    """Have what builds upon those runs look anew, where it looked before they had ended."""
    done = Run.objects.filter(pk__in=run_ids, state=Run.State.DONE)
    for name in done.values_list("analyser", flat=True).distinct():
        newer = done.filter(analyser=name, asset=OuterRef("asset"), finished_at__gt=OuterRef("finished_at"))
        repeat(dependents(name), Run.objects.filter(Exists(newer)))


def spaces() -> Sequence[tuple[str, int]]:
    """Every vector space that an enabled analyser fills, with its dimensions."""
    return [space for analyser in registry.enabled() for space in analyser.spaces.items()]
