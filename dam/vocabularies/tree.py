"""Terms as rows of a page: in their tree, or as what a search within the vocabulary finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from dam.vocabularies import hierarchy, usage
from dam.vocabularies.labels import BELOW, folded
from dam.vocabularies.models import Broader, Label, Term, Vocabulary

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

A_PAGE = 100
MOST_BELOW = 500
"""Narrower terms that open below a term."""


@dataclass(frozen=True)
class Row:
    """A term with the number of assets that have it or a narrower one; `path` where it is told."""

    term: Term
    assets: int
    has_narrower: bool = False
    path: str = ""

    @property
    def search(self) -> str:
        """The search that finds those assets."""
        return tagged(self.term)


def tagged(term: Term) -> str:
    """The search for whatever has the term or a narrower one."""
    return f'tag:"{term.name.replace(chr(34), " ")}"'


def tops(vocabulary: Vocabulary) -> QuerySet[Term]:
    """The terms with nothing broader, by name."""
    above = Broader.objects.filter(narrower=OuterRef("pk"))
    return _with_below(vocabulary.terms.filter(~Exists(above)))


def below(term: Term) -> QuerySet[Term]:
    """The terms just narrower than one, by name."""
    return _with_below(Term.objects.filter(steps_up__broader=term))


def _with_below(terms: QuerySet[Term]) -> QuerySet[Term]:
    narrower = Broader.objects.filter(broader=OuterRef("pk"))
    return terms.annotate(has_narrower=Exists(narrower)).order_by("name", "pk")


def matching(vocabulary: Vocabulary, typed: str) -> QuerySet[Term]:
    """The terms of which a label holds what was typed, by name."""
    labels = Label.objects.filter(term=OuterRef("pk"), plain__contains=folded(typed.replace("\x00", "")))
    return _with_below(vocabulary.terms.filter(Exists(labels)))


def rows(user: AnyUser, vocabulary: Vocabulary, terms: Sequence[Term], *, paths: bool = False) -> list[Row]:
    """The terms, annotated with `has_narrower`, as rows. Two queries, three with paths."""
    ids = [term.pk for term in terms]
    counts = usage.counts(user, vocabulary, ids) if ids else {}
    ways = hierarchy.paths(ids) if paths and ids else {}
    return [
        Row(
            term,
            counts.get(term.pk, 0),
            term.has_narrower,  # type: ignore[attr-defined]
            BELOW.join(ways.get(term.pk, [])[:-1]),
        )
        for term in terms
    ]
