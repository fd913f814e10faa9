"""Virtual exhibitions: pages for everyone, with text and chosen moments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from dam.collections.moment_fields import MomentFields


class Exhibition(models.Model):
    """A page of text and moments. Only a published one of a library that allows public pages is open to
    everyone; what it may show is asked of dam.sharing.scopes each time."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    library = models.ForeignKey("collections.Library", models.CASCADE, related_name="exhibitions")
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    introduction = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="how often people have changed its text")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page itself, which archivists see before it is published."""
        return reverse("exhibition", args=[self.slug])


class ExhibitionSection(models.Model):
    """A part of an exhibition: a heading, plain paragraphs, and moments."""

    exhibition = models.ForeignKey(Exhibition, models.CASCADE, related_name="sections")
    position = models.IntegerField(default=0)
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    taken_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.heading or f"section {self.pk}"


class ExhibitionMoment(MomentFields):
    """An asset, or a part of it, as an exhibition shows it."""

    section = models.ForeignKey(ExhibitionSection, models.CASCADE, related_name="moments")
    caption = models.TextField(blank=True)
    alt = models.TextField(blank=True, help_text="what is to be seen or heard, for who cannot")
    revision = models.PositiveIntegerField(default=0)

    class Meta(MomentFields.Meta):
        pass

    def __str__(self) -> str:
        return self.caption[:60] or f"moment {self.pk}"
