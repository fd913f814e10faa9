"""The index: derived from assets and facts, rebuilt at will, never the only copy of anything."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Upper

from search import saved_models  # noqa: F401  (models of this app too)


class SpanField(models.Field):  # type: ignore[type-arg]
    """A range of seconds, made by the database alone; it is compared there and never read here."""

    def db_type(self, connection: Any) -> str:
        return "mediatheque_span"


SPAN = Func(
    F("start"),
    F("end"),
    Case(When(start=F("end"), then=Value("[]")), default=Value("[)")),
    function="mediatheque_span",
)
"""[start, end); an instant is the instant itself; a fact without a time lasts as long as everything."""


class AssetDocument(models.Model):
    """Everything that is known about one asset, as one document.

    It answers "which assets hold all these words", whichever facts they come from. Weights of `vector`:
    A titles, keywords and what people said; B facts; C speech and text; D embedded metadata. `names` is
    the title and the file name, for words that are only a part of a name.
    """

    asset = models.OneToOneField("assets.Asset", models.CASCADE, primary_key=True, related_name="document")
    vector = SearchVectorField()
    names = models.TextField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="asset_document_words"),
            GinIndex(OpClass(Upper("names"), name="gin_trgm_ops"), name="asset_document_names"),
        ]

    def __str__(self) -> str:
        return f"document of {self.asset_id}"


class MomentDocument(models.Model):
    """One searchable fact at its place: what a search result shows.

    A fact without `annotation` is the asset's own title or file name. `authority` says who stands behind
    it: 2 a person, 1 the file, 0 a machine. Times are seconds, the region is in 0..1 of the frame.
    `span` is the same time as a range, for time joins.
    """

    asset = models.ForeignKey("assets.Asset", models.CASCADE, related_name="moments")
    annotation = models.ForeignKey("indexing.Annotation", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    reason = models.CharField(max_length=50)
    start = models.FloatField(null=True)
    end = models.FloatField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    w = models.FloatField(null=True)
    h = models.FloatField(null=True)
    text = models.TextField()
    language = models.CharField(max_length=16, blank=True)
    confidence = models.FloatField(null=True)
    authority = models.PositiveSmallIntegerField()
    weight = models.CharField(max_length=1)
    vector = SearchVectorField()
    span = models.GeneratedField(expression=SPAN, output_field=SpanField(), db_persist=True)

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="moment_document_words"),
            GistIndex(fields=["asset", "span"], name="moment_document_spans"),
            models.Index(
                OpClass(Upper("text"), name="text_pattern_ops"),
                "asset",
                condition=Q(kind="object"),
                name="moment_document_object",
            ),
            models.Index("language", "asset", condition=~Q(language=""), name="moment_document_language"),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.text[:60]}"


class Word(models.Model):
    """A word that occurs somewhere, lower case and without accents: what a misspelling is compared with."""

    word = models.CharField(max_length=100, primary_key=True)

    class Meta:
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="word_trigrams")]

    def __str__(self) -> str:
        return self.word
