"""Runs tell how far they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indexing", "0004_evaluation")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="progress",
            field=models.FloatField(help_text="seconds of film or sound that a long run has done", null=True),
        ),
    ]
