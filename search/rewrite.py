"""The reader's string with one thing set, added or taken away, so that panel and text stay in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search import fields
from search.builder import together
from search.errors import QueryError
from search.parser import Clause, clauses, parse
from search.query import And, Attribute, Field, Like, Near, Node, Query
from search.unparse import quoted, written
from search.words import WORD


@dataclass(frozen=True)
class Part:
    """One of the things that a search asks for: its field ("" where it has none), its text as the reader
    wrote it, the value without the field's name, and the whole string without it."""

    name: str
    text: str
    value: str
    rest: str


def with_attribute(query: Query, name: str, value: str | None) -> str:
    """The query's text with this field set to a value, whatever it was before; None takes it away.

    `name` is any key of fields.HELP, fields of facts too; `value` is written as after the colon (video,
    >10m, 1969..1972) and needs no quotation marks. Only what stands at the top is replaced, not what is
    excluded, in brackets, or a side of OR or of a time join. Raises QueryError where the value cannot be
    read.
    """
    kept = [clause for clause in clauses(query.text) if _name(clause.node) != name]
    return _text(query, kept, [] if value is None else [setting(name, value)])


def with_added(query: Query, name: str, value: str) -> str:
    """The query's text with one more field. Raises QueryError where the value cannot be read."""
    return _text(query, clauses(query.text), [setting(name, value)])


def parts(query: Query) -> list[Part]:
    """Everything at the top that is no free word, to show and to take away one by one."""
    found = clauses(query.text)
    return [_part(query, clause, found) for clause in found if clause.node and _is_shown(clause.node)]


def setting(name: str, value: str) -> str:
    """A field and its value as they are written: `object:dog`, `collection:"Apollo 11"`."""
    value = " ".join(value.split())
    bare = WORD.fullmatch(value) if name in fields.FACTS else not any(c in '"“”„() ' for c in value)
    return f"{name}:{value if bare else quoted(value)}"


def _part(query: Query, clause: Clause, found: Sequence[Clause]) -> Part:
    text = query.text[clause.start : clause.end].strip()
    name = _name(clause.node)
    value = text.partition(":")[2].strip(' "“”„') if name else text
    return Part(name, text, value, _text(query, [each for each in found if each is not clause], []))


def _text(query: Query, kept: Sequence[Clause], added: Sequence[str]) -> str:
    """What is kept as the reader wrote it; where that would mean something else side by side (a quotation
    mark left open, a lone OR), the canonical string."""
    pieces = [query.text[clause.start : clause.end] for clause in kept if clause.node]
    nodes = [clause.node for clause in kept] + [node for each in added for node in parse(each).root.children]
    text = " ".join([*pieces, *added])
    whole = together(nodes)
    return text if _written(text) == [written(node) for node in nodes if node] else written(whole or And())


def _written(text: str) -> list[str]:
    try:
        return [written(clause.node) for clause in clauses(text) if clause.node]
    except QueryError:
        return []


def _name(node: Node | None) -> str:
    match node:
        case Field(name=name) | Attribute(name=name):
            return name
        case Near():
            return "near"
        case Like(by_sound=by_sound):
            return "sounds-like" if by_sound else "like"
    return ""


def _is_shown(node: Node) -> bool:
    return bool(Query(And((node,))).musts().children)
