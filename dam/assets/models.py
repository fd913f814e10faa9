"""The file and what was derived from it: assets, renditions, and the jobs that brought them in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse

from dam.sharing.access import AssetQuerySet


def originals() -> Storage:
    """The storage of originals, written once."""
    return storages["originals"]


def renditions() -> Storage:
    """The storage of renditions, disposable."""
    return storages["renditions"]


class MediaKind(models.TextChoices):
    """What a file is to its reader."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Asset(models.Model):
    """One original file in one library. Its identity is the SHA-256 of its bytes."""

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="assets")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="bytes")
    original = models.FileField(storage=originals, max_length=400)
    original_name = models.CharField(max_length=1000)
    kind = models.CharField(max_length=10, choices=MediaKind.choices)
    media_type = models.CharField(max_length=100)
    title = models.CharField(max_length=500, blank=True)
    width = models.PositiveIntegerField(null=True, help_text="pixels, upright")
    height = models.PositiveIntegerField(null=True, help_text="pixels, upright")
    duration = models.FloatField(null=True, help_text="seconds")
    technical = models.JSONField(
        default=dict, help_text="format, codecs, streams, as the decoder reports them"
    )
    taken_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    trashed_at = models.DateTimeField(null=True)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    embargo_until = models.DateTimeField(null=True, help_text="until then only archivists see it")
    revision = models.PositiveIntegerField(default=0, help_text="how often people have described it")
    rendered_at = models.DateTimeField(null=True, help_text="when its renditions were made, or given up")
    rendering_attempts = models.PositiveSmallIntegerField(default=0)
    rendering_error = models.TextField(blank=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "sha256"], name="once_per_library")]
        indexes = [
            models.Index(fields=["library", "-added_at", "-id"], name="asset_newest"),
            models.Index(fields=["-added_at", "-id"], name="asset_newest_anywhere"),
            models.Index(fields=["sha256"], name="asset_sha256"),
            models.Index(fields=["taken_at"], name="asset_taken"),
            models.Index(fields=["id"], name="asset_unrendered", condition=models.Q(rendered_at=None)),
        ]

    def __str__(self) -> str:
        return self.title or self.original_name

    def get_absolute_url(self) -> str:
        return reverse("asset", args=[self.pk])

    def rendition(self, name: str) -> Rendition | None:
        """The rendition of that name, from the prefetched ones where there are any."""
        return next((each for each in self.renditions.all() if each.name == name), None)


class FileVersion(models.Model):
    """An original that another file has replaced: its bytes stay, and it can be restored."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="versions")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="bytes")
    original = models.FileField(storage=originals, max_length=400)
    original_name = models.CharField(max_length=1000)
    media_type = models.CharField(max_length=100)
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-replaced_at", "-id"]
        indexes = [models.Index(fields=["sha256"], name="version_sha256")]

    def __str__(self) -> str:
        return self.original_name


class Rendition(models.Model):
    """A file derived from an original: rebuilt at will, never the only copy of anything.

    Names: thumb-small (long side 320), thumb-large (long side 1280), poster, proxy (browser-playable),
    sprite (grid of scrubbing frames; `details` holds columns, rows, seconds per tile, tile width and
    height), waveform (JSON peaks).
    """

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=30)
    file = models.FileField(storage=renditions, max_length=400)
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField(help_text="bytes")
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="one_rendition_of_a_name")]

    def __str__(self) -> str:
        return f"{self.name} of {self.asset}"


class IngestJob(models.Model):
    """One act of bringing files in: an upload session, a command, or a watched folder."""

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="ingest_jobs")
    collection = models.ForeignKey("collections.Collection", models.SET_NULL, null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    label = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    reason = models.TextField(blank=True, help_text="why the system paused it")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.label

    def counts(self) -> dict[str, int]:
        """How many files stand in each state, e.g. {"imported": 12, "refused": 1}."""
        rows = self.items.order_by().values_list("state").annotate(models.Count("id"))
        return dict(rows)


class IngestItem(models.Model):
    """One file of a job and what became of it. `source` is a path, or an upload's quarantine name."""

    class State(models.TextChoices):
        WAITING = "waiting"
        IMPORTED = "imported"
        DUPLICATE = "duplicate"
        REFUSED = "refused"

    job = models.ForeignKey(IngestJob, models.CASCADE, related_name="items")
    source = models.TextField()
    name = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    asset = models.ForeignKey(Asset, models.SET_NULL, null=True, related_name="ingest_items")
    attempts = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "source"], name="once_per_job")]
        indexes = [models.Index(fields=["state", "job"], name="ingest_item_state")]

    def __str__(self) -> str:
        return self.name

    def settle(self, state: str, reason: str = "", **fields: Any) -> None:
        """Write down what became of this file."""
        for name, value in {"state": state, "reason": reason, **fields}.items():
            setattr(self, name, value)
        self.save()
