"""What workers do for indexing; each task takes ids and may be delivered twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from celery import shared_task

from indexing import execution, pipeline
from indexing.models import Run

TOGETHER = 16
"""Runs on stills that travel in one message, because each takes about a third of a second."""


@shared_task
def analyse(run_ids: list[int]) -> None:
    """Carry out runs, one after the other; each is stored before the next begins."""
    for run_id in run_ids:
        execution.execute(run_id)


def send(runs: Iterable[Run]) -> None:
    """Hand runs to the workers of their queues."""
    for queue, run_ids in messages(runs):
        analyse.apply_async((run_ids,), queue=queue)


def messages(runs: Iterable[Run]) -> Iterator[tuple[str, list[int]]]:
    """The queue and the ids of each message: films and recordings alone, stills of one analyser together."""
    groups: dict[tuple[str, str | int], list[int]] = defaultdict(list)
    for run in runs:
        still = run.asset.kind == "image"
        groups[pipeline.queue_of(run), run.analyser if still else run.pk].append(run.pk)
    for (queue, _), ids in groups.items():
        for first in range(0, len(ids), TOGETHER):
            yield queue, ids[first : first + TOGETHER]
