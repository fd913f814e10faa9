"""What is being typed at the caret of the search box. It need not be a query yet: the parser is not asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1_000
"""Characters of a search for which anything is suggested."""
WORDS = 3
"""Free words before the caret that may be one name."""

TOKEN = re.compile(r'(?P<minus>-?)(?:(?P<field>[A-Za-z][A-Za-z-]*):)?(?P<value>"[^"]*"?|[^\s"()]*)')
OPEN_GROUP = re.compile(r"([A-Za-z][A-Za-z-]*):\([^()]*$")
REST_OF_WORD = re.compile(r'[^\s"()]*')
REST_OF_QUOTATION = re.compile(r'[^"]*"|')
OPERATORS = frozenset({"OR", "NOT", "WITH", "WHILE", "THEN", "WITHIN"})


@dataclass(frozen=True)
class Caret:
    """`typed` stands in the text from `start` to the caret, and the whole word or quotation until `end`.

    `field` is what stands before the colon, in small letters, or of the group around it; empty for a free
    word. `complete` where a quotation mark has just been closed. `start` counts characters from 0.
    """

    text: str
    start: int
    end: int
    typed: str
    field: str = ""
    complete: bool = False

    def replaced(self, by: str) -> tuple[str, int]:
        """The text with that instead of what is being typed, and where the caret then stands."""
        before, after = self.text[: self.start] + by, self.text[self.end :]
        if not by.endswith((":", " ")) and not after.startswith((" ", ")")):
            after = " " + after
        stands = len(before) + (0 if by.endswith((":", " ")) or after.startswith(")") else 1)
        return before + after, stands


def at(text: str, position: int) -> Caret:
    """What is typed at that position, counted in characters."""
    position = max(0, min(position, len(text)))
    tokens = [match for match in TOKEN.finditer(text, 0, position) if match.group()]
    last = tokens[-1] if tokens and tokens[-1].end() == position else None
    if last is None:
        return Caret(text, position, position, "", _group(text[:position]))
    value = last["value"]
    quoted = value.startswith('"')
    rest = (REST_OF_QUOTATION if quoted else REST_OF_WORD).match(text, position)
    return Caret(
        text,
        start=last.start("value"),
        end=rest.end() if rest else position,
        typed=value.strip('"'),
        field=(last["field"] or _group(text[: last.start()])).lower(),
        complete=quoted and len(value) > 1 and value.endswith('"'),
    )


def with_words_before(caret: Caret) -> list[Caret]:
    """The caret with two and more of the free words that lead to it, the longest first."""
    tokens = [match for match in TOKEN.finditer(caret.text, 0, caret.start) if match.group()]
    longer: list[Caret] = []
    end = caret.start
    for token in reversed(tokens[-(WORDS - 1) :]):
        if not _is_free_word(token) or caret.text[token.end() : end].strip(" "):
            break
        end = token.start()
        typed = " ".join([*caret.text[end : caret.start].split(), caret.typed])
        longer.append(Caret(caret.text, end, caret.end, typed))
    return longer[::-1] if caret.typed and not caret.field else []


def _is_free_word(token: re.Match[str]) -> bool:
    word = token["value"]
    return not (token["minus"] or token["field"] or word.startswith('"') or word in OPERATORS)


def _group(before: str) -> str:
    """The field of the group that is open at the end of a text."""
    match = OPEN_GROUP.search(before)
    return match[1].lower() if match else ""
