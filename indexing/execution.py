"""Runs, from their claim to their facts. Those of one message share what is opened, loaded and told."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import cast

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from dam.assets.files import local_path
from dam.assets.models import Asset
from dam.locks import advisory_lock
from indexing import pipeline, store, weights
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
    with ExitStack() as locks:
        runs = [run for run_id in run_ids if (run := _claim(run_id, locks))]
        if len(runs) > 1:
            _analyse_together(runs, opened)
            return
        for run in runs:
            _analyse(run, opened)


def _stretches(run_ids: Sequence[int]) -> Iterator[list[int]]:
    """Runs one by one, but those that a model can take together; what was tried before goes alone."""
    runs = Run.objects.in_bulk(run_ids)
    known = [runs[run_id] for run_id in run_ids if run_id in runs]
    for name, same in groupby(known, key=attrgetter("analyser")):
        together = isinstance(registry.get(name), StillsAnalyser)
        fresh: list[int] = []
        alone: list[int] = []
        for run in same:
            (fresh if together and not run.attempts else alone).append(run.pk)
        yield from filter(None, [fresh, *([run_id] for run_id in alone)])


def _assets_done(run_ids: Sequence[int]) -> list[int]:
    done = Run.objects.filter(pk__in=run_ids, state=Run.State.DONE)
    return list(done.values_list("asset", flat=True).distinct())


def _claim(run_id: int, locks: ExitStack) -> Run | None:
    if not locks.enter_context(advisory_lock(pipeline.LOCK, run_id)):
        return None
    claimed = Run.objects.filter(pk=run_id, state__in=(Run.State.QUEUED, Run.State.RUNNING)).update(
        state=Run.State.RUNNING, attempts=F("attempts") + 1, started_at=timezone.now(), seconds=None
    )
    return Run.objects.select_related("asset").get(pk=run_id) if claimed else None


def _analyse_together(runs: Sequence[Run], opened: Opened) -> None:
    """Stills through their model in one call; one by one where any of them makes trouble."""
    analyser = cast(StillsAnalyser, registry.get(runs[0].analyser))
    began = time.monotonic()
    try:
        media = [opened(run.asset) for run in runs]
        found = analyser.analyse_stills(media, _context(runs[0].asset))
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
    _conclude(run, lambda: analyser.analyse(opened(run.asset), _context(run.asset)))


def _conclude(run: Run, find: Callable[[], Iterable[Finding | Vector]]) -> None:
    """Store what is found, or why nothing is."""
    try:
        store.save(run, list(find()))
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
    original = files.enter_context(local_path(asset.original))
    pictures = {
        rendition.name: files.enter_context(local_path(rendition.file))
        for rendition in asset.renditions.filter(name__in=PICTURES)
    }
    return open_media(cast(MediaKind, asset.kind), original, asset.duration, pictures, asset.sha256)


def _context(asset: Asset) -> Context:
    return Context(
        weights=weights.path,
        facts=partial(_facts_of, asset),
        vectors=partial(store.vectors_of, asset),
        threads=settings.ANALYSIS_THREADS,
    )


def _facts_of(asset: Asset, kind: str) -> Sequence[Finding]:
    rows = Annotation.objects.filter(asset=asset, kind=kind).exclude(
        status__in=(Annotation.Status.REJECTED, Annotation.Status.SUPERSEDED)
    )
    return [store.finding_of(row) for row in rows.order_by("start", "pk")]
