"""Words of which only the beginning is given: what PostgreSQL makes of them, and where they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db import connection

from dam.sharing.access import AssetQuerySet
from search import ranking
from search.backends.tsearch import Matches, Term
from search.models import AssetDocument

KNOWN_WORDS = 200
"""So many known words are looked at for each prefix, the shortest first."""

_READ = """
    SELECT prefix, beginnings, ARRAY(
        SELECT DISTINCT lexeme FROM (
            SELECT word FROM search_word AS known
            WHERE EXISTS (SELECT FROM unnest(beginnings) AS each (beginning)
                          WHERE known.word LIKE beginning || '%%')
            ORDER BY length(word), word LIMIT %s) AS begun,
        unnest(mediatheque_lexemes(word)) AS lexeme
        WHERE NOT EXISTS (SELECT FROM unnest(beginnings) AS each (beginning)
                          WHERE starts_with(lexeme, beginning)))
    FROM (SELECT prefix,
                 tsvector_to_array(to_tsvector('mediatheque', mediatheque_plain(prefix))) AS beginnings
          FROM unnest(%s::text[]) AS given (prefix) OFFSET 0) AS read
"""
"""A stem may be shorter than the prefix: "weddi" begins "wedding", which the index holds as "wed"."""

_MATCHED = """
    SELECT word FROM unnest(%s::text[]) AS given (word)
    WHERE EXISTS (SELECT FROM unnest(mediatheque_lexemes(word)) AS lexeme, unnest(%s::text[]) AS beginning
                  WHERE starts_with(lexeme, beginning))
"""


def look_up(prefixes: Collection[str], assets: AssetQuerySet) -> dict[str, Term]:
    """A Term for each of the prefixes, counted over those assets alone."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [KNOWN_WORDS, sorted(set(prefixes))])
        rows = cursor.fetchall()
    terms = {prefix: Term(tuple(stems), False, 0, tuple(begun)) for prefix, begun, stems in rows}
    return {prefix: _counted(term, assets) for prefix, term in terms.items()}


def matched(words: Collection[str], beginnings: Collection[str]) -> set[str]:
    """Those of the words that begin with one of the beginnings, in any of their forms."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED, [sorted(words), sorted(beginnings)])
        return {word for (word,) in cursor.fetchall()}


def _counted(term: Term, assets: AssetQuerySet) -> Term:
    holding = AssetDocument.objects.filter(
        Matches("vector", term.tsquery), asset__in=assets.order_by().values("pk")
    )
    return replace(term, assets=holding[: ranking.COMMON].count() if term.is_indexed else 0)
