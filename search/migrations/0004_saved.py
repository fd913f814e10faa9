"""Saved and recent searches, what is new in them, and the terms that are suggested."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# The index of terms has the condition SHORT of search/suggest_terms.py.
TERMS = """
CREATE INDEX search_moment_term ON search_momentdocument (kind, upper(text), asset_id)
    WHERE length(text) <= 80 AND kind NOT IN (
        'speech', 'text', 'caption', 'description', 'narration', 'translation', 'chapter', 'mention', 'name', 'title');
"""
DROP_TERMS = "DROP INDEX search_moment_term;"

# Whatever writes the index, or puts assets into a collection, leaves a note of the assets for the alerts of
# saved searches, in the same transaction. Where nobody wants alerts it writes nothing.
CHANGES = """
CREATE FUNCTION mediatheque_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM search_savedsearch WHERE alerts_since IS NOT NULL AND deleted_at IS NULL) THEN
        INSERT INTO search_change (asset_id, changed_at)
        SELECT asset_id, clock_timestamp() FROM (SELECT DISTINCT asset_id FROM changed ORDER BY 1) AS each
        ON CONFLICT (asset_id) DO UPDATE SET changed_at = excluded.changed_at;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_documents_made AFTER INSERT ON search_assetdocument
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mediatheque_note_changes();
CREATE TRIGGER search_documents_changed AFTER UPDATE ON search_assetdocument
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mediatheque_note_changes();
CREATE TRIGGER search_collected AFTER INSERT ON collections_collectionitem
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mediatheque_note_changes();
"""
DROP_CHANGES = """
DROP TRIGGER search_collected ON collections_collectionitem;
DROP TRIGGER search_documents_changed ON search_assetdocument;
DROP TRIGGER search_documents_made ON search_assetdocument;
DROP FUNCTION mediatheque_note_changes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0003_rendering"),
        ("collections", "0001_initial"),
        ("search", "0003_spans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "asset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="assets.asset",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["changed_at"], name="change_oldest")],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "looked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="by the owner, at what is new"
                    ),
                ),
                ("deleted_at", models.DateTimeField(null=True)),
                ("alerts_since", models.DateTimeField(null=True)),
                ("knows_all", models.BooleanField(default=True)),
                ("site", models.URLField(blank=True, help_text="where links in e-mails and webhooks lead")),
                ("by_mail", models.BooleanField(default=False)),
                ("mail_after", models.DateTimeField(default=django.utils.timezone.now)),
                ("mail_problem", models.TextField(blank=True)),
                ("webhook_url", models.URLField(blank=True, max_length=1000)),
                ("webhook_secret", models.CharField(blank=True, max_length=100)),
                ("webhook_after", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "webhook_failures",
                    models.PositiveSmallIntegerField(default=0, help_text="since it last answered"),
                ),
                ("webhook_problem", models.TextField(blank=True)),
                ("webhook_stopped", models.BooleanField(default=False)),
                (
                    "library",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="collections.library",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="News",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("posted_at", models.DateTimeField(null=True)),
                (
                    "saved",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news",
                        to="search.savedsearch",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "news",
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assets.asset"
                    ),
                ),
                (
                    "news",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="search.news",
                    ),
                ),
                (
                    "saved",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="search.savedsearch",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "matches",
            },
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
                ("kind", models.CharField(max_length=30)),
                ("form", models.CharField(max_length=300)),
                ("text", models.CharField(max_length=100)),
                ("plain", models.CharField(max_length=300)),
                ("assets", models.PositiveIntegerField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="collections.library",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecentSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("searched_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recent_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-searched_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "text"), name="recent_once")],
            },
        ),
        migrations.AddIndex(
            model_name="savedsearch",
            index=models.Index(
                condition=models.Q(("alerts_since__isnull", False), ("deleted_at", None)),
                fields=["id"],
                name="saved_search_alerting",
            ),
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(fields=["saved", "-found_at"], name="news_newest"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("saved", "asset"), name="told_once"),
        ),
        migrations.AddIndex(
            model_name="term",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("plain", name="gin_trgm_ops"), name="term_trigrams"
            ),
        ),
        migrations.AddIndex(
            model_name="term",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("plain", name="text_pattern_ops"), name="term_prefix"
            ),
        ),
        migrations.AddIndex(
            model_name="term",
            index=models.Index(fields=["library", "kind", "-assets"], name="term_commonest"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(fields=("library", "kind", "form"), name="term_once"),
        ),
        migrations.RunSQL(TERMS, DROP_TERMS),
        migrations.RunSQL(CHANGES, DROP_CHANGES),
    ]
