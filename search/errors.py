"""What a reader is told about a string that cannot be searched for."""

from __future__ import annotations


class QueryError(ValueError):
    """A string that is no query. The message is for a person; `position` counts characters from 0; `mend`
    is the whole string as it was probably meant, or "" where nobody can know."""

    def __init__(self, message: str, position: int, mend: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.mend = mend


def shortened(raw: str) -> str:
    """What to quote of a reader's string in a message."""
    return raw if len(raw) <= 40 else f"{raw[:40]}…"
