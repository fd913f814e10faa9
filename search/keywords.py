"""Words that stand for more than themselves: synonyms and narrower terms of controlled vocabularies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dam.vocabularies import expansion
from dam.vocabularies.expansion import Meant
from dam.vocabularies.labels import folded
from search.query import And, Field, Node, Not, Or, Phrase, Query, Word
from search.results import Hit, Moment
from search.words import words

if TYPE_CHECKING:
    from dam.sharing.access import AnyUser

FIELD = "tag"
"""The field that looks at keywords."""
LONGEST_RUN = 4
"""So many words side by side may be one label."""


@dataclass(frozen=True)
class Expanded:
    """A query that asks for the keywords that its words stand for too, and, by keyword as `folded` makes it,
    why it was asked for."""

    query: Query
    reasons: Mapping[str, str] = field(default_factory=dict)

    def told(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits, their keywords with the reason why they were found."""
        return [replace(hit, moments=[self._told(each) for each in hit.moments]) for hit in hits]

    def _told(self, moment: Moment) -> Moment:
        reason = self.reasons.get(folded(moment.text)) if moment.kind == "keyword" else None
        return replace(moment, reason=f"{moment.reason}, {reason}:") if reason else moment


def expand(query: Query, user: AnyUser) -> Expanded:
    """The query with everything that its words and its `tag:` mean in the vocabularies that the user sees:
    expansion.MOST keywords at most. Two SQL queries."""
    asked = {folded(text): text for text in _texts(query.root)}
    known = expansion.meant_by(list(asked), expansion.library_ids_of(user)) if asked else {}
    if not known:
        return Expanded(query)
    bounded = _bounded(known)
    reasons = {
        folded(each.text): each.reason(asked[plain]) for plain, found in bounded.items() for each in found
    }
    root = _expanded(query.root, bounded)
    return Expanded(replace(query, root=root if isinstance(root, And) else And((root,))), reasons)


def _bounded(known: Mapping[str, list[Meant]]) -> dict[str, list[Meant]]:
    """As many of the keywords as one search may ask for, a share for each word."""
    share = max(1, expansion.MOST // len(known))
    return {plain: found[:share] for plain, found in list(known.items())[: expansion.MOST]}


def _texts(node: Node) -> Iterator[str]:
    """What may be a label: words, phrases, values of the field, and words side by side."""
    match node:
        case Word(prefix=False) | Phrase():
            yield _text([node])
        case Field(name=name, child=child) if name == FIELD:
            yield from _texts(child)
        case Not(child=child):
            yield from _texts(child)
        case And(children=children):
            for start, end in _runs(children):
                yield _text(children[start:end])
            for child in children:
                yield from _texts(child)
        case Or(children=children):
            for child in children:
                yield from _texts(child)


def _runs(children: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """Where two to LONGEST_RUN words stand side by side, the longest first."""
    for length in range(min(LONGEST_RUN, len(children)), 1, -1):
        for start in range(len(children) - length + 1):
            if all(isinstance(each, Word) and not each.prefix for each in children[start : start + length]):
                yield start, start + length


def _text(leaves: Sequence[Node]) -> str:
    parts = [leaf.words if isinstance(leaf, Phrase) else (leaf,) for leaf in leaves]
    return " ".join(word.text for part in parts for word in part if isinstance(word, Word))


def _expanded(node: Node, known: Mapping[str, list[Meant]]) -> Node:
    match node:
        case Word() | Phrase():
            return _either(node, known.get(folded(_text([node])), ()))
        case Field(name=name, child=Word() | Phrase() as child) if name == FIELD:
            return _either(node, known.get(folded(_text([child])), ()))
        case Field(name=name, child=Or(children=children)) if name == FIELD:
            return Or(tuple(_expanded(replace(node, child=child), known) for child in children))
        case Not(child=child):
            return Not(_expanded(child, known))
        case Or(children=children):
            return Or(tuple(_expanded(child, known) for child in children))
        case And(children=children):
            return _side_by_side(children, known)
    return node


def _side_by_side(children: tuple[Node, ...], known: Mapping[str, list[Meant]]) -> And:
    """An And of which the first longest run of words that is a label is asked for as that label too."""
    for start, end in _runs(children):
        if found := known.get(folded(_text(children[start:end]))):
            inner = And(tuple(_expanded(child, known) for child in children[start:end]))
            before, after = _side_by_side(children[:start], known), _side_by_side(children[end:], known)
            return And((*before.children, _either(inner, found), *after.children))
    return And(tuple(_expanded(child, known) for child in children))


def _either(node: Node, found: Sequence[Meant]) -> Node:
    """The node, or one of those keywords."""
    labels = [label for each in found if (label := _label(each.text))]
    if not labels:
        return node
    keywords = Field(FIELD, labels[0] if len(labels) == 1 else Or(tuple(labels)), implied=True)
    return Or((node, keywords))


def _label(text: str) -> Word | Phrase | None:
    parts = tuple(Word(each) for each in words(text))
    return (parts[0] if len(parts) == 1 else Phrase(parts)) if parts else None
