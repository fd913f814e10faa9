"""What a word is: the same answer for the reader's string, the snippet shown and (in SQL) the index."""

from __future__ import annotations

import re
from collections.abc import Iterator

SEPARATOR_RANGES = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u200b\u200e-\u206f"
    r"\u3000-\u3004\u3008-\u3020\u3030\uff00-\uff0f\ufeff"
)
"""White space, punctuation and text direction marks, as a character class both Python and PostgreSQL read.

The joiners U+200C and U+200D stay in words, where Persian and Indic scripts need them.
"""

WORD = re.compile(rf"[^\u0000{SEPARATOR_RANGES}\ud800-\udfff]+")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of the text stands: (start, end) in characters."""
    for match in WORD.finditer(text):
        yield match.span()


def words(text: str) -> list[str]:
    """The words of the text, in order."""
    return WORD.findall(text)
