"""What a pick in a lightbox and a moment of an exhibition have in common: an asset, and where in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class MomentFields(models.Model):
    """A place in an asset: a span in seconds and a region in 0..1 of the upright frame, where they are known.

    What is taken out stays for a while, so that it can be put back.
    """

    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="+")
    position = models.IntegerField(default=0)
    start = models.FloatField(null=True, blank=True, help_text="seconds")
    end = models.FloatField(null=True, blank=True, help_text="seconds")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    w = models.FloatField(null=True, blank=True)
    h = models.FloatField(null=True, blank=True)
    taken_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(start=None) | Q(start__gte=0)) & (Q(end=None) | Q(end__gt=F("start"))),
                name="%(class)s_span_is_ordered",
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None, w=None, h=None)
                | Q(x__gte=0, y__gte=0, w__gt=0, h__gt=0, x__lte=1, y__lte=1, w__lte=1, h__lte=1),
                name="%(class)s_region_is_in_the_frame",
            ),
        ]

    @property
    def region(self) -> dict[str, float] | None:
        """The region as left, top, width and height in 0..1, where there is one."""
        return None if self.x is None else {name: getattr(self, name) for name in "xywh"}
