"""What workers do for the assets room; each task takes an id and may be delivered twice."""

from celery import shared_task

from dam.assets import derive, ingest, jobs, sweeping


@shared_task(queue=jobs.QUEUE)
def ingest_item(item_id: int) -> None:
    """Bring in one file, then have its renditions made."""
    asset = ingest.ingest(item_id)
    if asset is not None:
        jobs.send(jobs.RENDITIONS_TASK, [(asset.pk,)])


@shared_task(queue=jobs.QUEUE)
def make_renditions(asset_id: int) -> None:
    """Make the renditions of one asset."""
    derive.make(asset_id)


@shared_task(queue=jobs.QUEUE)
def sweep() -> None:
    """Tidy the quarantine."""
    sweeping.sweep()
