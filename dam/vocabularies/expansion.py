"""From a word that somebody searches for to the keywords that it stands for: synonyms and narrower terms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from dam.sharing.access import libraries_for
from dam.vocabularies.labels import folded
from dam.vocabularies.usage import KEYWORDS

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

MOST = 50
"""Labels that one word stands for at most, nearest terms first."""
REACH = 5_000
"""So many labels below a term are looked at, nearest terms first, for those that are keywords somewhere."""

_LABELS = """
    SELECT asked.plain, found.text, found.depth FROM unnest(%(asked)s::text[]) AS asked (plain)
    CROSS JOIN LATERAL (
        WITH RECURSIVE below (id, depth) AS (
            SELECT term.id, 0 FROM vocabularies_label AS label
            JOIN vocabularies_term AS term ON term.id = label.term_id
            JOIN vocabularies_vocabulary AS vocabulary ON vocabulary.id = term.vocabulary_id
            WHERE label.plain = asked.plain AND vocabulary.deleted_at IS NULL
              AND (vocabulary.library_id IS NULL OR vocabulary.library_id = ANY(%(libraries)s))
            UNION SELECT step.narrower_id, below.depth + 1
            FROM below JOIN vocabularies_broader AS step ON step.broader_id = below.id)
        SELECT near.text, min(near.depth) AS depth FROM (
            SELECT label.text, label.plain, below.depth
            FROM below JOIN vocabularies_label AS label ON label.term_id = below.id LIMIT %(reach)s) AS near
        WHERE near.plain <> asked.plain AND EXISTS (
            SELECT FROM indexing_annotation AS fact JOIN assets_asset AS asset ON asset.id = fact.asset_id
            WHERE {keywords} AND upper(fact.text) = upper(near.text)
              AND asset.library_id = ANY(%(libraries)s))
        GROUP BY near.text ORDER BY depth, near.text LIMIT %(most)s) AS found
"""


@dataclass(frozen=True)
class Meant:
    """A keyword that a word stands for too; `depth` steps below the word's own term, 0 for a synonym."""

    text: str
    depth: int

    def reason(self, asked: str) -> str:
        """Why somebody who asked for that word is shown this keyword."""
        return f"narrower term of {asked}" if self.depth else f"another word for {asked}"


def meant_by(texts: Collection[str], library_ids: Collection[int]) -> dict[str, list[Meant]]:
    """For each text that is a label of a term, in any case and with or without accents, the labels of that
    term and of all narrower ones, as far as they are keywords in those libraries: MOST at most, nearest
    first. Keys are the texts as `folded` makes them. One query, none without texts."""
    asked = sorted({plain for text in texts if (plain := folded(text))})
    if not asked:
        return {}
    values: dict[str, Any] = {"asked": asked, "libraries": list(library_ids), "reach": REACH, "most": MOST}
    found: dict[str, list[Meant]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LABELS.format(keywords=KEYWORDS), values)
        for plain, text, depth in cursor.fetchall():
            found.setdefault(plain, []).append(Meant(text, depth))
    return found


def labels_of(text: str, library_ids: Collection[int]) -> set[str]:
    """The keywords that one text stands for besides itself."""
    return {meant.text for meant in meant_by([text], library_ids).get(folded(text), ())}


def library_ids_of(user: AnyUser) -> list[int]:
    """The libraries whose vocabularies and keywords the user's searches know."""
    return list(libraries_for(user).values_list("pk", flat=True))
