"""What workers do for indexing; each task takes ids and may be delivered twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from celery import shared_task
from celery.signals import worker_init

from indexing import execution, narrating, pipeline, reels
from indexing.analysers import registry
from indexing.models import Run

TOGETHER = 16
"""Stills whose runs travel in one message: what is opened and decoded for one run serves the others."""


@worker_init.connect
def know_the_analysers(**details: object) -> None:
    """Import the analysers before the pool's processes are forked: it takes seconds, and they share it."""
    registry.all()


@shared_task
def analyse(run_ids: list[int]) -> None:
    """Carry out runs, one after the other, each stored before the next begins; and send what they allow."""
    execution.execute_all(run_ids)
    send(pipeline.follow(run_ids))


@shared_task(queue="io")
def plan() -> None:
    """Look for what can be analysed now, instead of when the planner comes round."""
    send(pipeline.plan())


@shared_task(queue="cpu")
def speak_narration(asset_id: int) -> None:
    """Speak the audio description of one film."""
    narrating.speak_narrations(asset_id)


@shared_task(queue="io")
def cut_reel(asset_id: int) -> None:
    """Cut the preview reel of an asset."""
    reels.cut_reel(asset_id)


def send(runs: Iterable[Run]) -> None:
    """Hand runs to the workers of their queues."""
    for queue, run_ids in messages(runs):
        analyse.apply_async((run_ids,), queue=queue)


def messages(runs: Iterable[Run]) -> Iterator[tuple[str, list[int]]]:
    """The queue and the ids of each message: films and recordings alone; stills with all their analyses.

    The runs of a message keep their order: one analyser after the other, each over all of its stills.
    """
    numbers: dict[tuple[str, int], int] = {}
    shared: dict[tuple[str, int], list[int]] = defaultdict(list)
    for run in runs:
        queue = pipeline.queue_of(run)
        if run.asset.kind != "image":
            yield queue, [run.pk]
            continue
        number = numbers.setdefault((queue, run.asset_id), len(numbers))
        shared[queue, number // TOGETHER].append(run.pk)
    for (queue, _), run_ids in shared.items():
        yield queue, run_ids
