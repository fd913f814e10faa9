"""Facts, where they came from, and the vectors that stand for meaning."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from pgvector.django import VectorField

WAITING = Q(status="proposed", source="machine", parent=None)
"""What machines propose and nobody has decided on."""
DECIDED = Q(status__in=("accepted", "rejected"), source="machine", parent=None, reviewer__isnull=False)
"""What machines proposed and people have decided on."""


class Run(models.Model):
    """One analyser's work on one asset. Identity is asset + analyser + version + model."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="runs")
    analyser = models.CharField(max_length=50)
    version = models.CharField(max_length=30)
    model = models.CharField(max_length=200, blank=True)
    weights_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True, help_text="wall time of the analysis")
    progress = models.FloatField(null=True, help_text="seconds of film or sound that a long run has done")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "analyser", "version", "model"], name="one_run_of_an_identity"
            )
        ]
        indexes = [models.Index(fields=["state", "analyser"], name="run_state")]

    def __str__(self) -> str:
        return f"{self.analyser} {self.version} on {self.asset_id}: {self.state}"


class Annotation(models.Model):
    """One fact about one asset: the one shape for everything that is known.

    `start` and `end` are seconds, half open: [start, end). The region is x, y (top left), w, h in 0..1
    of the upright frame. `kind` is a name from indexing.kinds. What is withheld is shown nowhere but where
    people review it: proposals of that label have been wrong too often.
    """

    class Source(models.TextChoices):
        MACHINE = "machine"
        FILE = "file"
        PERSON = "person"

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        SUPERSEDED = "superseded"
        WITHHELD = "withheld"

    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="annotations")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=30)
    text = models.TextField(blank=True)
    number = models.FloatField(null=True)
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47")
    start = models.FloatField(null=True)
    end = models.FloatField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    w = models.FloatField(null=True)
    h = models.FloatField(null=True)
    confidence = models.FloatField(null=True, help_text="0..1")
    details = models.JSONField(default=dict)
    source = models.CharField(max_length=10, choices=Source.choices)
    run = models.ForeignKey(Run, models.CASCADE, null=True, related_name="annotations")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["asset", "kind", "start"], name="fact_place"),
            models.Index(fields=["kind", "text"], condition=Q(kind="object"), name="fact_object"),
            models.Index(fields=["kind", "asset"], condition=WAITING, name="fact_waiting"),
            models.Index(fields=["kind", "asset"], condition=Q(status="withheld"), name="fact_withheld"),
            models.Index(fields=["kind", "asset"], condition=DECIDED, name="fact_decided"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__gte=0, end__gte=models.F("start")),
                name="span_is_ordered",
            ),
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True, w__isnull=True, h__isnull=True)
                | Q(x__gte=0, y__gte=0, w__gt=0, h__gt=0, x__lte=1, y__lte=1, w__lte=1, h__lte=1),
                name="region_is_in_the_frame",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=~Q(source="machine") | Q(run__isnull=False), name="a_machine_fact_names_its_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:60]}"


class Embedding(models.Model):
    """A unit vector in a named space, with the place it stands for, or the one fact that it describes."""

    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="embeddings")
    run = models.ForeignKey(Run, models.CASCADE, related_name="embeddings")
    annotation = models.ForeignKey(Annotation, models.CASCADE, null=True, related_name="embeddings")
    space = models.CharField(max_length=100)
    vector = VectorField()
    start = models.FloatField(null=True)
    end = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["space", "asset"], name="embedding_space")]

    def __str__(self) -> str:
        return f"{self.space} of {self.asset_id}"


class Review(models.Model):
    """A person's decision on a fact, kept for ever."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    decision = models.CharField(max_length=10, choices=Annotation.Status.choices)
    decided_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.decision} by {self.reviewer}"


class Evaluation(models.Model):
    """How right one identity of an analyser was, judged by labelled files or by reviewed facts."""

    analyser = models.CharField(max_length=50)
    version = models.CharField(max_length=30)
    model = models.CharField(max_length=200, blank=True)
    weights_sha256 = models.CharField(max_length=64, blank=True)
    truth = models.CharField(max_length=300, help_text="what it was judged by, in words")
    truth_sha256 = models.CharField(max_length=64, blank=True, help_text="of the labels")
    result = models.JSONField(help_text="see indexing.evaluation.report.result")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["analyser", "made_at"], name="evaluation_of")]

    def __str__(self) -> str:
        return f"{self.analyser} {self.version} on {self.truth}"
