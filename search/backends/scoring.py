"""Which documents are scored by their words, and how."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from django.db.models import FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from dam.sharing.access import AssetQuerySet
from search import ranking
from search.backends.tsearch import Matches, Rank, Term, all_of, any_of
from search.models import AssetDocument

SCORED = 2_000
"""So many documents are scored, the newest; and NAMED more, the newest whose title or file name holds a word
of the query."""

NAMED = 500
MOST = 0.5
"""An asset holds most of the words if its own weigh this share of all, by rarity."""

FEWEST_WORDS = 3
"""Most of two words would be one."""

LONGEST = 8
"""So many of the rarest words are asked for when assets are looked for that hold most of them."""

HOLDERS = 200


def best(documents: QuerySet[AssetDocument], terms: Sequence[Term], limit: int) -> tuple[list[int], bool]:
    """Ids of those documents, best first, and whether that is all of them.

    Of more than SCORED only the newest are scored, and the newest with a word in the name.
    """
    ids = _newest(documents, SCORED + 1)
    if len(ids) > SCORED:
        ids += _newest(documents.filter(_named(terms)), NAMED) if terms else []
    scored = AssetDocument.objects.filter(pk__in=ids).annotate(score=score(terms)).order_by("-score", "-pk")
    found = list(scored.values_list("pk", flat=True))
    most = min(limit, max(SCORED, len(found) - 1))
    return found[:most], len(found) <= most


def score(terms: Iterable[Term]) -> Combinable:
    """The sum of each word's rank in the document times its rarity: the shape of BM25 (Robertson and
    Zaragoza 2009). The rank levels off with the number of occurrences as BM25's term does with k1 = 0.65, is
    weighted by field, and divided by the logarithm of the document's length."""
    ranks: list[Combinable] = [
        Value(ranking.rarity(term.assets)) * Rank("vector", term.tsquery) for term in terms if term.assets
    ]
    return reduce(operator.add, ranks, Value(0.0, output_field=FloatField()))


@dataclass(frozen=True)
class Words:
    """The free words of a query as evidence beside likeness."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Words | None:
        """Words that are somewhere; None where there are none."""
        known = tuple(term for term in terms if term.assets)
        return cls(known) if known else None

    def holders(self, assets: AssetQuerySet) -> list[int]:
        """The newest HOLDERS of the assets that hold most of the words, though not all of two."""
        if len(self.terms) < FEWEST_WORDS:
            return []
        rarest = sorted(self.terms, key=lambda term: term.assets)[:LONGEST]
        worths = [ranking.rarity(term.assets) for term in rarest]
        tsquery = most_of([term.tsquery for term in rarest], worths, MOST * sum(worths))
        visible = assets.order_by().values("pk")
        return _newest(AssetDocument.objects.filter(Matches("vector", tsquery), asset__in=visible), HOLDERS)

    def held(self, asset_ids: Collection[int]) -> dict[int, float]:
        """What share of the words each asset holds, by rarity, and how strongly, by field: 0..1."""
        whole = sum(ranking.rarity(term.assets) for term in self.terms)
        any_word = Matches("vector", any_of(term.tsquery for term in self.terms))
        documents = AssetDocument.objects.filter(any_word, pk__in=asset_ids)
        rows = documents.annotate(score=score(self.terms)).values_list("pk", "score")
        return {pk: score / whole for pk, score in rows}


def most_of(tsqueries: Sequence[str], worths: Sequence[float], needed: float) -> str:
    """A tsquery for documents that hold words worth at least `needed`, which is more than 0 and at most the
    sum of all worths. It grows as the power set: for a few words."""
    first, rest = tsqueries[0], tsqueries[1:]
    with_first = first
    if needed > worths[0]:
        with_first = all_of([first, most_of(rest, worths[1:], needed - worths[0])])
    if sum(worths[1:]) < needed:
        return with_first
    return any_of([with_first, most_of(rest, worths[1:], needed)])


def _newest(documents: QuerySet[AssetDocument], limit: int) -> list[int]:
    return list(documents.order_by("-pk").values_list("pk", flat=True)[:limit])


def _named(terms: Sequence[Term]) -> Q:
    forms = [max(term.lexemes, key=len) for term in terms if term.lexemes]
    return reduce(operator.or_, (Q(names__icontains=form) for form in forms), Q())
