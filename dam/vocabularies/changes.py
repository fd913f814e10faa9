"""What people do to terms, each of it to be undone: edit, merge, move, delete, import."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dam.vocabularies import concepts, planning
from dam.vocabularies.concepts import Concept
from dam.vocabularies.labels import ALTERNATIVE, PREFERRED
from dam.vocabularies.models import Change, Term, Vocabulary

if TYPE_CHECKING:
    from dam.sharing.models import User

KEPT = 20
"""Changes of a vocabulary that can be undone."""


class ChangeError(ValueError):
    """The change cannot be made, or not be undone. The message is for a person."""


def make(
    vocabulary: Vocabulary,
    user: User | None,
    text: str,
    put: Sequence[Concept],
    removed: Collection[str] = (),
) -> Change:
    """Write concepts, remove others, and keep what was before. Raises ChangeError, having changed nothing,
    where something of it would not hold."""
    with transaction.atomic():
        lock(vocabulary)
        before = concepts.read(vocabulary, {each.uri for each in put} | set(removed))
        vocabulary.terms.filter(uri__in=list(removed)).delete()
        found = planning.plan(vocabulary, put)
        if found.problems:
            raise ChangeError(" ".join(found.problems))
        return _written(vocabulary, user, text, before, found, removed)


def take_over(
    vocabulary: Vocabulary, user: User | None, text: str, incoming: Sequence[Concept]
) -> planning.Plan:
    """Write as much of the concepts as holds; returns what became of each."""
    with transaction.atomic():
        lock(vocabulary)
        found = planning.plan(vocabulary, incoming)
        before = concepts.read(vocabulary, {each.uri for each in found.put})
        if found.put:
            _written(vocabulary, user, text, before, found, ())
    return found


def lock(vocabulary: Vocabulary) -> None:
    """Keep others from changing its terms until the transaction ends."""
    Vocabulary.objects.select_for_update().get(pk=vocabulary.pk)


def _written(
    vocabulary: Vocabulary,
    user: User | None,
    text: str,
    before: dict[str, Concept],
    found: planning.Plan,
    removed: Collection[str],
) -> Change:
    concepts.write(vocabulary, found.put)
    after = concepts.read(vocabulary, {each.uri for each in found.put})
    old = vocabulary.changes.values_list("pk", flat=True)[KEPT - 1 :]
    Change.objects.filter(pk__in=list(old)).delete()
    return vocabulary.changes.create(
        text=text[:500],
        before=[each.written() for each in before.values()],
        after=[each.written() for each in after.values()],
        removed=list(removed),
        made_by=user,
    )


def undo(change: Change, user: User) -> None:
    """Bring back what was before. Raises ChangeError where a term has been changed since."""
    before = [Concept.of(each) for each in change.before]
    after = {each["uri"]: Concept.of(each) for each in change.after}
    with transaction.atomic():
        lock(change.vocabulary)
        if concepts.read(change.vocabulary, set(after) | set(change.removed)) != after:
            raise ChangeError("Some of these terms have been changed since; undo the later change first.")
        made = set(after) - {each.uri for each in before}
        make(change.vocabulary, user, f"Undone: {change.text}", before, made)
        Change.objects.filter(pk=change.pk).update(undone_at=timezone.now())


def delete(term: Term, user: User) -> Change:
    """Delete a term; what was narrower goes to its broader terms. Keywords stay as they are."""
    own = concepts.read(term.vocabulary, [term.uri])[term.uri]
    below = _below(term)
    moved = [replace(each, broader=_without(each.broader, term.uri, own.broader)) for each in below]
    return make(term.vocabulary, user, f"Deleted {term}", moved, [term.uri])


def merge(term: Term, into: Term, user: User) -> Change:
    """Make one term of two: labels of the first become alternative labels of the other, what is narrower
    goes to the other. So its keywords are the other's. Raises ChangeError."""
    if term.pk == into.pk or term.vocabulary_id != into.vocabulary_id:
        raise ChangeError("Choose another term of the same vocabulary.")
    known = concepts.read(term.vocabulary, [term.uri, into.uri])
    gone, kept = known[term.uri], known[into.uri]
    below = {each.uri: each for each in _below(term)} | {into.uri: kept}
    put = [
        replace(
            each, broader=_without(each.broader, term.uri, gone.broader if uri == into.uri else (into.uri,))
        )
        for uri, each in below.items()
    ]
    put = [_joined(each, gone) if each.uri == into.uri else each for each in put]
    return make(term.vocabulary, user, f"Merged {term} into {into}", put, [term.uri])


def _joined(kept: Concept, gone: Concept) -> Concept:
    """The concept with the labels, related terms and matches of the one that goes."""
    taken = {(each.language, each.text) for each in kept.labels}
    others = [each for each in gone.labels if (each.language, each.text) not in taken]
    labels = [each._replace(kind=ALTERNATIVE) if each.kind == PREFERRED else each for each in others]
    matches = {
        name: sorted({*kept.matches.get(name, ()), *gone.matches.get(name, ())})
        for name in {*kept.matches, *gone.matches}
    }
    related = {*kept.related, *gone.related} - {kept.uri, gone.uri}
    return replace(
        kept, labels=tuple(sorted({*kept.labels, *labels})), matches=matches, related=tuple(sorted(related))
    )


def _below(term: Term) -> list[Concept]:
    uris = list(term.narrower.values_list("uri", flat=True))
    return list(concepts.read(term.vocabulary, uris).values()) if uris else []


def _without(broader: Collection[str], gone: str, instead: Collection[str]) -> tuple[str, ...]:
    """The addresses with others in the place of one, where it is among them."""
    if gone not in broader:
        return tuple(broader)
    return tuple(sorted({*broader, *instead} - {gone}))
