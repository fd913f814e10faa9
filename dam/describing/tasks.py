"""What workers do for describing."""

from celery import shared_task

from dam.assets.jobs import QUEUE
from dam.describing import purging


@shared_task(queue=QUEUE)
def purge(purge_id: int) -> None:
    """Purge assets from the trash."""
    purging.run(purge_id)
