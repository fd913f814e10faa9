"""Concepts apart from the database: what a file holds, what is compared, and what undoing brings back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from dam.vocabularies.labels import Wording, folded, name_of
from dam.vocabularies.models import Broader, Label, Term, Vocabulary

TOGETHER = 2_000
"""Rows that are written by one statement."""


@dataclass(frozen=True)
class Concept:
    """One concept by its address (URI); `broader` and `related` are addresses of others.

    `labels`, `broader` and `related` are sorted, so that equal concepts compare equal. `notes` and `matches`
    are as Term has them.
    """

    uri: str
    labels: tuple[Wording, ...] = ()
    notation: str = ""
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    matches: Mapping[str, list[str]] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Concept:
        """The concept that `written` made."""
        rest = {name: written[name] for name in ("uri", "notation", "notes", "matches")}
        return cls(
            labels=tuple(sorted(Wording(*each) for each in written["labels"])),
            broader=tuple(sorted(set(written["broader"]))),
            related=tuple(sorted(set(written["related"]))),
            **rest,
        )

    def written(self) -> dict[str, Any]:
        """The concept as JSON can hold it."""
        return {
            "uri": self.uri,
            "labels": [list(each) for each in self.labels],
            "notation": self.notation,
            "notes": dict(self.notes),
            "matches": dict(self.matches),
            "broader": list(self.broader),
            "related": list(self.related),
        }


def read(vocabulary: Vocabulary, uris: Collection[str] | None = None) -> dict[str, Concept]:
    """The vocabulary's concepts by address, all of them or those of these addresses. Four queries."""
    terms = vocabulary.terms.all() if uris is None else vocabulary.terms.filter(uri__in=uris)
    rows = list(terms.order_by("uri"))
    labels, broader, related = _labels(terms), _broader(terms), _related(terms)
    return {
        term.uri: Concept(
            term.uri,
            tuple(sorted(labels[term.pk])),
            term.notation,
            term.notes,
            term.matches,
            tuple(sorted(broader[term.pk])),
            tuple(sorted(related[term.pk])),
        )
        for term in rows
    }


def _labels(terms: Any) -> dict[int, list[Wording]]:
    found: dict[int, list[Wording]] = defaultdict(list)
    rows = Label.objects.filter(term__in=terms.values("pk"))
    for pk, *wording in rows.values_list("term_id", "kind", "language", "text"):
        found[pk].append(Wording(*wording))
    return found


def _broader(terms: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Broader.objects.filter(narrower__in=terms.values("pk"))
    for pk, uri in rows.values_list("narrower_id", "broader__uri"):
        found[pk].append(uri)
    return found


def _related(terms: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Term.related.through.objects.filter(from_term__in=terms.values("pk"))
    for pk, uri in rows.values_list("from_term_id", "to_term__uri"):
        found[pk].append(uri)
    return found


def write(vocabulary: Vocabulary, concepts: Iterable[Concept]) -> None:
    """Make or change terms so that they are exactly these concepts. All or nothing.

    Whoever calls has made sure, as planning.plan does, that there are no circles and no strangers.
    """
    wanted = {each.uri: each for each in concepts}
    with transaction.atomic():
        _write_terms(vocabulary, wanted)
        named = {uri for each in wanted.values() for uri in (each.uri, *each.broader, *each.related)}
        ids = dict(vocabulary.terms.filter(uri__in=named).values_list("uri", "pk"))
        mine = [ids[uri] for uri in wanted]
        _replace_labels(mine, ids, wanted)
        _replace_broader(mine, ids, wanted)
        _replace_related(mine, ids, wanted)


def rename(vocabulary: Vocabulary) -> None:
    """Name all terms anew, because the vocabulary's language is another one."""
    labels = _labels(vocabulary.terms.all())
    terms = list(vocabulary.terms.all())
    for term in terms:
        term.name = name_of(labels[term.pk], vocabulary.language)
    Term.objects.bulk_update(terms, ["name"], batch_size=500)


def _write_terms(vocabulary: Vocabulary, wanted: Mapping[str, Concept]) -> None:
    known = {term.uri: term for term in vocabulary.terms.filter(uri__in=list(wanted))}
    fresh = []
    for uri, concept in wanted.items():
        term = known.get(uri) or Term(vocabulary=vocabulary, uri=uri)
        term.name = name_of(concept.labels, vocabulary.language)
        term.notation, term.notes, term.matches = concept.notation, dict(concept.notes), dict(concept.matches)
        term.revision += 1
        fresh += [] if term.pk else [term]
    Term.objects.bulk_create(fresh, batch_size=TOGETHER)
    columns = ["name", "notation", "notes", "matches", "revision"]
    Term.objects.bulk_update(known.values(), columns, batch_size=500)


def _replace_labels(mine: list[int], ids: Mapping[str, int], wanted: Mapping[str, Concept]) -> None:
    Label.objects.filter(term__in=mine).delete()
    Label.objects.bulk_create(
        (
            Label(term_id=ids[uri], plain=folded(each.text), **each._asdict())
            for uri, concept in wanted.items()
            for each in concept.labels
        ),
        batch_size=TOGETHER,
    )


def _replace_broader(mine: list[int], ids: Mapping[str, int], wanted: Mapping[str, Concept]) -> None:
    Broader.objects.filter(narrower__in=mine).delete()
    Broader.objects.bulk_create(
        (
            Broader(narrower_id=ids[uri], broader_id=ids[above])
            for uri, concept in wanted.items()
            for above in concept.broader
        ),
        batch_size=TOGETHER,
    )


def _replace_related(mine: list[int], ids: Mapping[str, int], wanted: Mapping[str, Concept]) -> None:
    pairs = Term.related.through
    pairs.objects.filter(from_term__in=mine).delete()
    pairs.objects.filter(to_term__in=mine).delete()
    both = {
        pair
        for uri, concept in wanted.items()
        for other in concept.related
        for pair in ((ids[uri], ids[other]), (ids[other], ids[uri]))
    }
    pairs.objects.bulk_create(
        (pairs(from_term_id=one, to_term_id=other) for one, other in sorted(both)), batch_size=TOGETHER
    )
