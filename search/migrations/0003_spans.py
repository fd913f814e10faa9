"""Time as a range that an index serves, and places on Earth by their distance."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from django.db.models import Case, F, Func, Value, When

import search.models

SPAN = """
CREATE TYPE mediatheque_span AS RANGE (
    SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = mediatheque_spans);
"""
DROP_SPAN = "DROP TYPE mediatheque_span;"

SPAN_FUNCTIONS = """
-- The span with so many seconds before and after it, its ends as they are; an open end stays open.
CREATE FUNCTION mediatheque_widened(span mediatheque_span, seconds float8) RETURNS mediatheque_span
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT mediatheque_span(lower(span) - seconds, upper(span) + seconds,
        CASE WHEN lower_inc(span) THEN '[' ELSE '(' END || CASE WHEN upper_inc(span) THEN ']' ELSE ')' END)
$$;

-- What the span has in common with the others: an array of (start, end) in order, NULL for an open end.
CREATE FUNCTION mediatheque_shared_spans(others mediatheque_spans, span mediatheque_span) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(ARRAY[lower(piece), upper(piece)] ORDER BY piece)
    FROM unnest(others * mediatheque_spans(span)) AS piece
$$;
"""
DROP_SPAN_FUNCTIONS = """
DROP FUNCTION mediatheque_shared_spans(mediatheque_spans, mediatheque_span);
DROP FUNCTION mediatheque_widened(mediatheque_span, float8);
"""

POSITIONS = """
-- Degrees east and north of a fact of the kind "position", NULL where it holds no place on Earth; 0, 0 is no fix.
CREATE FUNCTION mediatheque_position(details jsonb) RETURNS point LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(details -> 'lat') = 'number' AND jsonb_typeof(details -> 'lon') = 'number'
                 AND abs((details -> 'lat')::numeric) <= 90 AND abs((details -> 'lon')::numeric) <= 180
                 AND ((details -> 'lat')::numeric <> 0 OR (details -> 'lon')::numeric <> 0)
                THEN point((details -> 'lon')::float8, (details -> 'lat')::float8) END
$$;

-- The haversine formula (R. W. Sinnott, "Virtues of the haversine", Sky and Telescope 68, 1984) on a sphere of
-- the mean radius of GRS 80, in kilometres.
CREATE FUNCTION mediatheque_kilometres(a point, b point) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * 6371.0088 * asin(least(1.0, sqrt(
        sin(radians(b[1] - a[1]) / 2) ^ 2
        + cos(radians(a[1])) * cos(radians(b[1])) * sin(radians(b[0] - a[0]) / 2) ^ 2)))
$$;

CREATE INDEX search_position ON indexing_annotation USING gist (mediatheque_position(details))
    WHERE kind = 'position';
"""
DROP_POSITIONS = """
DROP INDEX search_position;
DROP FUNCTION mediatheque_kilometres(point, point);
DROP FUNCTION mediatheque_position(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_documents"), ("indexing", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(SPAN, DROP_SPAN),
        migrations.RunSQL(SPAN_FUNCTIONS, DROP_SPAN_FUNCTIONS),
        migrations.AddField(
            model_name="momentdocument",
            name="span",
            field=models.GeneratedField(
                db_persist=True,
                expression=Func(
                    F("start"),
                    F("end"),
                    Case(When(start=F("end"), then=Value("[]")), default=Value("[)")),
                    function="mediatheque_span",
                ),
                output_field=search.models.SpanField(),
            ),
        ),
        migrations.AddIndex(
            model_name="momentdocument",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["asset", "span"], name="moment_document_spans"
            ),
        ),
        migrations.RunSQL(POSITIONS, DROP_POSITIONS),
    ]
