"""What may stand inside a field and on either side of a time join."""

from __future__ import annotations

from lark import Token

from search import fields
from search.errors import QueryError
from search.query import And, Attribute, Field, Joined, Like, Near, Node, Not, Or, Phrase, Word


def check_content(node: Node, name: str) -> None:
    """Raises QueryError where a field holds anything but words, phrases, and Not, And and Or of those."""
    match node:
        case Not(child=child):
            check_content(child, name)
        case And(children=children) | Or(children=children):
            for child in children:
                check_content(child, name)
        case Field() | Attribute() | Near() | Like() | Joined():
            message = f"“{name}:” takes words, and {called(node)} stands inside it; put it beside it."
            raise QueryError(message, node.position)


def check_side(node: Node, relation: Token, text: str) -> None:
    """Raises QueryError where a side of a time join is not one fact's, or says only what is absent."""
    _check_timed(node)
    if not _is_there(node):
        message = f"{relation} joins what is there; A NOT WHILE B finds A where there is no B."
        raise QueryError(message, _first(node), _negated(relation, text))


def _negated(relation: Token, text: str) -> str:
    """A WHILE -B as A NOT WHILE B, where that is how it was written."""
    after = text[relation.end_pos :].lstrip()
    if relation != "WHILE" or not after.startswith("-"):
        return ""
    return f"{text[: relation.start_pos]}NOT WHILE {after[1:]}"


def called(node: Node) -> str:
    """How a message speaks of a node that has a name."""
    match node:
        case Field(name=name) | Attribute(name=name):
            return f"“{name}:”"
        case Near():
            return "“near:”"
        case Like(by_sound=by_sound):
            return "“sounds-like:”" if by_sound else "“like:”"
    return "a time join"


def _check_timed(node: Node) -> None:
    match node:
        case Not(child=child):
            _check_timed(child)
        case And(children=children) | Or(children=children):
            for child in children:
                _check_timed(child)
        case Joined():
            raise QueryError("A time join has two sides; a third needs a join of its own.", node.position)
        case Near() | Like():
            _refuse_whole(node)
        case Attribute(name=name) if not fields.ATTRIBUTES[name].of_fact:
            _refuse_whole(node)


def _refuse_whole(node: Attribute | Near | Like) -> None:
    message = (
        f"{called(node)} is about the whole asset and has no time of its own; put it beside the join, "
        "and brackets around the join: (A WITH B)"
    )
    raise QueryError(message, node.position)


def _is_there(node: Node) -> bool:
    match node:
        case Not():
            return False
        case And(children=children):
            return any(_is_there(child) for child in children)
        case Or(children=children):
            return all(_is_there(child) for child in children)
        case _:
            return True


def _first(node: Node) -> int:
    match node:
        case Not(child=child):
            return _first(child)
        case And(children=children) | Or(children=children):
            return _first(children[0])
        case Phrase(words=words):
            return words[0].position
        case Word() | Field() | Attribute() | Near() | Like() | Joined():
            return node.position
