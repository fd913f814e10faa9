"""Broader and narrower: what lies above a term, the path to it, and circles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import connection

from dam.vocabularies.labels import BELOW
from dam.vocabularies.models import CircleError, Term, Vocabulary

ABOVE = """
    WITH RECURSIVE above (id, below) AS (
        SELECT %s::bigint, NULL::bigint
        UNION SELECT step.broader_id, step.narrower_id
        FROM above JOIN vocabularies_broader AS step ON step.narrower_id = above.id)
    SELECT id, below FROM above
"""
PATHS = """
    WITH RECURSIVE path (start, id, names, depth) AS (
        SELECT id, id, ARRAY[name::text], 0 FROM vocabularies_term WHERE id = ANY(%s)
        UNION ALL
        SELECT path.start, term.id, term.name::text || path.names, path.depth + 1
        FROM path
        CROSS JOIN LATERAL (SELECT broader_id FROM vocabularies_broader AS step
                            WHERE step.narrower_id = path.id ORDER BY broader_id LIMIT 1) AS up
        JOIN vocabularies_term AS term ON term.id = up.broader_id)
    SELECT DISTINCT ON (start) start, names FROM path ORDER BY start, depth DESC
"""


REACHED = """
    WITH RECURSIVE above (id) AS (
        SELECT id FROM vocabularies_term WHERE vocabulary_id = %s AND uri = ANY(%s)
        UNION SELECT step.broader_id
        FROM above JOIN vocabularies_broader AS step ON step.narrower_id = above.id)
    SELECT term.uri FROM above JOIN vocabularies_term AS term ON term.id = above.id
"""


def reached_from(vocabulary: Vocabulary, uris: Collection[str]) -> set[str]:
    """The addresses of those terms that are there, and of all terms above them."""
    with connection.cursor() as cursor:
        cursor.execute(REACHED, [vocabulary.pk, list(uris)])
        return {uri for (uri,) in cursor.fetchall()}


def check_step(narrower: Term, broader: Term) -> None:
    """Raise CircleError where `narrower` lies above `broader` already, or the two are of two vocabularies."""
    if narrower.vocabulary_id != broader.vocabulary_id:
        raise CircleError(f"“{narrower}” and “{broader}” are terms of two vocabularies.")
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [broader.pk])
        below = dict(cursor.fetchall())
    if narrower.pk in below:
        raise CircleError(circle_text(_names(_circle(narrower.pk, broader.pk, below))))


def _circle(first: int, last: int, below: Mapping[int, int]) -> list[int]:
    """The terms from `first` down to `last`, and the first one again."""
    circle = [first]
    while circle[-1] != last:
        circle.append(below[circle[-1]])
    return [*circle, first]


def _names(pks: list[int]) -> list[str]:
    known = {term.pk: term.name for term in Term.objects.filter(pk__in=pks)}
    return [known[pk] for pk in pks]


def circle_text(names: Iterable[str]) -> str:
    """What to tell a person about a circle."""
    return f"That would make a circle: {BELOW.join(names)}."


def paths(pks: Collection[int]) -> dict[int, list[str]]:
    """The names from the top down to each term, along its first broader term. One query."""
    with connection.cursor() as cursor:
        cursor.execute(PATHS, [list(pks)])
        return {start: list(names) for start, names in cursor.fetchall()}
