"""What workers send to other systems. A task that is delivered twice sends nothing twice."""

from __future__ import annotations

from celery import shared_task

from dam.locks import advisory_lock
from dam.webhooks import sending
from dam.webhooks.models import Endpoint


@shared_task(queue="io", soft_time_limit=sending.LONGEST)
def send_messages(endpoint_pk: int) -> None:
    """Send what is due to one endpoint; one worker at a time does so."""
    with advisory_lock("webhooks", endpoint_pk) as ours:
        endpoint = Endpoint.objects.select_related("library", "made_by").filter(pk=endpoint_pk).first()
        if ours and endpoint is not None:
            sending.send_due(endpoint)


def send_all_due() -> int:
    """Have workers send what is due. Returns to how many endpoints."""
    found = list(sending.endpoints_with_work().values_list("pk", flat=True))
    for pk in found:
        send_messages.delay(pk)
    return len(found)
