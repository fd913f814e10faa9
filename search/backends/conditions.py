"""From the query's tree to conditions on the index tables."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from django.db.models import BooleanField, Exists, ExpressionWrapper, Func, OuterRef, Q
from django.db.models.expressions import Combinable

from search.backends import joins, structured
from search.backends.structured import Scope
from search.backends.translation import (
    Terms,
    is_text,
    key,
    narrowed,
    narrowing,
    needed,
    part_of_name,
    speaks_of_facts,
    tsquery,
)
from search.backends.tsearch import Matches
from search.fields import ATTRIBUTES, FACTS
from search.models import MomentDocument
from search.query import And, Attribute, Field, Joined, Like, Near, Node, Not, Or, Phrase, Relation, Word

MOST_TOGETHER = 6
"""So many conditions are planned as joins; more of them would take the planner seconds, so that they are
looked at one after the other, for assets that have their words."""


class _Apart(Func):
    """A condition that PostgreSQL makes no join of."""

    template = "(%(expressions)s) IS TRUE"
    output_field = BooleanField()

    def __init__(self, condition: Q) -> None:
        super().__init__(ExpressionWrapper(condition, output_field=BooleanField()))


@dataclass(frozen=True)
class Conditions:
    """Conditions for trees that `searchable` returned, whose words are among the terms."""

    terms: Terms
    scope: Scope

    def on_documents(self, node: Node, beside: tuple[Node, ...] = ()) -> Q:
        """The condition on AssetDocument; `beside` are attributes that every fact asked for must have."""
        if not beside and self._is_plain(node):
            return Q(Matches("vector", tsquery(node, self.terms)))
        match node:
            case And(children=children):
                return self._all(children, beside)
            case Or(children=children):
                return reduce(operator.or_, (self.on_documents(child, beside) for child in children))
            case Not(child=child):
                return ~self.on_documents(child, beside)
            case Near() | Like():
                return self.scope.of_asset(node, "asset__")
            case Attribute(name=name) if not ATTRIBUTES[name].of_fact:
                return self.scope.of_asset(node, "asset__")
            case Word() if not beside:
                return Q(names__icontains=part_of_name(self.terms[key(node)]))
            case _:
                return self._in_one_fact(narrowed(node, beside))

    def on_moments(self, node: Node) -> Q:
        """The condition on MomentDocument that this one fact answers the whole node."""
        if is_text(node, self.terms):
            return Q(Matches("vector", tsquery(node, self.terms)))
        match node:
            case Word():
                part = part_of_name(self.terms[key(node)])
                return Q(kind__in=("title", "name"), text__icontains=part)
            case Not(child=child):
                return ~self.on_moments(child)
            case And(children=children):
                return reduce(operator.and_, (self.on_moments(child) for child in children))
            case Or(children=children):
                return reduce(operator.or_, (self.on_moments(child) for child in children))
            case Field(name=name, child=child):
                return Q(kind__in=sorted(FACTS[name])) & self.on_moments(child)
            case Joined(left=left, relation=relation, right=right, within=within):
                return joins.in_relation(self.on_moments(left), relation, self.on_moments(right), within)
            case Attribute(name=name) if ATTRIBUTES[name].of_fact:
                return structured.of_fact(node)
            case Attribute() | Near() | Like():
                return self.scope.of_asset(node, "asset__")
            case Phrase():
                raise AssertionError("A phrase is always text.")

    def shared_spans(self, node: Node) -> Combinable | None:
        """When a moment that answers the node does so beside another, None where it does all the time."""
        if isinstance(node, Joined) and node.relation is Relation.WHILE:
            return joins.shared_spans(self.on_moments(node.right))
        return None

    def _all(self, children: Sequence[Node], beside: tuple[Node, ...]) -> Q:
        """Attributes of facts narrow what stands beside them; where nothing does, a fact must have them."""
        facts, others = narrowing(children)
        if not speaks_of_facts(others):
            alone = [self._some_fact(facts, beside)] if facts else []
            return _every([*alone, *(self.on_documents(child) for child in others)])
        beside += facts
        plain = () if beside else tuple(node for node in others if self._is_plain(node))
        rest = tuple(node for node in others if node not in plain)
        words = plain + needed(And(rest), self.terms)
        together = Q(Matches("vector", tsquery(And(words), self.terms))) if words else Q()
        return together & _every([self.on_documents(child, beside) for child in rest])

    def _some_fact(self, facts: Sequence[Node], beside: tuple[Node, ...]) -> Q:
        """Excluded attributes alone are those that no fact has."""
        if any(not isinstance(fact, Not) for fact in facts):
            return self._in_one_fact(And((*facts, *beside)))
        return _every(
            [~self._in_one_fact(narrowed(fact.child, beside)) for fact in facts if isinstance(fact, Not)]
        )

    def _in_one_fact(self, node: Node) -> Q:
        """The words are asked of the asset's document first, where they are rarer than among all facts."""
        here = Q(Exists(MomentDocument.objects.filter(self.on_moments(node), asset=OuterRef("pk"))))
        words = needed(node, self.terms)
        return Q(Matches("vector", tsquery(And(words), self.terms))) & here if words else here

    def _is_plain(self, node: Node) -> bool:
        """Whether it can be asked of the asset's document in one tsquery: words, but no phrases, which would
        reach across facts there."""
        match node:
            case Not(child=child):
                return self._is_plain(child)
            case And(children=children) | Or(children=children):
                return all(self._is_plain(child) for child in children)
            case _:
                return isinstance(node, Word) and is_text(node, self.terms)


def _every(conditions: Sequence[Q]) -> Q:
    if len(conditions) > MOST_TOGETHER:
        conditions = [Q(_Apart(each)) for each in conditions]
    return reduce(operator.and_, conditions, Q())
