"""Which OR, NOT, WITH … is an operator and which a word: told by what stands on either side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lark import Token

from search.errors import QueryError
from search.lexer import wants_value

MAX_CLAUSES = 64

_ENDS = frozenset({"QUOTED", "BARE", "VALUE", "_RPAR"})
_STARTS = frozenset({"QUOTED", "BARE", "FIELD", "ATTRIBUTE", "_MINUS", "_LPAR"})
_RELATIONS = frozenset({"WITH", "WHILE", "THEN"})
_CLAUSES = frozenset({"FIELD", "ATTRIBUTE", "RELATION", "_LPAR"})


def settle(text: str, found: Sequence[Token]) -> list[Token]:
    """The tokens with every OPERATOR made an operator of the grammar, or a word.

    Raises QueryError for a time join that lacks a side or a distance, a field that lacks its value, and more
    than MAX_CLAUSES fields, joins and groups.
    """
    negated = list(_negations(text, _unshouted(found)))
    settled = list(_Settling(text, negated).tokens())
    clauses = [token for token in settled if token.type in _CLAUSES]
    if len(clauses) > MAX_CLAUSES:
        message = f"A search may have {MAX_CLAUSES} fields, joins and groups; this one has {len(clauses):,}."
        raise QueryError(message, clauses[MAX_CLAUSES].start_pos or 0)
    return settled


def _unshouted(found: Sequence[Token]) -> Sequence[Token]:
    """All words, where everything is in capitals: GONE WITH THE WIND. OR stays what it is."""
    rest = "".join(token for token in found if token.type != "OPERATOR")
    if not rest.isupper() or any(token.type not in ("BARE", "OPERATOR") for token in found):
        return found
    return [each if each == "OR" else _as("BARE", each) for each in found]


def _negations(text: str, found: Sequence[Token]) -> Iterator[Token]:
    """NOT before an operand is a minus, before WHILE a part of the join, and else a word."""
    skip = False
    for index, token in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        if skip or not _is(token, "NOT"):
            if not skip:
                yield token
            skip = False
        elif after is not None and _is(after, "WHILE"):
            skip = True
            yield Token("RELATION", "NOT WHILE", start_pos=token.start_pos, end_pos=after.end_pos)
        elif after is not None and _is(after, "WITH", "THEN"):
            mend = f"{text[: token.start_pos]}NOT WHILE{text[after.end_pos :]}"
            raise QueryError(f"There is no NOT {after}; NOT WHILE there is.", token.start_pos or 0, mend)
        elif after is None or after.type not in _STARTS:
            yield _as("BARE", token)
        elif after.type != "_MINUS":
            yield _as("_MINUS", token)


class _Settling:
    def __init__(self, text: str, found: Sequence[Token]) -> None:
        self.text = text
        self.found = found
        self.before: Token | None = None
        self.joined = False

    def tokens(self) -> Iterator[Token]:
        for index, token in enumerate(self.found):
            after = self.found[index + 1] if index + 1 < len(self.found) else None
            settled = self._settled(token, after)
            if settled is not None:
                yield settled
                self.before = settled

    def _settled(self, token: Token, after: Token | None) -> Token | None:
        starts = after is not None and after.type in _STARTS
        ends = self.before is not None and self.before.type in _ENDS
        if token.type == "FIELD" and (not starts or after is None or after.type in ("FIELD", "ATTRIBUTE")):
            raise wants_value(str(token), token.start_pos or 0)
        if token.type == "RELATION" or _is(token, *_RELATIONS):
            return self._relation(token, ends=ends, starts=starts)
        if token.type == "WITHIN" or _is(token, "WITHIN"):
            return self._within(token, ends=ends)
        if _is(token, "OR", "AND"):
            if not (ends and starts):
                return _as("BARE", token)
            return _as("_OR", token) if _is(token, "OR") else None
        return token

    def _relation(self, token: Token, *, ends: bool, starts: bool) -> Token:
        self.joined = True
        if ends and starts:
            return _as("RELATION", token)
        side = "after" if ends else "before"
        message = f"{token} joins two things in time, and there is nothing {side} it."
        raise QueryError(message, token.start_pos or 0, in_small_letters(self.text, token))

    def _within(self, token: Token, *, ends: bool) -> Token:
        at = token.start_pos or 0
        if token.type == "WITHIN" and ends:
            return token
        if token.type == "WITHIN" or self.joined:
            message = (
                "WITHIN stands after a time join and before a time: said:engine WITH object:train WITHIN 5s"
            )
            raise QueryError(message, at, in_small_letters(self.text, token))
        return _as("BARE", token)


def in_small_letters(text: str, token: Token) -> str:
    """The text with an operator written as the words it might be."""
    return f"{text[: token.start_pos]}{token.lower()}{text[token.end_pos :]}"


def _is(token: Token, *words: str) -> bool:
    return token.type == "OPERATOR" and str(token) in words


def _as(kind: str, token: Token) -> Token:
    return Token(kind, str(token), start_pos=token.start_pos, end_pos=token.end_pos)
