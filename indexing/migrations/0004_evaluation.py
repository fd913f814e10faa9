from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indexing", "0003_embedding_of_a_fact")]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("analyser", models.CharField(max_length=50)),
                ("version", models.CharField(max_length=30)),
                ("model", models.CharField(blank=True, max_length=200)),
                ("weights_sha256", models.CharField(blank=True, max_length=64)),
                ("truth", models.CharField(help_text="what it was judged by, in words", max_length=300)),
                ("truth_sha256", models.CharField(blank=True, help_text="of the labels", max_length=64)),
                ("result", models.JSONField(help_text="see indexing.evaluation.report.result")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["analyser", "made_at"], name="evaluation_of")],
            },
        ),
    ]
