"""What somebody has chosen, the jobs that change it, and what each job did to each asset."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Selection(models.Model):
    """Assets that a person has chosen: a list of ids, or whatever an address of the site shows."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="selections")
    ids = ArrayField(models.BigIntegerField(), default=list)
    address = models.TextField(blank=True, help_text="of a grid, a collection or a search; without ids")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="selection_made")]

    def __str__(self) -> str:
        return self.address or f"{len(self.ids)} assets"

    def get_absolute_url(self) -> str:
        return reverse("bulk-edit", args=[self.pk])


class BulkJob(models.Model):
    """One change to many assets, as its owner may make it: an edit, an import of descriptions, or an undo.

    `wishes` is what an edit changes, see dam.bulk.wishes; `options` how a file is read, see
    dam.bulk.importing. `position` is the number of the last item that is done with in the present state.
    `attempts` counts beginnings since anything was last finished.
    """

    class Kind(models.TextChoices):
        EDIT = "edit"
        IMPORT = "import"
        UNDO = "undo"

    class State(models.TextChoices):
        MATCHING = "matching", "Columns to be matched"
        READING = "reading", "Reading the file"
        CHECKING = "checking", "Looking what would change"
        READY = "ready", "Ready to be applied"
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="bulk_jobs")
    library = models.ForeignKey(
        "collections.Library", models.CASCADE, null=True, related_name="bulk_jobs", help_text="if it is one"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    label = models.CharField(max_length=500)
    selection = models.ForeignKey(Selection, models.SET_NULL, null=True)
    undoes = models.ForeignKey("self", models.CASCADE, null=True, related_name="undoings")
    wishes = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    file = models.FileField(upload_to="imports", blank=True, help_text="until it is applied")
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True, help_text="why the system paused it")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="bulk_job_owner"),
            models.Index(
                fields=["touched_at"],
                name="bulk_job_busy",
                condition=models.Q(state__in=["reading", "checking", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        name = "bulk-match" if self.state == self.State.MATCHING else "bulk-job"
        return reverse(name, args=[self.pk])

    @property
    def busy(self) -> bool:
        """Whether it moves by itself."""
        return self.state in BUSY

    @property
    def passed(self) -> int:
        """How many of its items have been dealt with in the present state."""
        return self.changed + self.unchanged + self.refused


BUSY = (BulkJob.State.READING, BulkJob.State.CHECKING, BulkJob.State.RUNNING)


class BulkItem(models.Model):
    """One asset of a job, or one row of its file, and what would become or became of it.

    `values` are the cells of a row by field. `told` holds a list of [field, before, after] for people.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        WILL_CHANGE = "will", "Will change"
        CHANGED = "changed"
        UNCHANGED = "same", "Nothing to change"
        REFUSED = "refused", "Cannot be changed"

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    asset = models.ForeignKey("assets.Asset", models.SET_NULL, null=True, related_name="+")
    name = models.TextField(blank=True, help_text="what the row calls the asset")
    values = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    told = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_item_of_a_number")]
        indexes = [
            models.Index(fields=["job", "state", "number"], name="bulk_item_state"),
            models.Index(fields=["job", "asset"], name="bulk_item_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.job_id}"


class BulkChange(models.Model):
    """One thing that a job changed: a column of the asset, a fact's status, or a place in a collection.

    `before` and `after` are the column's values, the fact's statuses (before None: there was no such fact),
    or the positions in the collection (None: it was not in it).
    """

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="changes")
    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="+")
    field = models.CharField(max_length=30)
    fact = models.ForeignKey("indexing.Annotation", models.CASCADE, null=True, related_name="+")
    collection = models.ForeignKey("collections.Collection", models.CASCADE, null=True, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["job", "asset"], name="bulk_change_asset")]

    def __str__(self) -> str:
        return f"{self.field} of {self.asset_id}: {self.before} to {self.after}"
