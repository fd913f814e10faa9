"""From the query's tree to conditions on the index tables."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from functools import reduce

from django.db.models import Exists, OuterRef, Q

from search.backends.tsearch import Matches, Term, all_of, any_of, in_sequence
from search.models import MomentDocument
from search.query import And, Node, Not, Or, Phrase, Query, Word

Terms = Mapping[str, Term]
SHORTEST_PART = 3
"""A trigram index serves parts of names from this many characters on."""


def searchable(query: Query, terms: Terms) -> And:
    """The tree without words that the index cannot hold (a lone emoji) and, where others are left, without
    stop words outside of phrases."""
    children = [kept for child in query.root.children if (kept := _kept(child, terms))]
    telling = [child for child in children if not _is_stop_word(child, terms)]
    return And(tuple(telling if any(not isinstance(each, Not) for each in telling) else children))


def condition(node: Node, terms: Terms) -> Q:
    """The condition on AssetDocument for a tree that `searchable` returned."""
    if _is_plain(node, terms):
        return Q(Matches("vector", tsquery(node, terms)))
    match node:
        case Not(child=child):
            return ~condition(child, terms)
        case Or(children=children):
            return reduce(operator.or_, (condition(child, terms) for child in children))
        case And(children=children):
            return _all(children, terms)
        case Phrase(words=words):
            here = MomentDocument.objects.filter(
                Matches("vector", tsquery(node, terms)), asset=OuterRef("pk")
            )
            return _all(words, terms) & Q(Exists(here))
        case Word(text=text):
            return Q(names__icontains=part_of_name(terms[text]))


def tsquery(node: Node, terms: Terms) -> str:
    """The tree as one tsquery, exact where it is asked of a single fact."""
    match node:
        case Word(text=text):
            return terms[text].tsquery
        case Phrase(words=words):
            return in_sequence(terms[word.text].tsquery for word in words)
        case Not(child=child):
            return f"!{tsquery(child, terms)}"
        case And(children=children):
            return all_of(tsquery(child, terms) for child in children)
        case Or(children=children):
            return any_of(tsquery(child, terms) for child in children)


def leaves(node: Node) -> list[Word | Phrase]:
    """The words and phrases that a moment may answer, each once, without the excluded ones."""
    distinct: dict[tuple[str, ...], Word | Phrase] = {}
    for leaf in _leaves(node):
        distinct.setdefault(tuple(word.text for word in words_of(leaf)), leaf)
    return list(distinct.values())


def words_of(leaf: Word | Phrase) -> tuple[Word, ...]:
    """The words of a leaf, in order."""
    return (leaf,) if isinstance(leaf, Word) else leaf.words


def _leaves(node: Node) -> Iterator[Word | Phrase]:
    match node:
        case Word() | Phrase():
            yield node
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _leaves(child)


def _all(nodes: tuple[Node, ...], terms: Terms) -> Q:
    """One tsquery for all that can be in one, and a condition each for the rest."""
    plain = tuple(node for node in nodes if _is_plain(node, terms))
    rest = [condition(node, terms) for node in nodes if not _is_plain(node, terms)]
    together = [Q(Matches("vector", tsquery(And(plain), terms)))] if plain else []
    return reduce(operator.and_, together + rest)


def _is_plain(node: Node, terms: Terms) -> bool:
    match node:
        case Word(text=text):
            return not part_of_name(terms[text])
        case Phrase():
            return False
        case Not(child=child):
            return _is_plain(child, terms)
        case And(children=children) | Or(children=children):
            return all(_is_plain(child, terms) for child in children)


def part_of_name(term: Term) -> str:
    """What a title or file name may hold of a word that is nowhere as a word; empty for a known word."""
    form = max(term.lexemes, key=len)
    return "" if term.assets or len(form) < SHORTEST_PART else form


def _kept(node: Node, terms: Terms) -> Node | None:
    match node:
        case Word(text=text):
            return node if terms[text].lexemes else None
        case Phrase(words=words, quoted=quoted):
            known = tuple(word for word in words if terms[word.text].lexemes)
            return Phrase(known, quoted) if known else None
        case Not(child=child):
            inner = _kept(child, terms)
            return Not(inner) if inner else None
        case And(children=children) | Or(children=children):
            left = tuple(inner for child in children if (inner := _kept(child, terms)))
            return type(node)(left) if left else None


def _is_stop_word(node: Node, terms: Terms) -> bool:
    return isinstance(node, Word) and terms[node.text].is_stop_word
