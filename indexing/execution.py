"""One run, from its claim to its facts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import cast

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from dam.assets.files import local_path
from dam.assets.models import Asset
from dam.locks import advisory_lock
from indexing import pipeline, store, weights
from indexing.analysers import registry
from indexing.analysers.contract import Context, Finding, Media, MediaError, MediaKind
from indexing.engines import cache
from indexing.media import PICTURES, open_media
from indexing.models import Annotation, Run

logger = logging.getLogger(__name__)

IDLE = 600
"""Seconds after which a model that no run needed is let go."""


def execute(run_id: int) -> None:
    """Analyse one asset, unless another worker is at it or it is done. Never raises for a bad file."""
    with advisory_lock(pipeline.LOCK, run_id) as ours:
        run = _claim(run_id) if ours else None
        if run is not None:
            _analyse(run)
    cache.release_idle(IDLE)


def _claim(run_id: int) -> Run | None:
    claimed = Run.objects.filter(pk=run_id, state__in=(Run.State.QUEUED, Run.State.RUNNING)).update(
        state=Run.State.RUNNING, attempts=F("attempts") + 1, started_at=timezone.now()
    )
    return Run.objects.select_related("asset").get(pk=run_id) if claimed else None


def _analyse(run: Run) -> None:
    analyser = registry.get(run.analyser)
    try:
        with _opened(run.asset) as media:
            found = list(analyser.analyse(media, _context(run.asset)))
        store.save(run, found)
    except MediaError as problem:
        store.fail(run, str(problem))
    except Exception as problem:
        logger.exception("%s failed on asset %s", run.analyser, run.asset_id)
        store.fail(run, f"Unexpected: {type(problem).__name__}: {problem}")


@contextmanager
def _opened(asset: Asset) -> Iterator[Media]:
    with ExitStack() as files:
        original = files.enter_context(local_path(asset.original))
        pictures = {
            rendition.name: files.enter_context(local_path(rendition.file))
            for rendition in asset.renditions.filter(name__in=PICTURES)
        }
        yield open_media(cast(MediaKind, asset.kind), original, asset.duration, pictures)


def _context(asset: Asset) -> Context:
    return Context(
        weights=weights.path,
        facts=_facts_of(asset),
        vectors=partial(store.vectors_of, asset),
        threads=settings.ANALYSIS_THREADS,
    )


def _facts_of(asset: Asset) -> Callable[[str], Sequence[Finding]]:
    def facts(kind: str) -> Sequence[Finding]:
        rows = Annotation.objects.filter(asset=asset, kind=kind).exclude(
            status__in=(Annotation.Status.REJECTED, Annotation.Status.SUPERSEDED)
        )
        return [store.finding_of(row) for row in rows.order_by("start", "pk")]

    return facts
