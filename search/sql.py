"""The statements that derive the index from assets and facts. Parameters: `ids` and relevance.table()."""

# ruff: noqa: S608  (only constants of this file are put together)

MOMENT_COLUMNS = (
    'asset_id, annotation_id, kind, reason, start, "end", x, y, w, h, text, language, confidence, '
    "authority, weight"
)

# A sentence composed of other facts says nothing new: it waits until a person has accepted it.
EXPECTED_MOMENTS = """
    SELECT fact.asset_id, fact.id AS annotation_id, fact.kind, standing.reason, fact.start, fact."end",
           fact.x, fact.y, fact.w, fact.h, left(fact.text, 100000) AS text, fact.language, fact.confidence,
           author.authority,
           CASE WHEN author.authority = 2 THEN standing.person_weight ELSE standing.weight END AS weight
    FROM indexing_annotation AS fact
    JOIN unnest(%(kinds)s::text[], %(reasons)s::text[], %(weights)s::text[], %(person_weights)s::text[],
                %(floors)s::float[]) AS standing (kind, reason, weight, person_weight, floor)
         ON standing.kind = fact.kind
    CROSS JOIN LATERAL (SELECT CASE
        WHEN fact.source = 'person' OR (fact.status = 'accepted' AND fact.reviewer_id IS NOT NULL) THEN 2
        WHEN fact.source = 'file' THEN 1
        ELSE 0 END AS authority) AS author
    WHERE fact.asset_id = ANY(%(ids)s) AND fact.text <> ''
      AND (fact.status = 'accepted' OR (fact.status = 'proposed'
           AND (fact.source <> 'machine' OR (NOT coalesce((fact.details -> 'composed')::boolean, false)
                                             AND coalesce(fact.confidence, 1) >= standing.floor))))
    UNION ALL
    SELECT id, NULL, 'title', 'titled', NULL, NULL, NULL, NULL, NULL, NULL, title, '', NULL, 1, 'A'
    FROM assets_asset WHERE id = ANY(%(ids)s) AND title <> ''
    UNION ALL
    SELECT id, NULL, 'name', 'named', NULL, NULL, NULL, NULL, NULL, NULL, original_name, '', NULL, 1, 'B'
    FROM assets_asset WHERE id = ANY(%(ids)s)
"""

LOCK_ASSETS = "SELECT id FROM assets_asset WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
DELETE_MOMENTS = "DELETE FROM search_momentdocument WHERE asset_id = ANY(%(ids)s)"
INSERT_MOMENTS = f"""
    INSERT INTO search_momentdocument ({MOMENT_COLUMNS}, vector)
    SELECT {MOMENT_COLUMNS}, setweight(mediatheque_vector(text, language), weight::"char")
    FROM ({EXPECTED_MOMENTS}) AS expected
"""

PARTS = """
    SELECT asset_id, weight, mediatheque_configuration(language) AS configuration,
           mediatheque_bounded(string_agg(DISTINCT text, E'\\n'), CASE weight
               WHEN 'A' THEN 10000 WHEN 'B' THEN 25000 WHEN 'C' THEN 80000 ELSE 10000 END) AS text
    FROM search_momentdocument WHERE asset_id = ANY(%(ids)s) GROUP BY 1, 2, 3
"""
"""An asset's texts by weight and language. At most 125,000 characters for each of two configurations and
4 bytes for each in a tsvector stay below its limit of 1,048,575 bytes."""

EXPECTED_DOCUMENTS = f"""
    SELECT asset.id AS asset_id, joined.vector,
           unaccent(concat_ws(' ', nullif(asset.title, ''), asset.original_name)) AS names
    FROM assets_asset AS asset
    JOIN (SELECT asset_id, mediatheque_concatenation(
                     setweight(to_tsvector(configuration, mediatheque_plain(text)), weight::"char")
                     ORDER BY weight, configuration) AS vector
          FROM ({PARTS}) AS part GROUP BY asset_id) AS joined ON joined.asset_id = asset.id
    WHERE asset.id = ANY(%(ids)s)
"""
UPSERT_DOCUMENTS = f"""
    INSERT INTO search_assetdocument (asset_id, vector, names) {EXPECTED_DOCUMENTS}
    ON CONFLICT (asset_id) DO UPDATE SET vector = excluded.vector, names = excluded.names
"""

WORDS = """
    SELECT DISTINCT unnest(tsvector_to_array(to_tsvector('mediatheque', mediatheque_plain(text)))) AS word
    FROM {texts}
"""
WORD_SHAPE = "length(word) BETWEEN 3 AND 40 AND word !~ '[0-9]'"
INSERT_WORDS = f"""
    INSERT INTO search_word (word)
    SELECT word FROM ({WORDS.format(texts=f"({PARTS}) AS part")}) AS found
    WHERE {WORD_SHAPE} ORDER BY word
    ON CONFLICT DO NOTHING
"""
PRUNE_WORDS = f"""
    DELETE FROM search_word AS known WHERE NOT EXISTS (
        SELECT 1 FROM ({WORDS.format(texts="search_momentdocument")}) AS found
        WHERE found.word = known.word)
"""

_STORED_MOMENTS = f"SELECT {MOMENT_COLUMNS} FROM search_momentdocument WHERE asset_id = ANY(%(ids)s)"
STALE_MOMENTS = f"""
    SELECT asset_id FROM (({EXPECTED_MOMENTS}) EXCEPT ALL ({_STORED_MOMENTS})) AS missing
    UNION
    SELECT asset_id FROM (({_STORED_MOMENTS}) EXCEPT ALL ({EXPECTED_MOMENTS})) AS surplus
"""
STALE_DOCUMENTS = f"""
    SELECT asset.id FROM assets_asset AS asset
    LEFT JOIN ({EXPECTED_DOCUMENTS}) AS expected ON expected.asset_id = asset.id
    LEFT JOIN search_assetdocument AS stored ON stored.asset_id = asset.id
    WHERE asset.id = ANY(%(ids)s)
      AND (stored.vector IS DISTINCT FROM expected.vector OR stored.names IS DISTINCT FROM expected.names)
"""
