"""Terms that are accepted before a download, who accepted them, and what was taken."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Terms(models.Model):
    """One version of the terms of a library, or of a collection of it and those below. It is never changed.

    An empty text says that from then on there are none.
    """

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="terms")
    collection = models.ForeignKey(
        "collections.Collection", models.CASCADE, null=True, blank=True, related_name="terms"
    )
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "collection", "version"],
                nulls_distinct=False,
                name="one_text_of_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"terms {self.version} of {self.collection_id or self.library_id}"


class Acceptance(models.Model):
    """A person's agreement to one version of terms. The address stays when the account goes."""

    terms = models.ForeignKey(Terms, models.CASCADE, related_name="acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    email = models.EmailField()
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "user"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.email} accepted {self.terms_id}"


class Download(models.Model):
    """One file that somebody took along: of which asset, in which rendition, with or without the mark."""

    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    email = models.EmailField(blank=True)
    rendition = models.CharField(max_length=30)
    marked = models.BooleanField(default=False)
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-taken_at", "-id"]
        indexes = [models.Index(fields=["asset", "-taken_at"], name="download_of_asset")]

    def __str__(self) -> str:
        return f"{self.rendition} of {self.asset_id} by {self.email}"
