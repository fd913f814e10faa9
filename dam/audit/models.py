"""What was done by whom, written once and never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One act. The database refuses to change or delete it, whoever asks (only TRUNCATE, which is for the
    table's owner, is not refused).

    It refers to nothing by a foreign key: users, libraries and targets may go, the entry stays, with the
    labels that they had. `number` and `seal` are given once, a moment later: see dam.audit.chain.
    """

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=300)
    action = models.CharField(max_length=50, help_text="a name of dam.audit.actions")
    library_id = models.BigIntegerField(null=True)
    library_label = models.CharField(max_length=200, blank=True)
    target_type = models.CharField(max_length=50, blank=True)
    target_id = models.CharField(max_length=50, blank=True)
    target_label = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)
    address = models.CharField(max_length=50, blank=True, help_text="the network, not the computer")
    number = models.BigIntegerField(null=True, unique=True, help_text="the place in the chain")
    seal = models.CharField(max_length=64, blank=True, help_text="SHA-256, hexadecimal")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["library_id", "-id"], name="audit_of_library"),
            models.Index(fields=["id"], condition=models.Q(number=None), name="audit_unsealed"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="content_stays", exclude=["number", "seal"]),
            pgtrigger.Protect(
                name="sealed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.action} {self.target_label}"
