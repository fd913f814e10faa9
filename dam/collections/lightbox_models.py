"""Lightboxes: what one person has picked out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dam.collections.moment_fields import MomentFields


class Lightbox(models.Model):
    """Somebody's picks. Its readers may look at it, each as far as they may see the assets themselves."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lightboxes")
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shared_lightboxes", blank=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(default=timezone.now, help_text="when something was last put into it")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-used_at", "-pk"]
        verbose_name_plural = "lightboxes"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(deleted_at=None), name="one_lightbox_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the lightbox, for its owner and its readers."""
        return reverse("lightbox", args=[self.pk])


class LightboxItem(MomentFields):
    """One pick, with a note."""

    lightbox = models.ForeignKey(Lightbox, models.CASCADE, related_name="items")
    note = models.TextField(blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(MomentFields.Meta):
        constraints = [
            *MomentFields.Meta.constraints,
            models.UniqueConstraint(
                fields=["lightbox", "asset", "start", "x", "y", "w", "h"],
                condition=Q(taken_out_at=None),
                nulls_distinct=False,
                name="picked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} in {self.lightbox_id}"
