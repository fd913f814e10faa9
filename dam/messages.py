"""Messages that a worker holds stay its own: Kombu on Redis or Valkey hands out again whatever has not been
acknowledged for the visibility timeout, however long the work takes or a retry waits."""

from __future__ import annotations

import time
from typing import Any

from celery.bootsteps import StartStopStep
from celery.worker import state
from kombu.transport.redis import Channel

EVERY = 3.0
"""Seconds between two renewals; less than the visibility timeout, so that one may be missed."""


class KeepMessages(StartStopStep):
    """A part of Celery's consumer. A worker that is killed renews no more, and its messages come back."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, consumer: Any) -> None:
        """Renew what is held, every few seconds. Other brokers than these notice a lost worker themselves."""
        channel = consumer.task_consumer.channel
        if isinstance(channel, Channel):
            self._timer = consumer.timer.call_repeatedly(EVERY, renew, (channel,))

    def stop(self, consumer: Any) -> None:
        """Leave off."""
        if hasattr(self, "_timer"):
            self._timer.cancel()


def renew(channel: Channel) -> None:
    """Count the visibility timeout of the messages that this process holds from now."""
    held = [request.message.delivery_tag for request in list(state.reserved_requests)]
    if held:
        with channel.conn_or_acquire() as client:
            client.zadd(channel.unacked_index_key, dict.fromkeys(held, time.time()), xx=True)
