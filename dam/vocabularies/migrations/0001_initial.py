"""Vocabularies, their terms, and the index by which keywords belong to them."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import dam.vocabularies.models

# The index has the condition KEYWORDS of dam/vocabularies/usage.py.
KEYWORDS = """
CREATE INDEX vocabularies_keyword ON indexing_annotation (upper(text) text_pattern_ops, asset_id)
    WHERE kind = 'keyword' AND status IN ('proposed', 'accepted') AND length(text) <= 300;
"""
DROP_KEYWORDS = "DROP INDEX vocabularies_keyword;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("collections", "0001_initial"),
        ("indexing", "0002_initial"),
        ("search", "0003_spans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Broader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uri", models.CharField(max_length=1000)),
                ("name", models.CharField(max_length=300)),
                ("notation", models.CharField(blank=True, max_length=100)),
                ("notes", models.JSONField(default=dict)),
                ("matches", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "broader",
                    models.ManyToManyField(
                        related_name="narrower",
                        through="vocabularies.Broader",
                        through_fields=("narrower", "broader"),
                        to="vocabularies.term",
                    ),
                ),
                ("related", models.ManyToManyField(to="vocabularies.term")),
            ],
        ),
        migrations.AddField(
            model_name="broader",
            name="broader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps_down", to="vocabularies.term"
            ),
        ),
        migrations.AddField(
            model_name="broader",
            name="narrower",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps_up", to="vocabularies.term"
            ),
        ),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("uri", models.CharField(default=dam.vocabularies.models.new_uri, max_length=1000)),
                ("language", models.CharField(default="en", help_text="BCP 47", max_length=35)),
                ("licence", models.TextField(blank=True)),
                ("is_open", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "library",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vocabularies",
                        to="collections.library",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "vocabularies",
            },
        ),
        migrations.AddField(
            model_name="term",
            name="vocabulary",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="terms",
                to="vocabularies.vocabulary",
            ),
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("file", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Reading"),
                            ("refused", "Refused"),
                            ("ready", "Ready"),
                            ("applying", "Applying"),
                            ("done", "Done"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("problem", models.TextField(blank=True)),
                ("concepts", models.JSONField(default=list)),
                ("report", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "vocabulary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="vocabularies.vocabulary",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("removed", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "vocabulary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="vocabularies.vocabulary",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("preferred", "Preferred"),
                            ("alternative", "Alternative"),
                            ("hidden", "Hidden"),
                        ],
                        max_length=11,
                    ),
                ),
                ("language", models.CharField(blank=True, help_text="BCP 47", max_length=35)),
                ("text", models.CharField(max_length=300)),
                ("plain", models.CharField(max_length=600)),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="vocabularies.term",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("plain", name="text_pattern_ops"),
                        name="label_beginning",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("plain", name="gin_trgm_ops"),
                        name="label_trigrams",
                    ),
                    models.Index(django.db.models.functions.text.Upper("text"), name="label_as_keyword"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "preferred")),
                        fields=("term", "language"),
                        name="one_preferred_label_per_language",
                    ),
                    models.UniqueConstraint(
                        fields=("term", "language", "text"), name="a_label_is_of_one_kind"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="broader",
            constraint=models.UniqueConstraint(fields=("narrower", "broader"), name="one_step_between_terms"),
        ),
        migrations.AddConstraint(
            model_name="vocabulary",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None)),
                fields=("library", "name"),
                name="one_vocabulary_of_a_name_per_place",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="term",
            index=models.Index(fields=["vocabulary", "name"], name="term_in_order"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(fields=("vocabulary", "uri"), name="one_term_of_an_address"),
        ),
        migrations.RunSQL(KEYWORDS, DROP_KEYWORDS),
    ]
