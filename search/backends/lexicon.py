"""Words: what PostgreSQL makes of them, how common they are, and which known word a misspelt one is near."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from dam.sharing.access import AssetQuerySet
from search.backends.tsearch import Term
from search.statements import fetch, ids_of

SIMILARITY = 0.4
"""The share of common trigrams from which one word may be meant by another; to be measured."""
CANDIDATES = 20


COUNTED = 1_000
"""Assets that hold a word are counted up to here. Of a word that is more common, PostgreSQL's statistics of
the index know the share."""

_FORMS = """
    WITH common AS MATERIALIZED (
        SELECT lexeme, share * greatest(pg_class.reltuples, 0) AS assets
        FROM pg_stats
        JOIN pg_class ON pg_class.oid = 'search_assetdocument'::regclass
        CROSS JOIN LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs)
            AS each (lexeme, share)
        WHERE schemaname = current_schema() AND tablename = 'search_assetdocument' AND attname = 'vector')
    SELECT word, lexemes, to_tsvector('english', word) = '',
           coalesce((SELECT max(assets)::int FROM common WHERE lexeme = ANY(lexemes)), 0)
    FROM (SELECT word, mediatheque_lexemes(word) AS lexemes
          FROM unnest(%s::text[]) AS given (word) OFFSET 0) AS read
"""
"""OFFSET 0 keeps PostgreSQL from working out a word's lexemes again for every use of them."""

_COUNT = """
    (SELECT %s, count(*) FROM (
        SELECT FROM search_assetdocument AS document
        WHERE document.vector @@ %s::tsquery AND document.asset_id IN ({assets}) LIMIT {limit}) AS capped)
"""
"""The word stands there as a literal, so that the planner knows how common it is."""

_SPELLINGS = """
    SELECT DISTINCT ON (given.word) given.word, near.word
    FROM unnest(%s::text[]) AS given (word)
    CROSS JOIN LATERAL (
        SELECT known.word, similarity(known.word, given.word) AS likeness,
               mediatheque_any(mediatheque_lexemes(known.word)) AS query
        FROM search_word AS known
        WHERE known.word %% given.word AND similarity(known.word, given.word) >= {similarity}
        ORDER BY likeness DESC, known.word LIMIT {candidates}) AS near
    WHERE EXISTS (SELECT FROM search_assetdocument AS document
                  WHERE document.vector @@ near.query
                    AND document.asset_id IN ({assets}))
    ORDER BY given.word, near.likeness DESC, near.word
"""

_MATCHED = """
    SELECT word FROM unnest(%s::text[]) AS given (word) WHERE mediatheque_lexemes(word) && %s::text[]
"""


def look_up(words: Collection[str], assets: AssetQuerySet) -> dict[str, Term]:
    """A Term for each of the words. Whether it occurs at all is asked of those assets alone; how often, of
    them up to COUNTED and else of the whole index, which no answer shows."""
    known = {
        word: (Term(tuple(lexemes), stop, 0), common)
        for word, lexemes, stop, common in fetch(_FORMS, [sorted(set(words))])
    }
    counts = _counts({word: each for word, each in known.items() if each[0].lexemes}, assets)
    return {
        word: replace(term, assets=max(counts[word], common) if counts.get(word) else 0)
        for word, (term, common) in known.items()
    }


def _counts(known: Mapping[str, tuple[Term, int]], assets: AssetQuerySet) -> dict[str, int]:
    """On how many of the assets each word is, up to COUNTED; of a common word only whether it is on any."""
    if not known:
        return {}
    visible, parameters = ids_of(assets)
    statements, values = [], list[Any]()
    for word, (term, common) in known.items():
        statements.append(_COUNT.format(assets=visible, limit=1 if common >= COUNTED else COUNTED))
        values += [word, term.tsquery, *parameters]
    return dict(fetch(" UNION ALL ".join(statements), values))


def spellings(words: Collection[str], assets: AssetQuerySet) -> dict[str, str]:
    """For each misspelt word the nearest word that occurs in those assets, where one is near enough.

    Words that occur in other assets only are never told.
    """
    visible, parameters = ids_of(assets)
    statement = _SPELLINGS.format(assets=visible, similarity=SIMILARITY, candidates=CANDIDATES)
    forms = {word.lower(): word for word in words}
    rows = fetch(statement, [sorted(forms), *parameters])
    return {forms[given]: near for given, near in rows}


def matched(words: Collection[str], lexemes: Collection[str]) -> set[str]:
    """Those of the words that have one of the lexemes among their forms."""
    return {word for (word,) in fetch(_MATCHED, [sorted(words), sorted(lexemes)])}
