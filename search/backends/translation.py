"""What the index can be asked of a query: its words, looked up, and what a single fact has to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dam.sharing.access import AssetQuerySet
from search.backends import lexicon, prefixes
from search.backends.tsearch import Term, all_of, any_of, in_sequence
from search.fields import ATTRIBUTES
from search.query import And, Attribute, Field, Joined, Node, Not, Or, Phrase, Query, Relation, Word

Terms = Mapping[str, Term]
"""What is known of each word, by its `key`."""
SHORTEST_PART = 3
"""A trigram index serves parts of names from this many characters on."""


def key(word: Word) -> str:
    """The name of a word among the terms: no word holds an asterisk."""
    return f"{word.text}*" if word.prefix else word.text


def look_up(words: Iterable[Word], assets: AssetQuerySet) -> dict[str, Term]:
    """A Term for each of the words by its key, counted over those assets alone."""
    words = set(words)
    whole = {word.text for word in words if not word.prefix}
    begun = {word.text for word in words if word.prefix}
    terms = lexicon.look_up(whole, assets) if whole else {}
    found = prefixes.look_up(begun, assets) if begun else {}
    return terms | {f"{prefix}*": term for prefix, term in found.items()}


def searchable(query: Query, terms: Terms) -> And:
    """The tree without words that the index cannot hold (a lone emoji) and, where others are left, without
    stop words outside of phrases."""
    children = [kept for child in query.root.children if (kept := _kept(child, terms))]
    return And(tuple(_telling(children, terms)))


def _telling(children: Sequence[Node], terms: Terms) -> Sequence[Node]:
    telling = [child for child in children if not _is_stop_word(child, terms)]
    return telling if any(not isinstance(each, Not) for each in telling) else children


def tsquery(node: Node, terms: Terms) -> str:
    """A tree of words and phrases as one tsquery, exact where it is asked of a single fact.

    Raises TypeError for any other node.
    """
    match node:
        case Word():
            return terms[key(node)].tsquery
        case Phrase(words=words):
            return in_sequence(terms[key(word)].tsquery for word in words)
        case Not(child=child):
            return f"!{tsquery(child, terms)}"
        case And(children=children):
            return all_of(tsquery(child, terms) for child in children)
        case Or(children=children):
            return any_of(tsquery(child, terms) for child in children)
        case _:
            raise TypeError(f"{type(node).__name__} holds more than words.")


def is_text(node: Node, terms: Terms) -> bool:
    """Whether the node can be one tsquery: words, phrases, and Not, And and Or of them."""
    match node:
        case Word():
            return not part_of_name(terms[key(node)])
        case Phrase():
            return True
        case Not(child=child):
            return is_text(child, terms)
        case And(children=children) | Or(children=children):
            return all(is_text(child, terms) for child in children)
        case _:
            return False


def leaves(node: Node, *, implied: bool = True) -> list[Word | Phrase]:
    """The words and phrases that a moment may answer, each once, without the excluded ones, and, where asked
    for so, without those that words only stand for."""
    distinct: dict[tuple[str, ...], Word | Phrase] = {}
    for leaf in _leaves(node, implied):
        distinct.setdefault(tuple(key(word) for word in words_of(leaf)), leaf)
    return list(distinct.values())


def words_of(leaf: Word | Phrase) -> tuple[Word, ...]:
    """The words of a leaf, in order."""
    return (leaf,) if isinstance(leaf, Word) else leaf.words


def _leaves(node: Node, implied: bool) -> Iterator[Word | Phrase]:
    match node:
        case Word() | Phrase():
            yield node
        case And(children=children) | Or(children=children):
            for child in children:
                yield from _leaves(child, implied)
        case Field(child=child):
            if implied or not node.implied:
                yield from _leaves(child, implied)
        case Joined(left=left, right=right, relation=relation):
            yield from _leaves(left, implied)
            if relation is not Relation.NOT_WHILE:
                yield from _leaves(right, implied)


def needed(node: Node, terms: Terms) -> tuple[Word, ...]:
    """Words that every asset has of which a fact answers the node."""
    match node:
        case Word():
            return () if part_of_name(terms[key(node)]) else (node,)
        case Phrase(words=words):
            return words
        case Field(child=child):
            return needed(child, terms)
        case And(children=children):
            return tuple(word for child in children for word in needed(child, terms))
        case Joined(left=left, relation=Relation.NOT_WHILE):
            return needed(left, terms)
        case Joined(left=left, right=right):
            return needed(left, terms) + needed(right, terms)
        case _:
            return ()


def narrowing(children: Iterable[Node]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The children of an And that say what facts have to be like, and the others."""
    children = tuple(children)
    facts = tuple(child for child in children if _is_of_fact(child))
    return facts, tuple(child for child in children if child not in facts)


def _is_of_fact(node: Node) -> bool:
    match node:
        case Attribute(name=name):
            return ATTRIBUTES[name].of_fact
        case Not(child=child):
            return _is_of_fact(child)
        case And(children=children) | Or(children=children):
            return bool(children) and all(_is_of_fact(child) for child in children)
        case _:
            return False


def speaks_of_facts(nodes: Collection[Node]) -> bool:
    """Whether any of the nodes is answered by facts, so that attributes of facts narrow it."""
    return any(_speaks(node) for node in nodes)


def _speaks(node: Node) -> bool:
    match node:
        case Word() | Phrase() | Field() | Joined():
            return True
        case Not(child=child):
            return _speaks(child)
        case And(children=children) | Or(children=children):
            return speaks_of_facts(children)
        case _:
            return False


def narrowed(node: Node, beside: tuple[Node, ...]) -> Node:
    """The node with what stands beside it, to be answered by one fact; a join has it on both sides."""
    if not beside:
        return node
    if isinstance(node, Joined):
        return replace(node, left=narrowed(node.left, beside), right=narrowed(node.right, beside))
    return And((node, *beside))


def answers(node: Node, beside: tuple[Node, ...] = ()) -> Iterator[Node]:
    """What single facts answer, and so what a moment may show; nothing of what is excluded."""
    match node:
        case Word() | Phrase() | Field() | Joined():
            yield narrowed(node, beside)
        case Attribute() if _is_of_fact(node):
            yield narrowed(node, beside)
        case Or(children=children):
            for child in children:
                yield from answers(child, beside)
        case And(children=children):
            facts, others = narrowing(children)
            if speaks_of_facts(others):
                for child in others:
                    yield from answers(child, beside + facts)
            elif any(not isinstance(fact, Not) for fact in facts):
                yield And(facts + beside)


def part_of_name(term: Term) -> str:
    """What a title or file name may hold of a word that is nowhere as a word; empty for a known word."""
    form = max(term.lexemes, key=len, default="")
    return "" if term.assets or term.beginnings or len(form) < SHORTEST_PART else form


def _kept(node: Node, terms: Terms) -> Node | None:
    match node:
        case Word():
            return node if terms[key(node)].is_indexed else None
        case Phrase(words=words):
            known = tuple(word for word in words if terms[key(word)].is_indexed)
            return replace(node, words=known) if known else None
        case Not(child=child) | Field(child=child):
            inner = _kept(child, terms)
            return replace(node, child=inner) if inner else None
        case And(children=children) | Or(children=children):
            left = tuple(inner for child in children if (inner := _kept(child, terms)))
            return replace(node, children=left) if left else None
        case Joined(left=before, right=after):
            first, second = _kept(before, terms), _kept(after, terms)
            return replace(node, left=first, right=second) if first and second else None
        case _:
            return node


def _is_stop_word(node: Node, terms: Terms) -> bool:
    return isinstance(node, Word) and terms[key(node)].is_stop_word
