"""Watch lists: words, names and phrases to be found in what is said; who follows them; what was found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class WatchList(models.Model):
    """Entries that are looked for in the recordings of a library, or of one collection and those below it.

    `entries` is the plain text that people edit, see dam.watchlists.entries. Recordings that were searched
    before `changed_at` are searched again.
    """

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="watchlists")
    collection = models.ForeignKey(
        "collections.Collection", models.CASCADE, null=True, blank=True, related_name="watchlists"
    )
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=16, default="en", help_text="BCP 47")
    by_sound = models.BooleanField(default=True)
    entries = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "collection", "name"],
                nulls_distinct=False,
                name="one_watchlist_of_a_name_per_place",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the list."""
        return reverse("watchlist", args=[self.pk])


class Follow(models.Model):
    """Somebody who wants an alert for everything that is spotted from `since` on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    watchlist = models.ForeignKey(WatchList, models.CASCADE, related_name="follows")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "watchlist"], name="followed_once")]

    def __str__(self) -> str:
        return f"{self.user} follows {self.watchlist}"


class Alert(models.Model):
    """An entry that was spotted at a second of an asset. It outlives the fact, which every run writes anew;
    whoever reads it must see the asset."""

    watchlist = models.ForeignKey(WatchList, models.CASCADE, related_name="alerts")
    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="alerts")
    text = models.TextField()
    start = models.FloatField(help_text="seconds")
    spotted_at = models.DateTimeField(default=timezone.now)
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["watchlist", "-spotted_at"], name="alert_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["watchlist", "asset", "text", "start"], name="one_alert_of_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} in {self.asset}"
