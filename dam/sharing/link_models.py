"""Links by which people without an account see some assets, and the log of their visits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class ShareLink(models.Model):
    """An address for guests. Whoever holds it sees what it names, as far as its maker may share that today.

    The address ends in a token of 256 random bits of which only the SHA-256 is kept. `second` is where a
    moment begins. `expires_at` may be empty on links that administrators made; `revoked_at` ends it at once.
    The three `shows_` fields say which facts travel with the files.
    """

    class Kind(models.TextChoices):
        ASSET = "asset", "one file"
        MOMENT = "moment", "a moment"
        COLLECTION = "collection", "a collection"
        LIST = "list", "several files"

    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="share_links")
    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="share_links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    collection = models.ForeignKey(
        "collections.Collection", models.CASCADE, null=True, related_name="share_links"
    )
    assets = models.ManyToManyField("assets.Asset", related_name="share_links")
    second = models.FloatField(null=True)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hexadecimal")
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=5000, help_text="shown to the guest")
    password = models.CharField(max_length=200, blank=True, help_text="hashed")
    expires_at = models.DateTimeField(null=True)
    max_visits = models.PositiveIntegerField(null=True, blank=True)
    visit_count = models.PositiveIntegerField(default=0)
    may_download = models.BooleanField(default=False)
    shows_transcript = models.BooleanField(default=True)
    shows_people = models.BooleanField(default=False)
    shows_places = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="collection", collection__isnull=False)
                | (~Q(kind="collection") & Q(collection__isnull=True)),
                name="a_link_to_a_collection_names_it",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page on which its maker looks after it, not the address of the guests."""
        return reverse("link", args=[self.pk])

    @property
    def has_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def last_moment(self) -> datetime | None:
        """The last second in which it works; None where it has no end."""
        return self.expires_at - timedelta(seconds=1) if self.expires_at else None

    @property
    def is_open(self) -> bool:
        """Whether it still leads anywhere."""
        return self.revoked_at is None and not self.has_expired

    @property
    def is_used_up(self) -> bool:
        """Whether no new visit may begin."""
        return self.max_visits is not None and self.visit_count >= self.max_visits

    @property
    def is_single(self) -> bool:
        """Whether it names one file, or a moment in it."""
        return self.kind in (self.Kind.ASSET, self.Kind.MOMENT)


class LinkVisit(models.Model):
    """Something a guest did. `address` is the network, not the computer: see dam.sharing.guest_address."""

    class Kind(models.TextChoices):
        OPENED = "opened", "opened the link"
        SEEN = "seen", "looked at a file"
        READ = "read", "read a transcript"
        DOWNLOADED = "downloaded", "downloaded a file"
        REFUSED = "refused", "gave a wrong password"

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="visits")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asset = models.ForeignKey("assets.Asset", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=50, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["link", "-id"], name="link_visit_newest"),
            models.Index(fields=["at"], name="link_visit_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at}"
