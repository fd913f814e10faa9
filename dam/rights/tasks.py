"""What workers do for rights; it may be delivered twice."""

from celery import shared_task

from dam.rights import overlay


@shared_task(queue="io")
def mark_film(asset_id: int) -> None:
    """Make the copy of a film that carries the library's mark."""
    overlay.make(asset_id)
