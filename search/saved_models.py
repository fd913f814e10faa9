"""What people keep of their searches, what is new in them, and the terms that are suggested."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.urls import reverse
from django.utils import timezone


class SavedSearch(models.Model):
    """A search under a name, its owner's, or with `library` shared with the members of that whole library.

    With `alerts_since` its owner is told of assets that answer it from then on, on the page of alerts and
    as `by_mail` and `webhook_url` say. `knows_all` is false where there were too many answers then to
    remember: only assets that were added later are told of. A deleted one waits to be taken back.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    library = models.ForeignKey("collections.Library", models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(default=timezone.now, help_text="by the owner, at what is new")
    deleted_at = models.DateTimeField(null=True)
    alerts_since = models.DateTimeField(null=True)
    knows_all = models.BooleanField(default=True)
    site = models.URLField(blank=True, help_text="where links in e-mails and webhooks lead")
    by_mail = models.BooleanField(default=False)
    mail_after = models.DateTimeField(default=timezone.now)
    mail_problem = models.TextField(blank=True)
    webhook_url = models.URLField(max_length=1000, blank=True)
    webhook_secret = models.CharField(max_length=100, blank=True)
    webhook_after = models.DateTimeField(default=timezone.now)
    webhook_failures = models.PositiveSmallIntegerField(default=0, help_text="since it last answered")
    webhook_problem = models.TextField(blank=True)
    webhook_stopped = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(alerts_since__isnull=False, deleted_at=None),
                name="saved_search_alerting",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the saved search, which can be sent to whoever may see it."""
        return reverse("saved-search", args=[self.pk])


class News(models.Model):
    """What one look found that a saved search did not answer before."""

    saved = models.ForeignKey(SavedSearch, models.CASCADE, related_name="news")
    found_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["saved", "-found_at"], name="news_newest")]
        verbose_name_plural = "news"

    def __str__(self) -> str:
        return f"news of {self.saved} at {self.found_at}"


class Match(models.Model):
    """An asset that answers a saved search. Without `news` it did so when the alerts were switched on."""

    saved = models.ForeignKey(SavedSearch, models.CASCADE, related_name="matches")
    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="+")
    news = models.ForeignKey(News, models.CASCADE, null=True, related_name="matches")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "asset"], name="told_once")]
        verbose_name_plural = "matches"

    def __str__(self) -> str:
        return f"{self.asset_id} answers {self.saved_id}"


class Change(models.Model):
    """An asset that may answer other searches than before. The database writes it with the index."""

    asset = models.OneToOneField("assets.Asset", models.CASCADE, primary_key=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["changed_at"], name="change_oldest")]

    def __str__(self) -> str:
        return f"{self.asset_id} at {self.changed_at}"


class RecentSearch(models.Model):
    """What somebody searched for lately; only they see it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recent_searches")
    text = models.CharField(max_length=500)
    searched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-searched_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="recent_once")]

    def __str__(self) -> str:
        return self.text


class Term(models.Model):
    """A short text that facts of one kind in one library have, and how many assets have it: what may be
    suggested, once it is certain that the reader may see one of them.

    `form` is the text in capitals, `plain` in small letters without accents. The kind "lang" holds
    the languages of facts.
    """

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    form = models.CharField(max_length=300)
    text = models.CharField(max_length=100)
    plain = models.CharField(max_length=300)
    assets = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "kind", "form"], name="term_once")]
        indexes = [
            GinIndex(OpClass("plain", name="gin_trgm_ops"), name="term_trigrams"),
            models.Index(OpClass("plain", name="text_pattern_ops"), name="term_prefix"),
            models.Index(fields=["library", "kind", "-assets"], name="term_commonest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
