"""Signed messages to other systems: who is told of what, and what became of each message."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone

from dam.webhooks.signing import new_secret


class Endpoint(models.Model):
    """An address outside that is told what happens in a library, as far as `made_by` may see it.

    After a failure nothing is sent before `after`; after many in a row it is stopped. A removed one waits to
    be taken back.
    """

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="webhooks")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=1000)
    secret = models.CharField(max_length=100, default=new_secret)
    events = ArrayField(models.CharField(max_length=50), help_text="names of dam.webhooks.events")
    active = models.BooleanField(default=True)
    site = models.URLField(blank=True, help_text="where links in messages lead")
    made_at = models.DateTimeField(auto_now_add=True)
    after = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0, help_text="since it last answered")
    problem = models.TextField(blank=True)
    stopped_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhook", args=[self.pk])

    @property
    def listens(self) -> bool:
        """Whether messages are sent to it."""
        return self.active and self.stopped_at is None and self.removed_at is None


def new_message_id() -> str:
    """The id of a message, which stays the same however often it is sent."""
    return f"msg_{secrets.token_hex(16)}"


class Delivery(models.Model):
    """One message to one endpoint, written when something happened and sent a moment later.

    `subject` holds the ids of what it is about; the body is made of them each time it is sent, so that
    nothing leaves that may not be seen any more. `body` is what was sent last.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed", "given up"
        DROPPED = "dropped", "not sent: nothing in it may be seen"

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=50)
    message_id = models.CharField(max_length=40, unique=True, default=new_message_id)
    subject = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    response_head = models.TextField(blank=True)
    problem = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="delivery_newest"),
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["made_at"], name="delivery_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"
