"""Keywords that are terms: a keyword belongs to a term where its text is one of the term's labels.

Nothing is stored about it: it is asked by the labels, so it is true whatever is renamed, merged or imported.
Case makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper

from dam.vocabularies.models import Label, Term, Vocabulary
from dam.vocabularies.scopes import assets_of

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

KEYWORDS = "fact.kind = 'keyword' AND fact.status IN ('proposed', 'accepted') AND length(fact.text) <= 300"
"""Which facts are keywords: the condition of the index vocabularies_keyword, word for word."""

_COUNTS = """
    WITH RECURSIVE below (root, id) AS (
        SELECT id, id FROM unnest(%s::bigint[]) AS each (id)
        UNION SELECT below.root, step.narrower_id
        FROM below JOIN vocabularies_broader AS step ON step.broader_id = below.id),
    said AS MATERIALIZED (
        SELECT DISTINCT below.root, upper(label.text) AS form
        FROM below JOIN vocabularies_label AS label ON label.term_id = below.id)
    SELECT said.root, count(DISTINCT fact.asset_id)
    FROM said JOIN indexing_annotation AS fact ON upper(fact.text) = said.form AND {keywords}
    WHERE fact.asset_id IN ({assets}) GROUP BY said.root
"""
_OWN = """
    SELECT count(DISTINCT fact.asset_id) FROM indexing_annotation AS fact
    WHERE {keywords} AND upper(fact.text) IN (
        SELECT upper(text) FROM vocabularies_label WHERE term_id = %s) AND fact.asset_id IN ({assets})
"""


def counts(user: AnyUser, vocabulary: Vocabulary, pks: Collection[int]) -> dict[int, int]:
    """How many assets that the user may see have each of those terms or a narrower one. One query."""
    assets, values = ids_of(assets_of(user, vocabulary))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(keywords=KEYWORDS, assets=assets), [list(pks), *values])
        return dict(cursor.fetchall())


def own_count(user: AnyUser, term: Term) -> int:
    """How many assets that the user may see have the term itself."""
    assets, values = ids_of(assets_of(user, term.vocabulary))
    with connection.cursor() as cursor:
        cursor.execute(_OWN.format(keywords=KEYWORDS, assets=assets), [term.pk, *values])
        return int(cursor.fetchone()[0])


def ids_of(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """The rows' ids as a subquery and its parameters."""
    try:
        statement, parameters = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()
    return statement, tuple(parameters)


def free_keywords(texts: Iterable[str], library_id: int) -> list[str]:
    """Those of the texts that may not be keywords in the library: where one of its vocabularies is not open,
    the ones that are no label of any of its terms, in any case. Empty where all vocabularies are open."""
    here = Vocabulary.objects.filter(Q(library=None) | Q(library=library_id), deleted_at=None)
    if not here.filter(is_open=False).exists():
        return []
    wanted = {text.upper(): text for text in texts}
    labels = Label.objects.filter(term__vocabulary__in=here).annotate(form=Upper("text"))
    known = {form.upper() for form in labels.filter(form__in=list(wanted)).values_list("form", flat=True)}
    return [text for form, text in wanted.items() if form not in known]
