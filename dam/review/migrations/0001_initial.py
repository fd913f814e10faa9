import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    ("proposed", "Proposed"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("superseded", "Superseded"),
    ("withheld", "Withheld"),
]


def _id() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("collections", "0001_initial"),
        ("indexing", "0006_withheld_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                _id(),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("decided", "Decided"),
                            ("corrected", "Corrected"),
                            ("renamed", "Renamed"),
                        ],
                        default="decided",
                        max_length=10,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=30)),
                ("label", models.TextField(blank=True)),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="what the facts are called since, where they were renamed"
                    ),
                ),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_batches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["user", "-id"], name="batch_latest")]},
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                _id(),
                ("before", models.CharField(blank=True, choices=STATUSES, max_length=10)),
                ("after", models.CharField(choices=STATUSES, max_length=10)),
                ("text_before", models.TextField(blank=True)),
                (
                    "annotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="indexing.annotation",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="review.batch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                _id(),
                ("analyser", models.CharField(max_length=50)),
                ("version", models.CharField(max_length=30)),
                ("model", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("threshold", models.FloatField(null=True)),
                ("withheld", models.BooleanField(default=False)),
                ("kept_at", models.DateTimeField(null=True)),
                ("measured_at", models.DateTimeField(auto_now=True)),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="collections.library",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("library", "analyser", "version", "model", "kind", "label"),
                        name="one_measure",
                    )
                ]
            },
        ),
    ]
