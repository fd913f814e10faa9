"""What workers do for jobs; a message may be delivered twice."""

from celery import shared_task

from dam.assets import jobs as messages
from dam.bulk import working


@shared_task(queue=messages.QUEUE)
def work(job_pk: int) -> None:
    """Go on with a job for a while, then let other work come in between."""
    if working.advance(job_pk):
        messages.send(working.TASK, [(job_pk,)])
