"""Persons, what they consented to, and the faces and voices that may be kept because of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from pgvector.django import VectorField

from dam.people.biometrics import FACE, SPACES, VOICE


def evidence_storage() -> Storage:
    """The storage of signed forms and letters."""
    return storages["default"]


SOMEBODY = "Somebody"
"""What facts call a person who is hidden."""


class Person(models.Model):
    """Somebody who is seen or heard in one library. Nothing biometric is kept here."""

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="persons")
    name = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    hidden = models.BooleanField(default=False, help_text="shown to archivists only")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @property
    def shown_name(self) -> str:
        """The name that facts give: everybody reads it who sees the asset."""
        return SOMEBODY if self.hidden else self.name

    def consents_to(self, scope: str) -> bool:
        """Whether recognition by face or by voice is consented to now."""
        return self.consents.valid(scope).exists()


class Scope(models.TextChoices):
    """The use of biometric data that is allowed."""

    FACE = FACE
    VOICE = VOICE
    BOTH = "both"


class GroundQuerySet(models.QuerySet):
    """Declarations that hold from one moment to another."""

    def holding(self, now: datetime | None = None) -> Self:
        """Those that have begun, have not expired, and were not withdrawn."""
        now = now or timezone.now()
        open_ended = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(open_ended, given_at__lte=now, withdrawn_at=None)

    def run_out(self) -> Self:
        """Those whose time is up and whose traces have not been erased yet."""
        return self.filter(expires_at__lte=timezone.now(), ended_at=None)

    def valid(self, scope: str) -> Self:
        """Those that hold now for recognition by "face" or by "voice"."""
        return self.holding().filter(scope__in=(scope, Scope.BOTH))


class Ground(models.Model):
    """Why biometric data may be kept: for what use, who said so, when, for how long, and what proves it."""

    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.FACE)
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    evidence = models.TextField(blank=True, help_text="where the signed form is, or what was said")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="when what was kept because of it had been erased")

    class Meta:
        abstract = True

    @property
    def scopes(self) -> set[str]:
        """Face, voice, or both of them."""
        return {FACE, VOICE} if self.scope == Scope.BOTH else {self.scope}

    @property
    def holds(self) -> bool:
        """Whether it is in force now."""
        now = timezone.now()
        begun = self.given_at <= now and (self.expires_at is None or self.expires_at > now)
        return begun and self.withdrawn_at is None


class Consent(Ground):
    """A person's consent to be recognised."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    evidence_file = models.FileField(
        storage=evidence_storage, upload_to="consents/%Y/%m", max_length=400, blank=True
    )

    objects = GroundQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]

    def __str__(self) -> str:
        return f"{self.scope} consent of {self.person}"


class LibraryRecognition(Ground):
    """A library's declared basis to keep and group faces, or voices, of people who are not named yet."""

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="recognition")

    objects = GroundQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]

    def __str__(self) -> str:
        return f"basis of {self.library}"


class Appearance(models.Model):
    """A fact that names a person at a place, tied to that person whatever the fact's text says."""

    annotation = models.OneToOneField("indexing.Annotation", models.CASCADE, primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="appearances")

    def __str__(self) -> str:
        return f"{self.person} in {self.annotation_id}"


class FaceCluster(models.Model):
    """Kept faces, or voices, that are probably of one person. `mean` is the mean of their unit vectors."""

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="face_clusters")
    space = models.CharField(max_length=100)
    mean = VectorField()
    size = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["library", "space", "-size"], name="cluster_largest")]

    def __str__(self) -> str:
        return f"{self.size} {self.scope}s"

    @property
    def scope(self) -> str:
        """Whether it holds faces or voices."""
        return SPACES[self.space]


class Face(models.Model):
    """A biometric vector, of a face or of a voice, that may be kept: because of a named person, or of the
    library's basis. Its space says which of the two it is."""

    embedding = models.OneToOneField("indexing.Embedding", models.CASCADE, primary_key=True)
    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="faces")
    appearance = models.ForeignKey(Appearance, models.SET_NULL, null=True, related_name="faces")
    cluster = models.ForeignKey(FaceCluster, models.SET_NULL, null=True, related_name="faces")

    class Meta:
        indexes = [
            models.Index(fields=["library"], condition=Q(cluster=None), name="face_without_cluster"),
        ]

    def __str__(self) -> str:
        return f"face {self.embedding_id}"


class Tombstone(models.Model):
    """A place where nobody may be recognised again. It says neither who stood there nor what they look like.

    `start` and `end` are seconds, the region is in 0..1 of the upright frame, as in Annotation. A tombstone
    of a voice bars no face in the same film, and the other way round.
    """

    scope = models.CharField(max_length=10, choices=[(FACE, "Face"), (VOICE, "Voice")], default=FACE)
    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="tombstones")
    start = models.FloatField(null=True)
    end = models.FloatField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    w = models.FloatField(null=True)
    h = models.FloatField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"tombstone in {self.asset_id}"


class Erasure(models.Model):
    """The receipt of a withdrawal or an expiry: what was erased, how much of it, and when."""

    class Reason(models.TextChoices):
        WITHDRAWN = "withdrawn", "consent was withdrawn"
        EXPIRED = "expired", "consent expired"
        BASIS_ENDED = "basis", "the library's basis ended"

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="erasures")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="erasures")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict, help_text="how many of what were erased")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"erased because {self.get_reason_display()}"


class Answer(models.Model):
    """An archivist's answer to "is this the same person?" of a group and a person, or of two groups.

    `moved` holds the ids of what it changed: facts that name the person, or faces that changed groups.
    """

    cluster = models.ForeignKey(FaceCluster, models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="answers")
    other = models.ForeignKey(FaceCluster, models.SET_NULL, null=True, related_name="+")
    same = models.BooleanField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)
    moved = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{'the same' if self.same else 'another'} as {self.person or self.other or 'the group'}"
