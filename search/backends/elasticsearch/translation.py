"""From the query's tree to clauses on an asset's document, and on one of its moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search import ranking
from search.backends.elasticsearch import attributes
from search.backends.elasticsearch.mapping import PLAIN, WEIGHTS
from search.backends.translation import (
    Terms,
    key,
    leaves,
    narrowed,
    narrowing,
    part_of_name,
    speaks_of_facts,
    words_of,
)
from search.backends.tsearch import Term
from search.fields import FACTS
from search.query import And, Attribute, Field, Joined, Like, Near, Node, Not, Or, Phrase, Word

Body = dict[str, Any]
ROOT = [f"{weight}.*^{worth}" for weight, worth in WEIGHTS.items()]
MOMENT = ["moments.text.*"]
MATCH_NOTHING: Body = {"match_none": {}}
EXPANSIONS = 1_000
"""So many words may stand for the last one of a phrase of which only the beginning is given."""

Named = Callable[[Node], Sequence[int]]
"""The assets that answer a node which is PostgreSQL's."""


def is_postgresqls(node: Node) -> bool:
    """Whether the index cannot answer it by itself: nested documents cannot be joined with each other, and
    it knows no collections, no places, no likeness, no state of the work."""
    match node:
        case Joined() | Near() | Like():
            return True
        case Attribute(name=name):
            return name not in attributes.IN_THE_INDEX and not speaks_of_one_fact(node)
        case _:
            return False


def speaks_of_one_fact(node: Node) -> bool:
    """Whether it is an attribute of facts, or Not, And and Or of such."""
    return not narrowing((node,))[1]


def holds_words(node: Node) -> bool:
    """Whether the cluster has anything to find and to rank by: words, or what facts are like."""
    match node:
        case Not(child=child):
            return holds_words(child)
        case And(children=children) | Or(children=children):
            return any(holds_words(child) for child in children)
        case Attribute():
            return speaks_of_one_fact(node)
        case _:
            return isinstance(node, Word | Phrase | Field)


@dataclass(frozen=True)
class Clauses:
    """Clauses for trees that `searchable` returned, whose words are among the terms."""

    terms: Terms
    named: Named

    def on_documents(self, node: Node, beside: tuple[Node, ...] = ()) -> Body:
        """The condition on an asset's document, and its score; `beside` are attributes that every fact asked
        for must have."""
        if is_postgresqls(node):
            return unscored({"terms": {"asset": list(self.named(_narrowed_join(node, beside)))}})
        match node:
            case And(children=children):
                return self._all(children, beside)
            case Or(children=children):
                return any_of([self.on_documents(child, beside) for child in children])
            case Not(child=child):
                return none_of([self.on_documents(child, beside)])
            case Attribute() if not speaks_of_one_fact(node):
                return unscored(attributes.of_asset(node))
            case Word() | Phrase() if not beside:
                return self.leaf(node, ROOT, "names")
            case _:
                return self._in_one_fact(narrowed(node, beside))

    def on_moments(self, node: Node) -> Body:
        """The condition on a moment that this one fact answers the whole node.

        Raises TypeError for what is not asked of single facts here.
        """
        match node:
            case Word() | Phrase():
                return self.leaf(node, MOMENT, "moments.name")
            case Not(child=child):
                return none_of([self.on_moments(child)])
            case And(children=children):
                return all_of([self.on_moments(child) for child in children])
            case Or(children=children):
                return any_of([self.on_moments(child) for child in children])
            case Field(name=name, child=child):
                kinds: Body = {"terms": {"moments.kind": sorted(FACTS[name])}}
                return {"bool": {"filter": [kinds], "must": [self.on_moments(child)]}}
            case Attribute() if speaks_of_one_fact(node):
                return unscored(attributes.of_fact(node))
        raise TypeError(f"{type(node).__name__} is not asked of one fact.")

    def leaf(self, node: Word | Phrase, fields: Sequence[str], names: str) -> Body:
        """A word or phrase in those fields, or in a name of which a word that is nowhere is a part."""
        if isinstance(node, Word) and (part := part_of_name(self.terms[key(node)])):
            return _holds(names, part)
        return self.as_written(node, fields)

    def as_written(self, node: Word | Phrase, fields: Sequence[str]) -> Body:
        """A word or phrase in those fields alone."""
        if isinstance(node, Word) and node.prefix:
            return _begun(self.terms[key(node)], fields, self.rarity(node))
        kind = "phrase_prefix" if words_of(node)[-1].prefix else "phrase"
        return _match(_text(node), kind, fields, self.rarity(node))

    def rarity(self, leaf: Word | Phrase) -> float:
        """The mean over the words: the cluster adds a phrase's words up itself."""
        each = [ranking.rarity(self.terms[key(word)].assets) for word in words_of(leaf)]
        return round(sum(each) / len(each), 6)

    def worth(self, node: Node) -> float:
        """What a moment that answers the node is worth: the rarities of its words, the least where it has
        none."""
        words = [word for leaf in leaves(node) for word in words_of(leaf)]
        rarities = [ranking.rarity(self.terms[key(word)].assets) for word in words]
        return sum(rarities) or ranking.rarity(ranking.COMMON)

    def _all(self, children: Sequence[Node], beside: tuple[Node, ...]) -> Body:
        """Attributes of facts narrow what stands beside them; where nothing does, some fact has them."""
        facts, others = narrowing(children)
        if speaks_of_facts(others):
            return all_of([self.on_documents(child, beside + facts) for child in others])
        alone = [self._some_fact(facts, beside)] if facts else []
        return all_of([*alone, *(self.on_documents(child) for child in others)])

    def _some_fact(self, facts: Sequence[Node], beside: tuple[Node, ...]) -> Body:
        """Excluded attributes alone are those that no fact has."""
        if any(not isinstance(fact, Not) for fact in facts):
            return self._in_one_fact(And((*facts, *beside)))
        children = [fact.child for fact in facts if isinstance(fact, Not)]
        return none_of([self._in_one_fact(narrowed(child, beside)) for child in children])

    def _in_one_fact(self, node: Node) -> Body:
        return {"nested": {"path": "moments", "query": self.on_moments(node), "score_mode": "max"}}


def all_of(clauses: Sequence[Body]) -> Body:
    """Every clause must hold; their scores are added up."""
    return {"bool": {"must": list(clauses)}}


def any_of(clauses: Sequence[Mapping[str, Any]]) -> Body:
    """One of the clauses must hold; nothing does where there is none."""
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}} if clauses else MATCH_NOTHING


def none_of(clauses: Sequence[Body]) -> Body:
    """No clause may hold."""
    return {"bool": {"must_not": list(clauses)}}


def unscored(clause: Body) -> Body:
    """The clause as a mere condition."""
    return {"constant_score": {"filter": clause, "boost": 0}}


def _narrowed_join(node: Node, beside: tuple[Node, ...]) -> Node:
    """A join with what stands beside it on both sides; anything else is of assets, and stays as it is."""
    return narrowed(node, beside) if isinstance(node, Joined) else node


def _begun(term: Term, fields: Sequence[str], boost: float) -> Body:
    """Words that begin so, as they are written in the index, and stems of known words that do."""
    each = [
        {"multi_match": {**_words(beginning, "bool_prefix", fields, boost), "analyzer": PLAIN}}
        for beginning in term.beginnings
    ]
    return any_of([*each, *(_match(lexeme, "phrase", fields, boost) for lexeme in term.lexemes)])


def _match(text: str, kind: str, fields: Sequence[str], boost: float) -> Body:
    """The words one after the other in a text of any language: each field analyses them its own way."""
    body = _words(text, kind, fields, boost)
    return {"multi_match": body | ({"max_expansions": EXPANSIONS} if kind == "phrase_prefix" else {})}


def _words(text: str, kind: str, fields: Sequence[str], boost: float) -> Body:
    return {"query": text, "type": kind, "fields": list(fields), "boost": boost}


def _holds(field: str, part: str) -> Body:
    escaped = part.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")
    return {"wildcard": {field: {"value": f"*{escaped}*", "case_insensitive": True}}}


def _text(leaf: Word | Phrase) -> str:
    return " ".join(word.text for word in words_of(leaf))
