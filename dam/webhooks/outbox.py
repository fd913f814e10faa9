"""What happened is written down for every endpoint that listens: at most a row for BATCH subjects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dam.assets.models import Asset
from dam.webhooks import events
from dam.webhooks.models import Delivery, Endpoint

BATCH = 100
"""Subjects of one message."""
GATHERING = timedelta(seconds=5)
"""How long a message waits for more of the same before it is sent."""


def listening(event: str) -> QuerySet[Endpoint]:
    """The endpoints that are told of that event."""
    return Endpoint.objects.filter(
        events__contains=[event], active=True, stopped_at=None, removed_at=None, made_by__isnull=False
    )


def announce(event: str, library_id: int, ids: Iterable[int]) -> None:
    """Write messages for the endpoints of that library, in the caller's transaction where there is one.

    `ids` are of what the event's `describe` expects. What happens within GATHERING goes into one message.
    """
    subjects = list(dict.fromkeys(ids))
    for endpoint in listening(event).filter(library=library_id):
        _write(endpoint, event, subjects)


def announce_assets(event: str, asset_ids: Iterable[int]) -> None:
    """The same for assets of whatever libraries. One query where nobody listens."""
    libraries = set(listening(event).values_list("library", flat=True))
    if not libraries:
        return
    by_library: dict[int, list[int]] = defaultdict(list)
    found = Asset.objects.filter(pk__in=list(asset_ids), library__in=libraries)
    for pk, library_id in found.order_by("pk").values_list("pk", "library"):
        by_library[library_id].append(pk)
    for library_id, pks in by_library.items():
        announce(event, library_id, pks)


def send_test(endpoint: Endpoint) -> Delivery:
    """Write a message that says nothing, to see whether it arrives; it is due at once."""
    _wake(endpoint.pk)
    return Delivery.objects.create(endpoint=endpoint, event=events.TEST)


def send_again(delivery: Delivery) -> None:
    """Have a message sent anew, under the same id."""
    _wake(delivery.endpoint_id)
    delivery.state, delivery.attempts, delivery.settled_at = Delivery.State.WAITING, 0, None
    delivery.due_at = timezone.now()
    delivery.save(update_fields=["state", "attempts", "settled_at", "due_at"])


def _wake(endpoint_pk: int) -> None:
    """Somebody wants to see a message arrive: the pause after a failure ends."""
    Endpoint.objects.filter(pk=endpoint_pk).update(after=timezone.now())


@transaction.atomic
def _write(endpoint: Endpoint, event: str, subjects: Sequence[int]) -> None:
    rest = _into_waiting(endpoint, event, subjects)
    due = timezone.now() + GATHERING
    parts = (rest[first : first + BATCH] for first in range(0, len(rest), BATCH))
    Delivery.objects.bulk_create(
        Delivery(endpoint=endpoint, event=event, subject=part, due_at=due) for part in parts
    )


def _into_waiting(endpoint: Endpoint, event: str, subjects: Sequence[int]) -> Sequence[int]:
    """Put what there is room for into the message that still gathers; returns the rest."""
    gathering = endpoint.deliveries.filter(
        event=event, state=Delivery.State.WAITING, attempts=0, due_at__gt=timezone.now()
    )
    waiting = gathering.select_for_update(skip_locked=True).order_by("-pk").first()
    if waiting is None:
        return subjects
    fresh = [pk for pk in subjects if pk not in set(waiting.subject)]
    room = BATCH - len(waiting.subject)
    waiting.subject = [*waiting.subject, *fresh[:room]]
    waiting.save(update_fields=["subject"])
    return fresh[room:]
