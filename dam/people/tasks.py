"""What workers do for people; it may be delivered twice."""

from __future__ import annotations

from celery import shared_task

from dam.locks import advisory_lock
from dam.people import grouping

LOCK = "group-faces"


@shared_task(queue="cpu")
def group_faces() -> None:
    """Group all faces that wait for it, unless another worker is at it."""
    with advisory_lock(LOCK, 0) as ours:
        while ours and grouping.group_new_faces():
            pass
