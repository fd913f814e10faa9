"""Messages are sent in the order in which they are due; failures are tried again, with growing pauses."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import F, QuerySet
from django.utils import timezone

from dam.sharing.models import Role
from dam.sharing.scopes import whole_libraries_for
from dam.webhooks import events, notices
from dam.webhooks.addresses import AddressError
from dam.webhooks.delivery import Answer, DeliveryError, pause_after, post
from dam.webhooks.models import Delivery, Endpoint

ATTEMPTS = 10
"""Failures after which one message is given up."""
STOPPED_AFTER = 12
"""Failures in a row, of whatever messages, after which an endpoint is stopped: some six hours."""
GONE = 410
"""The answer of a receiver that wants no more; Standard Webhooks has the sender stop."""
BUDGET = 20.0
"""Seconds after which no further message is begun."""
LONGEST = 45
"""Seconds of a whole task: a server that answers byte by byte holds no worker."""
KEPT = timedelta(days=30)


def due(endpoint: Endpoint) -> QuerySet[Delivery]:
    """The messages that may be sent to the endpoint now."""
    return endpoint.deliveries.filter(state=Delivery.State.WAITING, due_at__lte=timezone.now())


def endpoints_with_work() -> QuerySet[Endpoint]:
    """The endpoints to which messages may be sent now."""
    now = timezone.now()
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now).values("endpoint")
    ready = Endpoint.objects.filter(active=True, stopped_at=None, removed_at=None, after__lte=now)
    return ready.filter(pk__in=waiting)


def send_due(endpoint: Endpoint) -> int:
    """Send what is due, until something fails or BUDGET is spent. Returns how many messages were taken."""
    taken, deadline = 0, time.monotonic() + BUDGET
    while endpoint.listens and endpoint.after <= timezone.now() and time.monotonic() < deadline:
        delivery = due(endpoint).order_by("due_at", "pk").first()
        if delivery is None:
            break
        delivery.endpoint = endpoint
        taken += send(delivery)
    return taken


def send(delivery: Delivery) -> bool:
    """Send one message once; returns whether the receiver took it. What may not be seen is not sent."""
    body = message(delivery)
    if not body:
        _settle(delivery, Delivery.State.DROPPED)
        return False
    delivery.body = body.decode()
    endpoint = delivery.endpoint
    try:
        answer = post(endpoint.url, endpoint.secret, delivery.message_id, body)
    except SoftTimeLimitExceeded:
        _failed(delivery, f"There was no answer within {LONGEST} s.")
    except (AddressError, DeliveryError) as problem:
        _failed(delivery, str(problem))
    else:
        return _answered(delivery, answer)
    return False


def message(delivery: Delivery) -> bytes:
    """The JSON of a message; empty where the endpoint's maker may see nothing of it, or administers the
    library no longer."""
    told = _told(delivery)
    library = delivery.endpoint.library
    data = {"library": {"id": library.pk, "name": library.name}, "items": told}
    content = {"type": delivery.event, "timestamp": delivery.made_at.isoformat(), "data": data}
    return json.dumps(content, ensure_ascii=False).encode() if told else b""


def _told(delivery: Delivery) -> list[dict[str, Any]]:
    endpoint, event = delivery.endpoint, events.get(delivery.event)
    if event is None or endpoint.made_by is None:
        return []
    administered = whole_libraries_for(endpoint.made_by, Role.ADMINISTRATOR)
    may = administered.filter(pk=endpoint.library_id).exists()
    return event.describe(endpoint, delivery.subject) if may else []


def _answered(delivery: Delivery, answer: Answer) -> bool:
    delivery.status_code, delivery.response_head = answer.status, answer.head
    if not answer.is_taken:
        _failed(delivery, answer.problem, is_last=answer.status == GONE)
        return False
    delivery.attempts += 1
    _settle(delivery, Delivery.State.DELIVERED)
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(failures=0, problem="")
    delivery.endpoint.failures = 0
    return True


def _failed(delivery: Delivery, problem: str, is_last: bool = False) -> None:
    """Count a failure: the message is tried again later or given up, the endpoint rests or is stopped."""
    delivery.attempts += 1
    delivery.problem = problem
    delivery.due_at = timezone.now() + pause_after(delivery.attempts)
    given_up = is_last or delivery.attempts >= ATTEMPTS
    _settle(delivery, Delivery.State.FAILED if given_up else Delivery.State.WAITING)
    _rest(delivery.endpoint, problem, is_last)


def _rest(endpoint: Endpoint, problem: str, is_last: bool) -> None:
    now = timezone.now()
    Endpoint.objects.filter(pk=endpoint.pk).update(failures=F("failures") + 1, problem=problem)
    endpoint.refresh_from_db(fields=["failures", "problem"])
    endpoint.after = now + pause_after(endpoint.failures)
    if is_last or endpoint.failures >= STOPPED_AFTER:
        endpoint.stopped_at = now
    endpoint.save(update_fields=["after", "stopped_at"])
    if endpoint.stopped_at:
        notices.tell_stopped(endpoint)


def _settle(delivery: Delivery, state: Delivery.State) -> None:
    delivery.state = state
    delivery.settled_at = None if state == Delivery.State.WAITING else timezone.now()
    if state == Delivery.State.DELIVERED:
        delivery.problem = ""
    delivery.save()


def sweep() -> int:
    """Delete messages of more than KEPT ago from the log, and endpoints removed that long ago. Returns how
    many rows."""
    before = timezone.now() - KEPT
    rows, _ = Delivery.objects.filter(made_at__lt=before).delete()
    ends, _ = Endpoint.objects.filter(removed_at__lt=before).delete()
    return rows + ends
