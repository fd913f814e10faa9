"""Keywords to choose from while somebody types: terms by any of their labels, and keywords in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from dam.vocabularies.hierarchy import paths
from dam.vocabularies.labels import BELOW, folded
from dam.vocabularies.scopes import vocabularies_for
from dam.vocabularies.usage import KEYWORDS, ids_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dam.assets.models import Asset
    from dam.sharing.access import AnyUser
    from dam.vocabularies.models import Vocabulary

MOST = 10
LONGEST = 100
"""Characters that are compared."""
LOOKED_AT = 500
"""Labels that begin as typed, and keywords that do, from which the first MOST are taken."""
SHORTEST_RESEMBLING = 3
SIMILARITY = 0.4
"""The share of common trigrams from which a label may be meant."""

_BEGINNING = """
    SELECT DISTINCT ON (near.length, near.term_id) near.term_id, near.text, near.kind FROM (
        SELECT label.term_id, label.text, label.kind, length(label.plain) AS length
        FROM vocabularies_label AS label JOIN vocabularies_term AS term ON term.id = label.term_id
        WHERE label.plain LIKE %s AND term.vocabulary_id IN ({vocabularies})
        ORDER BY label.plain USING ~<~ LIMIT {looked_at}) AS near
    ORDER BY near.length, near.term_id, near.kind DESC
"""
_RESEMBLING = """
    SELECT label.term_id, label.text, label.kind
    FROM vocabularies_label AS label JOIN vocabularies_term AS term ON term.id = label.term_id
    WHERE (%s <%% label.plain OR label.plain %% %s AND similarity(label.plain, %s) >= {similarity})
      AND term.vocabulary_id IN ({vocabularies})
    ORDER BY word_similarity(%s, label.plain) DESC, length(label.plain), label.term_id LIMIT {most}
"""
_IN_USE = """
    SELECT min(near.text) FROM (
        SELECT fact.text FROM indexing_annotation AS fact
        WHERE {keywords} AND upper(fact.text) LIKE upper(%s) AND fact.asset_id IN ({assets})
        LIMIT {looked_at}) AS near
    GROUP BY upper(near.text) ORDER BY count(*) DESC, upper(near.text) LIMIT %s
"""


@dataclass(frozen=True)
class Choice:
    """A keyword to take. `path` tells where a term stands, empty for a keyword that is none; `matched` is the
    label that begins as typed where it is not the one that is taken."""

    text: str
    path: str = ""
    matched: str = ""


def suggest(
    user: AnyUser,
    typed: str,
    assets: QuerySet[Asset],
    library: int | None = None,
    vocabulary: int | None = None,
) -> list[Choice]:
    """At most MOST keywords for what was typed: terms of vocabularies that the user may see, of that library
    and of all libraries where one is named, and keywords of `assets`; or, where a vocabulary is named, its
    terms alone. Never raises for any text."""
    typed = typed.replace("\x00", "")
    plain = folded(typed)[:LONGEST]
    if not plain:
        return []
    known = vocabularies_for(user)
    if vocabulary is not None:
        return _terms(known.filter(pk=vocabulary), plain)
    chosen = _terms(known if library is None else known.filter(Q(library=None) | Q(library=library)), plain)
    if len(chosen) < MOST:
        taken = {choice.text.casefold() for choice in chosen}
        used = [Choice(text) for text in _in_use(typed.strip(), assets) if text.casefold() not in taken]
        chosen += used
    return chosen[:MOST]


def _terms(known: QuerySet[Vocabulary], plain: str) -> list[Choice]:
    vocabularies, values = ids_of(known)
    filled = {"vocabularies": vocabularies, "looked_at": LOOKED_AT, "most": MOST, "similarity": SIMILARITY}
    found = _asked(_BEGINNING.format(**filled), [f"{escaped(plain)}%", *values])
    if len(found) < MOST and len(plain) >= SHORTEST_RESEMBLING:
        found += _asked(_RESEMBLING.format(**filled), [plain] * 3 + [*values, plain])
    first = dict.fromkeys(pk for pk, _, _ in found)
    labels = {pk: text for pk, text, _ in reversed(found)}
    return _choices({pk: labels[pk] for pk in list(first)[:MOST]})


def _choices(labels: dict[int, str]) -> list[Choice]:
    """The terms by their names, with the label that was found where it is another."""
    steps = paths(labels) if labels else {}
    return [
        Choice(
            steps[pk][-1], BELOW.join(steps[pk]), "" if text.casefold() == steps[pk][-1].casefold() else text
        )
        for pk, text in labels.items()
    ]


def _in_use(typed: str, assets: QuerySet[Asset]) -> list[str]:
    visible, values = ids_of(assets)
    statement = _IN_USE.format(keywords=KEYWORDS, assets=visible, looked_at=LOOKED_AT)
    return [text for (text,) in _asked(statement, [f"{escaped(typed[:LONGEST])}%", *values, MOST])]


def _asked(statement: str, values: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def escaped(typed: str) -> str:
    """What was typed, so that LIKE takes every character for itself."""
    return typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
