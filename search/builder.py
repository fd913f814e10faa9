"""From the grammar's rules to the nodes of query.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lark import Token, Transformer

from search import fields
from search.errors import QueryError
from search.operators import in_small_letters
from search.points import like, near
from search.query import And, Attribute, Bounds, Field, Joined, Node, Not, Or, Phrase, Relation, Word
from search.sides import check_content, check_side
from search.values import Unreadable, bounds, choice, duration, language, plain
from search.words import spans

MAX_WORDS = 64


class Builder(Transformer):
    """One for each string. None stands for what has no words left after MAX_WORDS of them; `ignored` counts
    the words beyond."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ignored = 0
        self._text = text
        self._left = MAX_WORDS

    def group(self, children: list[Node | None]) -> Node | None:
        return together(children)

    def alternatives(self, children: list[Node | None]) -> Node | None:
        return either(children)

    def excluded(self, children: list[Node | None]) -> Node | None:
        return _excluded(children[0])

    def words(self, children: list[Token]) -> Node | None:
        found = self._words(children[0])
        if not found:
            return None
        stem = children[0].rstrip("*")
        if stem != children[0] and stem.endswith(found[-1].text):
            found = (*found[:-1], replace(found[-1], prefix=True))
        return found[0] if len(found) == 1 else Phrase(found, quoted=False)

    def phrase(self, children: list[Token]) -> Node | None:
        found = self._words(children[0])
        return Phrase(found) if found else None

    def field(self, children: list[Token | Node | None]) -> Node | None:
        name, child = children
        if not isinstance(name, Token) or child is None or isinstance(child, Token):
            return None
        if isinstance(child, Not):
            return Not(self._field(name, child.child))
        return self._field(name, child)

    def attribute(self, children: list[Token]) -> Node:
        name, value = children
        try:
            return _read(str(name), plain(value), _at(name))
        except Unreadable as error:
            raise QueryError(str(error), _at(value), self._mended(name, value, error)) from None

    def joined(self, children: list[Node | Token | None]) -> Node | None:
        left, relation, right = children
        if not isinstance(relation, Token) or isinstance(left, Token) or isinstance(right, Token):
            return None
        if left is None or right is None:
            return left or right
        check_side(left, relation, self._text)
        check_side(right, relation, self._text)
        return Joined(left, Relation(str(relation)), right, position=_at(relation))

    def within(self, children: list[Node | Token | None]) -> Node | None:
        joined, token = children
        if joined is None or not isinstance(token, Token):
            return None
        timed = isinstance(joined, Joined) and joined.relation in (Relation.WITH, Relation.THEN)
        if not timed or not isinstance(joined, Joined) or joined.within is not None:
            message = "WITHIN belongs right behind A WITH B or A THEN B."
            raise QueryError(message, _at(token), in_small_letters(self._text, token))
        literal = token.removeprefix("WITHIN").strip()
        try:
            return replace(joined, within=duration(literal).point)
        except Unreadable as error:
            raise QueryError(str(error), _at(token)) from None

    def _field(self, name: Token, child: Node) -> Field:
        check_content(child, str(name))
        return Field(str(name), child, _at(name))

    def _words(self, token: Token) -> tuple[Word, ...]:
        found = [Word(token[start:end], _at(token) + start) for start, end in spans(token)]
        self.ignored += max(0, len(found) - self._left)
        found = found[: self._left]
        self._left -= len(found)
        return tuple(found)

    def _mended(self, name: Token, value: Token, error: Unreadable) -> str:
        if not error.instead:
            return ""
        start = f"{self._text[: _at(name)]}{error.name}:" if error.name else self._text[: _at(value)]
        return f"{start}{error.instead}{self._text[value.end_pos :]}"


def together(nodes: Sequence[Node | None]) -> Node | None:
    """All of these as one node. An And inside is opened, except where it narrows."""
    flat: list[Node] = []
    for node in nodes:
        if isinstance(node, And) and not narrows(node.children):
            flat += node.children
        elif node is not None:
            flat.append(node)
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else None


def narrows(nodes: Sequence[Node | None]) -> bool:
    """Whether attributes of facts stand among these and narrow what stands beside them, and only that."""
    found = [node.child if isinstance(node, Not) else node for node in nodes]
    return any(isinstance(node, Attribute) and fields.ATTRIBUTES[node.name].of_fact for node in found)


def either(nodes: list[Node | None]) -> Node | None:
    """Any of these as one node."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.children if isinstance(node, Or) else [node] if node else []
    return flat[0] if len(flat) == 1 else Or(tuple(flat)) if flat else None


def _excluded(child: Node | None) -> Node | None:
    if isinstance(child, Not):
        return child.child
    return Not(child) if child else None


def _read(name: str, raw: str, position: int) -> Node:
    if name == "near":
        return near(raw, position)
    if name in fields.PLACES_AND_LIKENESSES:
        return like(raw, position, by_sound=name == "sounds-like")
    return Attribute(name, _value(name, raw), position)


def _value(name: str, raw: str) -> str | Bounds:
    shape = fields.ATTRIBUTES[name]
    if shape.choices:
        return choice(name, raw)
    if shape.measure != "text":
        return bounds(shape.measure, raw)
    return language(raw) if name == "lang" else raw


def _at(token: Token) -> int:
    return token.start_pos or 0
