"""What mood words and sounds speak of: a small lexicon of our own, English, with negation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LEXICON = Path(__file__).with_name("sentiments.toml")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
NEGATIONS = {"no", "not", "never", "without", "hardly", "nor", "neither", "cannot", "nobody", "nothing"}
REACH = 3
"""Words after a negation that it turns off ("not at all happy")."""


def of_words(text: str) -> Iterator[tuple[str, str]]:
    """Each (sentiment, word) that the English text speaks of, in order. A negated word speaks of nothing."""
    negated = 0
    for word in WORD.findall(text.lower().replace("\u2019", "'")):
        negated = REACH + 1 if _negates(word) else max(0, negated - 1)
        if not negated:
            yield from ((sentiment, word) for sentiment, form in _forms() if form.fullmatch(word))


def of_sound(name: str) -> str:
    """The sentiment that a sound of that name speaks of, or nothing."""
    return _sounds().get(name.casefold(), "")


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


@lru_cache
def _forms() -> list[tuple[str, re.Pattern[str]]]:
    """One pattern for each sentiment."""
    tables = tomllib.loads(LEXICON.read_text())
    return [
        (name, re.compile("|".join(word.replace("*", "[a-z]*") for word in table["words"])))
        for name, table in tables.items()
    ]


@lru_cache
def _sounds() -> dict[str, str]:
    tables = tomllib.loads(LEXICON.read_text())
    return {sound: name for name, table in tables.items() for sound in table["sounds"]}
