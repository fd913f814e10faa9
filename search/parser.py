"""The only place that sees the reader's string: it becomes a Query here.

    dog beach            both words, anywhere in the asset's facts
    "red balloon"        these words in this order, in one fact
    -cat  -"red car"     assets without it
    dog OR cat           either; OR binds closer than a space: `beach dog OR cat` is beach and (dog or cat)

Everything else is words. The full query language grows here and in query.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.query import And, Node, Not, Or, Phrase, Query, Word
from search.words import spans

MAX_CHARACTERS = 10_000
MAX_WORDS = 64

_TOKEN = re.compile(r'(?P<minus>-?)"(?P<quoted>[^"]*)(?:"|$)|(?P<or>OR)(?=\s|$)|(?P<bare>[^\s"]+)')


class QueryError(ValueError):
    """A string that is no query. The message is for a person; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class _Either:
    """The word OR, before it is known to stand between two things."""

    position: int


def parse(text: str) -> Query:
    """Read the reader's string. Words after the first MAX_WORDS are counted in `ignored`, not searched.

    Raises QueryError for a string of more than MAX_CHARACTERS, and for nothing else.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"A search may be {MAX_CHARACTERS:,} characters long; this one has {len(text):,}."
        raise QueryError(message, MAX_CHARACTERS)
    tokens, ignored = _tokens(text)
    return Query(And(tuple(_join(tokens))), text, ignored)


def _tokens(text: str) -> tuple[list[Node | _Either], int]:
    tokens: list[Node | _Either] = []
    left, ignored = MAX_WORDS, 0
    for match in _TOKEN.finditer(text):
        if match["or"]:
            tokens += [_Either(match.start())] if left else []
            left = max(0, left - 1)
            continue
        found = _words_of(match)
        ignored += max(0, len(found) - left)
        if found := found[:left]:
            left -= len(found)
            tokens.append(_node(match, found))
    return tokens, ignored


def _words_of(match: re.Match[str]) -> list[Word]:
    group = "bare" if match["quoted"] is None else "quoted"
    offset = match.start(group)
    return [Word(match[group][start:end], offset + start) for start, end in spans(match[group])]


def _node(match: re.Match[str], found: Sequence[Word]) -> Node:
    quoted = match["quoted"] is not None
    negated = bool(match["minus"]) if quoted else match["bare"].startswith("-")
    node: Node = found[0] if len(found) == 1 and not quoted else Phrase(tuple(found), quoted)
    return Not(node) if negated else node


def _join(tokens: Sequence[Node | _Either]) -> list[Node]:
    """Nodes with every OR resolved; an OR at either end, or beside another, is the word itself."""
    joined: list[Node] = []
    alternatives = False
    for place, token in enumerate(tokens):
        if not isinstance(token, _Either):
            if alternatives:
                joined.append(_either(joined.pop(), token))
            else:
                joined.append(token)
            alternatives = False
        elif joined and not alternatives and place + 1 < len(tokens) and not _is_either(tokens[place + 1]):
            alternatives = True
        else:
            joined.append(Word("OR", token.position))
    return joined


def _is_either(token: Node | _Either) -> bool:
    return isinstance(token, _Either)


def _either(before: Node, after: Node) -> Or:
    earlier = before.children if isinstance(before, Or) else (before,)
    return Or((*earlier, after))
