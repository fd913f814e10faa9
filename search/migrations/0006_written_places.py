"""Places that people gave coordinates are found near a point as well."""

from django.db import migrations

INDEX = """
DROP INDEX search_position;
CREATE INDEX search_position ON indexing_annotation USING gist (mediatheque_position(details)) WHERE {which};
"""
POSITIONS = "kind = 'position'"
WRITTEN_TOO = "kind IN ('position', 'place') AND details ? 'lat'"


class Migration(migrations.Migration):
    dependencies = [("search", "0005_shared_instants"), ("indexing", "0005_run_progress")]

    operations = [migrations.RunSQL(INDEX.format(which=WRITTEN_TOO), INDEX.format(which=POSITIONS))]
