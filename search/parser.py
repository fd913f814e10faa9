"""The only place that sees the reader's string: it becomes a Query here. docs/query.md tells people how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from lark import Lark, Token, Tree
from lark.exceptions import VisitError
from lark.lexer import Lexer, LexerState

from search.builder import MAX_WORDS, Builder, narrows, together
from search.errors import QueryError
from search.lexer import scan
from search.operators import settle
from search.query import And, Node, Query

__all__ = ["MAX_CHARACTERS", "MAX_WORDS", "Clause", "QueryError", "clauses", "parse"]

MAX_CHARACTERS = 10_000


class Clause(NamedTuple):
    """One of the things asked for, side by side: its node, or None where its words were too many, and where
    it stands in the string."""

    node: Node | None
    start: int
    end: int


def parse(text: str) -> Query:
    """Read the reader's string. Words after the first MAX_WORDS are counted in `ignored`, not searched.

    Raises QueryError, and nothing else, for a string that is too long, nests too deep, has too many clauses,
    or holds a field, a value or a time join that cannot be read.
    """
    found, ignored = _read(text)
    whole = together([clause.node for clause in found])
    root = whole if isinstance(whole, And) else And((whole,) if whole else ())
    return Query(root, text, ignored)


def clauses(text: str) -> list[Clause]:
    """The string as the things that stand side by side in it, those in brackets that make no difference too.
    Raises QueryError, as `parse` does."""
    return _read(text)[0]


def _read(text: str) -> tuple[list[Clause], int]:
    if len(text) > MAX_CHARACTERS:
        message = f"A search may be {MAX_CHARACTERS:,} characters long; this one has {len(text):,}."
        raise QueryError(message, MAX_CHARACTERS)
    builder = Builder(text)
    tree = _GRAMMAR.parse(settle(text, scan(text)))  # type: ignore[arg-type]
    try:
        found = [clause for child in _trees(tree) for clause in _clauses(builder, child)]
    except VisitError as error:
        raise error.orig_exc from None
    return found, builder.ignored


def _clauses(builder: Builder, tree: Tree[Token]) -> list[Clause]:
    """A tree as one clause, or as those inside it where its brackets make no difference."""
    if tree.data != "group":
        return [Clause(builder.transform(tree), tree.meta.start_pos, tree.meta.end_pos)]
    inside = [clause for child in _trees(tree) for clause in _clauses(builder, child)]
    nodes = [clause.node for clause in inside]
    if len(inside) > 1 and not narrows(nodes):
        return inside
    return [Clause(together(nodes), tree.meta.start_pos, tree.meta.end_pos)]


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


class _Handed(Lexer):
    """A lexer whose input is the tokens themselves."""

    __future_interface__ = 2

    def __init__(self, _lexer_conf: object) -> None:
        pass

    def make_lexer_state(self, text: Sequence[Token]) -> LexerState:  # type: ignore[override]
        return LexerState(text)  # type: ignore[arg-type]

    def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:
        yield from lexer_state.text  # type: ignore[misc]


_GRAMMAR = Lark(
    Path(__file__).with_name("grammar.lark").read_text(),
    parser="lalr",
    lexer=_Handed,
    propagate_positions=True,
)
