"""The text search configurations, and the functions that the index and its queries share."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION mediatheque (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION mediatheque
    ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
    WITH unaccent, simple;
CREATE TEXT SEARCH DICTIONARY mediatheque_en (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION mediatheque_en (COPY = mediatheque);
ALTER TEXT SEARCH CONFIGURATION mediatheque_en
    ALTER MAPPING FOR asciiword, word, asciihword, hword, hword_asciipart, hword_part
    WITH unaccent, mediatheque_en;
"""
DROP_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION mediatheque_en;
DROP TEXT SEARCH DICTIONARY mediatheque_en;
DROP TEXT SEARCH CONFIGURATION mediatheque;
"""

FUNCTIONS = r"""
-- The words of a text apart from each other; the class is SEPARATOR_RANGES of search/words.py.
CREATE FUNCTION mediatheque_plain(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(content, '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u200b\u200e-\u206f\u3000-\u3004\u3008-\u3020\u3030\uff00-\uff0f\ufeff]+', ' ', 'g')
$$;

-- English and unknown languages are stemmed as English, others are taken as written.
CREATE FUNCTION mediatheque_configuration(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN language = '' OR language ~* '^en(-|$)' THEN 'mediatheque_en'::regconfig ELSE 'mediatheque'::regconfig END
$$;

CREATE FUNCTION mediatheque_vector(content text, language text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector(mediatheque_configuration(language), mediatheque_plain(content))
$$;

-- What a word of a query may look like in the index, whatever the language of the text.
CREATE FUNCTION mediatheque_lexemes(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT unnest(tsvector_to_array(to_tsvector('mediatheque', mediatheque_plain(word))))
        UNION SELECT unnest(tsvector_to_array(to_tsvector('mediatheque_en', mediatheque_plain(word))))
        ORDER BY 1)
$$;

-- Any of the lexemes, as a query; empty for none.
CREATE FUNCTION mediatheque_any(lexemes text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', ' | '), '')::tsquery
    FROM unnest(lexemes) AS each (lexeme)
$$;

-- A text short enough for a tsvector: whole if it can be, else each of its words once, as many as fit.
CREATE FUNCTION mediatheque_bounded(content text, characters int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(content) <= characters THEN content ELSE (
        SELECT left(string_agg(word, ' ' ORDER BY place), characters) FROM (
            SELECT word, min(place) AS place
            FROM regexp_split_to_table(lower(mediatheque_plain(content)), ' +') WITH ORDINALITY AS each (word, place)
            GROUP BY word) AS distinct_words) END
$$;

CREATE AGGREGATE mediatheque_concatenation (tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');
"""
DROP_FUNCTIONS = """
DROP AGGREGATE mediatheque_concatenation (tsvector);
DROP FUNCTION mediatheque_bounded(text, int);
DROP FUNCTION mediatheque_any(text[]);
DROP FUNCTION mediatheque_lexemes(text);
DROP FUNCTION mediatheque_vector(text, text);
DROP FUNCTION mediatheque_configuration(text);
DROP FUNCTION mediatheque_plain(text);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("assets", "0001_initial"), ("indexing", "0001_initial")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, DROP_CONFIGURATIONS),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
    ]
