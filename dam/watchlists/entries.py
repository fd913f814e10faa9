"""The plain text of a watch list: one entry a line.

    # a line that begins so is a note
    Eiffel Tower
    McCullough = macula, mick cullock
    "May"

What stands after = are other ways to say it; an entry in double quotes is found as it is written only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 10_000
"""Entries of a list."""
LONGEST = 200
"""Characters of an entry and of a way to say it."""
WAYS = 10
"""Ways to say an entry."""
WORD = re.compile(r"\w")


class EntriesError(ValueError):
    """The text is not a list of entries. The message names the line and what to do."""


@dataclass(frozen=True)
class ListEntry:
    """A word, name or phrase; `sounds_like` are spellings by which it may be said as well."""

    text: str
    sounds_like: tuple[str, ...] = ()
    as_written: bool = False


def parse(text: str) -> list[ListEntry]:
    """The entries of a text in its order, each text once. Raises EntriesError."""
    found: dict[str, ListEntry] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            entry = _entry(stripped, number)
            found.setdefault(entry.text.casefold(), entry)
    if len(found) > MOST:
        raise EntriesError(
            f"A list holds {MOST} entries at most; these are {len(found)}. Make several lists."
        )
    return list(found.values())


def _entry(line: str, number: int) -> ListEntry:
    said, _, ways = (part.strip() for part in line.partition("="))
    quoted = len(said) > 1 and said[0] == said[-1] == '"'
    text = said.strip('"').strip()
    others = tuple(way for each in ways.split(",") if (way := each.strip()))
    for problem in _problems(text, others):
        raise EntriesError(f"Line {number}: {problem}")
    return ListEntry(text, others, quoted)


def _problems(text: str, others: tuple[str, ...]) -> Iterator[str]:
    if not WORD.search(text):
        yield "there is no word to look for."
    if len(others) > WAYS:
        yield f"{len(others)} ways to say it; {WAYS} is the most."
    for each in (text, *others):
        if len(each) > LONGEST:
            yield f"{each[:30]}... has {len(each)} characters; {LONGEST} is the most."
        if "\x00" in each:
            yield "there is a character that no text has (NUL)."
