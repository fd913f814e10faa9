"""Runs, from their claim to their facts. Those of one message share what is opened, loaded and told."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from dam.assets.files import local_path
from dam.assets.models import Asset
from dam.locks import advisory_locks
from dam.watchlists import looking
from indexing import checkpoints, glossary, pipeline, store, weights
from indexing.analysers import registry
from indexing.analysers.contract import (
    Context,
    Finding,
    Media,
    MediaError,
    MediaKind,
    StillsAnalyser,
    Vector,
)
from indexing.engines import cache
from indexing.media import PICTURES, open_media
from indexing.models import Annotation, Run
from indexing.signals import announce, gathered

logger = logging.getLogger(__name__)

IDLE = 600
"""Seconds after which a model that no run needed is let go."""

TELL_EVERY = 5
"""Seconds between two looks at how far a run has come."""

Opened = Callable[[Asset], Media]


def execute_all(run_ids: Sequence[int]) -> None:
    """Carry out the runs of one message in that order. Never raises for a bad file.

    Assets whose runs were done before (the message came a second time) are announced again: the worker may
    have died between their facts and the announcement.
    """
    with ExitStack() as files, gathered(), _unhurried():
        announce(_assets_done(run_ids))
        opened = opener(files)
        for together in _stretches(run_ids):
            execute(together, opened)
        pipeline.repeat_outdated(run_ids)
    cache.release_idle(IDLE)


@contextmanager
def _unhurried() -> Iterator[None]:
    """Commit without waiting for the disk: after a crash of the database the last runs are not done yet, and
    are planned again. What people do, and files that come in, is committed elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


def execute(run_ids: Sequence[int], opened: Opened) -> None:
    """Carry out runs of one analyser, except those that another worker is at or that are done."""
    with advisory_locks(pipeline.LOCK, run_ids) as ours:
        runs = _claim(ours)
        if len(runs) > 1 and isinstance(registry.get(runs[0].analyser), StillsAnalyser):
            _analyse_together(runs, opened)
            return
        for run in runs:
            _analyse(run, opened)


def _stretches(run_ids: Sequence[int]) -> Iterator[list[int]]:
    """Runs of one analyser that are claimed together. What was tried before goes alone: it may have been
    what killed a worker."""
    runs = Run.objects.in_bulk(run_ids)
    known = [runs[run_id] for run_id in run_ids if run_id in runs]
    for _, same in groupby(known, key=attrgetter("analyser")):
        fresh: list[int] = []
        alone: list[int] = []
        for run in same:
            (alone if run.attempts else fresh).append(run.pk)
        yield from filter(None, [fresh, *([run_id] for run_id in alone)])


def _assets_done(run_ids: Sequence[int]) -> list[int]:
    done = Run.objects.filter(pk__in=run_ids, state=Run.State.DONE)
    return list(done.values_list("asset", flat=True).distinct())


def _claim(run_ids: Collection[int]) -> list[Run]:
    """Those of the runs, whose locks are ours, that are still to be carried out."""
    runs = Run.objects.filter(pk__in=run_ids)
    runs.filter(state__in=(Run.State.QUEUED, Run.State.RUNNING)).update(
        state=Run.State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=timezone.now(),
        seconds=None,
        progress=None,
    )
    return list(runs.filter(state=Run.State.RUNNING).select_related("asset").order_by("pk"))


def _analyse_together(runs: Sequence[Run], opened: Opened) -> None:
    """Stills through their model in one call; one by one where any of them makes trouble."""
    analyser = cast(StillsAnalyser, registry.get(runs[0].analyser))
    began = time.monotonic()
    try:
        media = [opened(run.asset) for run in runs]
        found = analyser.analyse_stills(media, _context(runs[0]))
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is found again and told for its own run
        logger.info("%s goes through %s stills one by one: %s", analyser.name, len(runs), problem)
        for run in runs:
            _analyse(run, opened)
        return
    share = (time.monotonic() - began) / len(runs)
    for run, each in zip(runs, found, strict=True):
        run.seconds = share
        _conclude(run, partial(list, each))


def _analyse(run: Run, opened: Opened) -> None:
    analyser = registry.get(run.analyser)
    _conclude(run, lambda: analyser.analyse(opened(run.asset), _context(run)))


def _conclude(run: Run, find: Callable[[], Iterable[Finding | Vector]]) -> None:
    """Store what is found and the seconds it took, or why nothing is."""
    began = time.monotonic()
    try:
        found = list(find())
        run.seconds = run.seconds if run.seconds is not None else time.monotonic() - began
        store.save(run, found)
        checkpoints.of(run).forget()
    except MediaError as problem:
        store.fail(run, str(problem))
    except Exception as problem:
        logger.exception("%s failed on asset %s", run.analyser, run.asset_id)
        store.fail(run, f"Unexpected: {type(problem).__name__}: {problem}")


def opener(files: ExitStack) -> Opened:
    """A function that opens the media of an asset, once for as long as `files` are held."""
    media: dict[int, Media] = {}

    def opened(asset: Asset) -> Media:
        if asset.pk not in media:
            media[asset.pk] = _open(asset, files)
        return media[asset.pk]

    return opened


def _open(asset: Asset, files: ExitStack) -> Media:
    def original() -> Path:
        return files.enter_context(local_path(asset.original))

    pictures = {
        rendition.name: files.enter_context(local_path(rendition.file))
        for rendition in asset.renditions.filter(name__in=PICTURES)
    }
    return open_media(cast(MediaKind, asset.kind), original, asset.duration, pictures, asset.sha256)


def _context(run: Run) -> Context:
    return Context(
        weights=weights.path,
        facts=_Facts(run.asset),
        vectors=partial(store.vectors_of, run.asset),
        hints=partial(glossary.hints, run.asset),
        checkpoint=checkpoints.of(run),
        progress=_Progress(run.pk),
        watched=partial(looking.watched, run.asset),
        threads=settings.ANALYSIS_THREADS,
    )


class _Progress:
    """Writes down how many seconds of its media a run has done, at most every few seconds."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._told = time.monotonic()

    def __call__(self, second: float) -> None:
        if time.monotonic() - self._told >= TELL_EVERY:
            Run.objects.filter(pk=self._run_id).update(progress=second)
            self._told = time.monotonic()


class _Facts:
    """The facts of one asset by kind, in order of time. The first question reads all but the words."""

    def __init__(self, asset: Asset) -> None:
        self._facts = Annotation.objects.filter(asset=asset).exclude(
            status__in=(
                Annotation.Status.REJECTED,
                Annotation.Status.SUPERSEDED,
                Annotation.Status.WITHHELD,
            )
        )

    def __call__(self, kind: str) -> Sequence[Finding]:
        return self._words if kind == "word" else self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = defaultdict(list)
        for row in self._facts.exclude(kind="word").order_by("start", "pk"):
            found[row.kind].append(store.finding_of(row))
        return found

    @cached_property
    def _words(self) -> list[Finding]:
        return [store.finding_of(row) for row in self._facts.filter(kind="word").order_by("start", "pk")]
