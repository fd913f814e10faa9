"""An instant at which a span ends is shared beside that span: as (start, end) the span alone would lose it."""

from django.db import migrations

BODY = """
CREATE OR REPLACE FUNCTION mediatheque_shared_spans(others mediatheque_spans, span mediatheque_span)
RETURNS float8[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    {query}
$$;
"""
WITH_INSTANTS = BODY.format(
    query="""
    WITH pieces AS (SELECT piece FROM unnest(others * mediatheque_spans(span)) AS piece),
    times AS (
        SELECT piece, lower(piece) AS first, upper(piece) AS last FROM pieces
        UNION ALL
        SELECT piece, upper(piece), upper(piece) FROM pieces
        WHERE upper_inc(piece) AND lower(piece) IS DISTINCT FROM upper(piece)
    )
    SELECT array_agg(ARRAY[first, last] ORDER BY piece, first NULLS FIRST) FROM times
"""
)
WITHOUT = BODY.format(
    query="""
    SELECT array_agg(ARRAY[lower(piece), upper(piece)] ORDER BY piece)
    FROM unnest(others * mediatheque_spans(span)) AS piece
"""
)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_saved")]

    operations = [migrations.RunSQL(WITH_INSTANTS, WITHOUT)]
