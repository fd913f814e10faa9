"""The reader's string becomes tokens: brackets are balanced, and what holds no word is left out."""

from __future__ import annotations

import re
from difflib import get_close_matches

from lark import Token

from search import fields
from search.errors import QueryError, shortened
from search.words import WORD

MAX_DEPTH = 20
OPERATORS = frozenset({"OR", "AND", "NOT", "WITH", "WHILE", "THEN", "WITHIN"})

_QUOTED = r'"[^"]*(?:"|$)|[“„][^“”]*(?:[“”]|$)'
_BARE = r'[^\s"“”„()]+(?:\([^\s"“”„()]*\)[^\s"“”„()]*)*'
_DURATION = r"[0-9][^\s()]*(?:\s+(?:ms|s|sec|seconds?|m|min|minutes?|h|hr|hours?)(?![^\s()]))?"
_TOKEN = re.compile(
    rf"(?P<QUOTED>{_QUOTED})"
    r"|(?P<_LPAR>\()|(?P<_RPAR>\))"
    r"|(?P<_MINUS>-+(?=[^\s)”-]))"
    r"|(?P<NAME>[A-Za-z][A-Za-z_-]+:)"
    rf"|(?P<WITHIN>WITHIN\s+{_DURATION})"
    rf"|(?P<BARE>{_BARE})"
    r"|(?P<SPACE>[\s”])"
)
_WORDS = re.compile(_BARE)
_VALUE = re.compile(rf'\s*({_QUOTED}|(?:(?:[<>≤≥]=?|=)\s*)?[^\s"“”„()]+)')
_GROUP = re.compile(r"\s*\(([^()\"“”„]*)\)")
_NO_FIELD = re.compile(r"[/:\s)]|$")
"""What follows the colon of words that only look like a field: http://, std::vector, "note: …"."""


def scan(text: str) -> list[Token]:
    """The tokens of grammar.lark with start_pos and end_pos in characters; words that may be operators have
    the type OPERATOR.

    Raises QueryError for what looks like a field and is none, a field without a value, and more than
    MAX_DEPTH brackets inside each other.
    """
    return _Scan(text).tokens()


def wants_value(name: str, at: int) -> QueryError:
    """The refusal of a field that nothing follows; `at` is where its name stands."""
    return QueryError(f"“{name}:” waits for what to look for, as in {fields.HELP[name].example}", at)


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Token] = []
        self.depth = 0

    def tokens(self) -> list[Token]:
        at = 0
        while at < len(self.text):
            at = self._take(at)
        while self.depth:
            self._close(len(self.text))
        return self.found

    def _take(self, at: int) -> int:
        match = _TOKEN.match(self.text, at)
        kind = match.lastgroup if match else None
        if match is None or kind is None:
            return at + 1
        if kind == "NAME":
            return self._named(match)
        if kind == "_LPAR":
            self._open(at)
        elif kind == "_RPAR":
            self._close(at)
        elif kind in ("BARE", "QUOTED"):
            self._words(kind, at, match.end())
        elif kind != "SPACE":
            self._add(kind, at, match.end())
        return match.end()

    def _words(self, kind: str, start: int, end: int) -> None:
        """A word, a phrase, or a word that may be an operator; what holds no word goes, and a minus before
        it."""
        if not WORD.search(self.text, start, end):
            self._drop(start)
        elif self.text[start:end] in OPERATORS and not self._is_bound(start):
            self._add("OPERATOR", start, end)
        else:
            self._add(kind, start, end)

    def _named(self, match: re.Match[str]) -> int:
        at, end, written = match.start(), match.end(), match[0][:-1]
        name = None if self._is_bound(at, "FIELD") else fields.canonical(written)
        if name is None:
            return self._unnamed(written, at, end)
        self._add("FIELD" if name in fields.FACTS else "ATTRIBUTE", at, end, name)
        return end if name in fields.FACTS else self._value(name, at, end)

    def _unnamed(self, written: str, at: int, end: int) -> int:
        """Words with a colon in them, or a mistake."""
        if not (_NO_FIELD.match(self.text, end) or self._is_bound(at, "FIELD")):
            self._refuse(written, at)
        words = _WORDS.match(self.text, at)
        end = words.end() if words else end
        self._words("BARE", at, end)
        return end

    def _value(self, name: str, at: int, end: int) -> int:
        value = _VALUE.match(self.text, end)
        if value is None:
            raise self._grouped(name, at, end) or wants_value(name, at)
        self._add("VALUE", value.start(1), value.end())
        return value.end()

    def _grouped(self, name: str, at: int, end: int) -> QueryError | None:
        """The refusal of type:(image OR video), if that is how it goes on."""
        group = _GROUP.match(self.text, end)
        values = group[1].replace(" OR ", " ").split() if group else []
        if group is None or not values:
            return None
        either = f"({' OR '.join(f'{name}:{value}' for value in values)})"
        message = f"“{name}:” takes one value; with OR between them, several stand side by side."
        return QueryError(message, end, f"{self.text[:at]}{either}{self.text[group.end() :]}")

    def _refuse(self, written: str, at: int) -> None:
        """Refuse a name that is nearly a field's, and any other in small letters."""
        end = at + len(written)
        near = get_close_matches(written.lower().replace("_", "-"), fields.names(), n=1, cutoff=0.7)
        if near:
            mend = f"{self.text[:at]}{near[0]}{self.text[end:]}"
            raise QueryError(f"There is no field “{shortened(written)}:”; did you mean {near[0]}:?", at, mend)
        if written.islower():
            words = _WORDS.match(self.text, at)
            end = words.end() if words else end
            mend = f'{self.text[:at]}"{self.text[at:end]}"{self.text[end:]}'
            message = (
                f"There is no field “{shortened(written)}:”; in quotation marks it is searched for as words."
            )
            raise QueryError(message, at, mend)

    def _open(self, at: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"Brackets may stand {MAX_DEPTH} deep, and this one is deeper.", at)
        self._add("_LPAR", at, at + 1)

    def _close(self, at: int) -> None:
        if not self.depth:
            return
        self.depth -= 1
        if self.found[-1].type == "_LPAR":
            self._drop(self.found.pop().start_pos or 0)
        else:
            self._add("_RPAR", at, at + 1)

    def _drop(self, at: int) -> None:
        """Leave out what begins here, with the minus before it; a field cannot do without it."""
        if self._is_bound(at, "_MINUS"):
            at = self.found.pop().start_pos or 0
        if self._is_bound(at, "FIELD"):
            raise wants_value(str(self.found[-1]), self.found[-1].start_pos or 0)

    def _is_bound(self, at: int, *kinds: str) -> bool:
        """Whether a minus or a field stands right before, without a space."""
        last = self.found[-1] if self.found else None
        return last is not None and last.end_pos == at and last.type in (kinds or ("_MINUS", "FIELD"))

    def _add(self, kind: str, start: int, end: int, value: str | None = None) -> None:
        shown = self.text[start:end] if value is None else value
        self.found.append(Token(kind, shown, start_pos=start, end_pos=end))
