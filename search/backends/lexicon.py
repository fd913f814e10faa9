"""Words: what PostgreSQL makes of them, how common they are, and which known word a misspelt one is near."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from dam.sharing.access import AssetQuerySet
from search import ranking
from search.backends.tsearch import Term

SIMILARITY = 0.4
"""The share of common trigrams from which one word may be meant by another; to be measured."""
CANDIDATES = 20


_TERMS = """
    SELECT word, lexemes, is_stop_word, (SELECT count(*) FROM (
        SELECT FROM search_assetdocument AS document
        WHERE document.vector @@ term.query AND document.asset_id IN ({assets})
        LIMIT {common}) AS capped)
    FROM (SELECT word, lexemes, mediatheque_any(lexemes) AS query,
                 to_tsvector('english', word) = '' AS is_stop_word
          FROM (SELECT word, mediatheque_lexemes(word) AS lexemes
                FROM unnest(%s::text[]) AS given (word) OFFSET 0) AS read OFFSET 0) AS term
"""
"""OFFSET 0 keeps PostgreSQL from working out a word's lexemes again for every document."""

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
    """A Term for each of the words, counted over those assets alone."""
    visible, parameters = _ids(assets)
    statement = _TERMS.format(assets=visible, common=ranking.COMMON)
    rows = _fetch(statement, [*parameters, sorted(set(words))])
    return {word: Term(tuple(lexemes), stop, count) for word, lexemes, stop, count in rows}


def spellings(words: Collection[str], assets: AssetQuerySet) -> dict[str, str]:
    """For each misspelt word the nearest word that occurs in those assets, where one is near enough.

    Words that occur in other assets only are never told.
    """
    visible, parameters = _ids(assets)
    statement = _SPELLINGS.format(assets=visible, similarity=SIMILARITY, candidates=CANDIDATES)
    forms = {word.lower(): word for word in words}
    rows = _fetch(statement, [sorted(forms), *parameters])
    return {forms[given]: near for given, near in rows}


def matched(words: Collection[str], lexemes: Collection[str]) -> set[str]:
    """Those of the words that have one of the lexemes among their forms."""
    return {word for (word,) in _fetch(_MATCHED, [sorted(words), sorted(lexemes)])}


def _ids(assets: AssetQuerySet) -> tuple[str, tuple[Any, ...]]:
    """The assets' ids as a compiled subquery and its parameters."""
    try:
        statement, parameters = assets.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()
    return statement, tuple(parameters)


def _fetch(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
