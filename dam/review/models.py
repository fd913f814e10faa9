"""What people decided, batch by batch, so that it can be undone; and how right each label has proved."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from indexing.evaluation.measures import wilson
from indexing.models import Annotation


class Batch(models.Model):
    """Decisions that one person made with one key: they are undone together.

    `label` is empty where it would be somebody's name, which is written down in the facts alone.
    """

    class Act(models.TextChoices):
        DECIDED = "decided"
        CORRECTED = "corrected"
        RENAMED = "renamed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_batches")
    act = models.CharField(max_length=10, choices=Act.choices, default=Act.DECIDED)
    kind = models.CharField(max_length=30, blank=True)
    label = models.TextField(blank=True)
    text = models.TextField(blank=True, help_text="what the facts are called since, where they were renamed")
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="batch_latest")]

    def __str__(self) -> str:
        return f"{self.act} {self.facts} of {self.label or self.kind}"

    @property
    def facts(self) -> int:
        """How many facts it was about."""
        return self.accepted + self.rejected


class BatchItem(models.Model):
    """One fact of a batch: its status before and after, and its text before where that changed."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    annotation = models.ForeignKey("indexing.Annotation", models.CASCADE, related_name="+")
    before = models.CharField(max_length=10, choices=Annotation.Status.choices, blank=True)
    after = models.CharField(max_length=10, choices=Annotation.Status.choices)
    text_before = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.before} to {self.after}"


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Measures, narrowed to those that matter."""

    def restraining(self) -> Self:
        """Those because of which proposals are withheld."""
        return self.filter(Q(withheld=True) | Q(threshold__isnull=False), kept_at=None)


class Measure(models.Model):
    """How right one identity of an analyser has proved with one label in one library, by people's decisions.

    `threshold` is the confidence (0..1) below which proposals are withheld, None where none is; `withheld`
    says that all of them are. Neither applies where an archivist keeps the label (`kept_at`).
    """

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="measures")
    analyser = models.CharField(max_length=50)
    version = models.CharField(max_length=30)
    model = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30)
    label = models.CharField(max_length=200, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    threshold = models.FloatField(null=True)
    withheld = models.BooleanField(default=False)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kept_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField(auto_now=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "analyser", "version", "model", "kind", "label"], name="one_measure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.analyser} on {self.label or self.kind}: {self.accepted} of {self.decided}"

    @property
    def decided(self) -> int:
        """Facts that people decided on."""
        return self.accepted + self.rejected

    @property
    def precision(self) -> float | None:
        """The share of those facts that people accepted, 0..1."""
        return self.accepted / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the precision (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
        return wilson(self.accepted, self.decided)

    def restrains(self, confidence: float | None) -> bool:
        """Whether a proposal of that confidence is withheld."""
        if self.kept_at is not None:
            return False
        below = None not in (self.threshold, confidence) and confidence < self.threshold  # type: ignore[operator]
        return self.withheld or below
