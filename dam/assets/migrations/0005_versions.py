import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dam.assets.models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0004_embargo"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="trashed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="FileVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(help_text="bytes")),
                (
                    "original",
                    models.FileField(max_length=400, storage=dam.assets.models.originals, upload_to=""),
                ),
                ("original_name", models.CharField(max_length=1000)),
                ("media_type", models.CharField(max_length=100)),
                ("replaced_at", models.DateTimeField(auto_now_add=True)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="assets.asset",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-replaced_at", "-id"],
                "indexes": [models.Index(fields=["sha256"], name="version_sha256")],
            },
        ),
    ]
