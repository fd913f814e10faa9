"""Controlled vocabularies of terms, as SKOS has them (https://www.w3.org/TR/skos-reference/)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models.functions import Upper
from django.urls import reverse

LONGEST_LABEL = 300
"""Characters of a label."""


def new_uri() -> str:
    """An address of its own for what nobody has named yet."""
    return uuid.uuid4().urn


class CircleError(ValueError):
    """A broader term that is narrower at the same time. The message names the circle."""


class Vocabulary(models.Model):
    """A concept scheme: the terms of one library, or, without a library, of all of them.

    Where it is not open, only its terms are meant to be keywords.
    """

    library = models.ForeignKey(
        "collections.Library", models.CASCADE, null=True, blank=True, related_name="vocabularies"
    )
    name = models.CharField(max_length=200)
    uri = models.CharField(max_length=1000, default=new_uri)
    language = models.CharField(max_length=35, default="en", help_text="BCP 47")
    licence = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "vocabularies"
        constraints = [
            models.UniqueConstraint(
                fields=["library", "name"],
                condition=models.Q(deleted_at=None),
                nulls_distinct=False,
                name="one_vocabulary_of_a_name_per_place",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the vocabulary."""
        return reverse("vocabulary", args=[self.pk])


class Term(models.Model):
    """A concept. `name` is the preferred label in the vocabulary's language, else in English, else any.

    `notes` holds the documentation properties of SKOS: {"scopeNote": {"en": "..."}}; `matches` the mapping
    properties: {"exactMatch": ["http://..."]}. `revision` counts its changes.
    """

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="terms")
    uri = models.CharField(max_length=1000)
    name = models.CharField(max_length=LONGEST_LABEL)
    notation = models.CharField(max_length=100, blank=True)
    notes = models.JSONField(default=dict)
    matches = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    broader: models.ManyToManyField = models.ManyToManyField(
        "self",
        through="Broader",
        through_fields=("narrower", "broader"),
        symmetrical=False,
        related_name="narrower",
    )
    related = models.ManyToManyField("self")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vocabulary", "uri"], name="one_term_of_an_address")]
        indexes = [models.Index(fields=["vocabulary", "name"], name="term_in_order")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the term."""
        return reverse("term", args=[self.pk])


class Label(models.Model):
    """What a term is called. `plain` is the text as labels.folded makes it, for comparing."""

    class Kind(models.TextChoices):
        PREFERRED = "preferred"
        ALTERNATIVE = "alternative"
        HIDDEN = "hidden"

    term = models.ForeignKey(Term, models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    text = models.CharField(max_length=LONGEST_LABEL)
    plain = models.CharField(max_length=2 * LONGEST_LABEL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term", "language"],
                condition=models.Q(kind="preferred"),
                name="one_preferred_label_per_language",
            ),
            models.UniqueConstraint(fields=["term", "language", "text"], name="a_label_is_of_one_kind"),
        ]
        indexes = [
            models.Index(OpClass("plain", name="text_pattern_ops"), name="label_beginning"),
            GinIndex(OpClass("plain", name="gin_trgm_ops"), name="label_trigrams"),
            models.Index(Upper("text"), name="label_as_keyword"),
        ]

    def __str__(self) -> str:
        return self.text


class Broader(models.Model):
    """One step up: `broader` holds more than `narrower`. There are no circles."""

    narrower = models.ForeignKey(Term, models.CASCADE, related_name="steps_up")
    broader = models.ForeignKey(Term, models.CASCADE, related_name="steps_down")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["narrower", "broader"], name="one_step_between_terms")]

    def __str__(self) -> str:
        return f"{self.broader} > {self.narrower}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the step. Raises CircleError, naming the circle, where it would close one."""
        from dam.vocabularies.hierarchy import check_step

        with transaction.atomic():
            Vocabulary.objects.select_for_update().get(pk=self.narrower.vocabulary_id)
            check_step(self.narrower, self.broader)
            super().save(*args, **kwargs)


class Import(models.Model):
    """A SKOS file on its way in: read, shown as a plan, then taken over. `concepts` are those of the file as
    concepts.Concept writes them, `report` is planning.Plan.report."""

    class State(models.TextChoices):
        READING = "reading"
        REFUSED = "refused"
        READY = "ready"
        APPLYING = "applying"
        DONE = "done"

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=300)
    file = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    problem = models.TextField(blank=True)
    concepts = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page that tells what it does, or did."""
        return reverse("vocabulary-import", args=[self.pk])


class Change(models.Model):
    """What somebody did to terms, to be undone: the concepts before and after, and the addresses removed."""

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="changes")
    text = models.CharField(max_length=500)
    before = models.JSONField()
    after = models.JSONField()
    removed = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text
