"""PostgreSQL's text search types as Django expressions, and words as tsqueries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, FloatField, Func, Value
from django.db.models.functions import Cast

LENGTH_NORMALISATION = 1
"""ts_rank divided by 1 + the logarithm of the document's length."""


class Matches(Func):
    """Whether a tsvector answers a tsquery in PostgreSQL's own notation."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, vector: str, tsquery: str, **extra: Any) -> None:
        super().__init__(vector, Cast(Value(tsquery), SearchQueryField()), **extra)


class Rank(Func):
    """ts_rank of a tsvector for a tsquery: grows with weight and number of occurrences, and levels off."""

    function = "ts_rank"
    output_field = FloatField()

    def __init__(self, vector: str, tsquery: str, **extra: Any) -> None:
        query = Cast(Value(tsquery), SearchQueryField())
        super().__init__(vector, query, Value(LENGTH_NORMALISATION), **extra)


@dataclass(frozen=True)
class Term:
    """What PostgreSQL makes of one word: the forms it has in the index, whether it is a stop word, and on
    how many of the reader's assets it occurs (from lexicon.COUNTED on, an estimate). `beginnings` are those
    of all the words that are asked for by a prefix."""

    lexemes: tuple[str, ...]
    is_stop_word: bool
    assets: int
    beginnings: tuple[str, ...] = ()

    @property
    def is_indexed(self) -> bool:
        """Whether the index can hold it; it cannot hold a lone emoji."""
        return bool(self.lexemes or self.beginnings)

    @property
    def tsquery(self) -> str:
        begun = [f"{_quoted(beginning)}:*" for beginning in self.beginnings]
        return any_of([*begun, *(_quoted(lexeme) for lexeme in self.lexemes)])


def any_of(tsqueries: Iterable[str]) -> str:
    """Any of them must match."""
    return f"({' | '.join(tsqueries)})"


def all_of(tsqueries: Iterable[str]) -> str:
    """All of them must match."""
    return f"({' & '.join(tsqueries)})"


def in_sequence(tsqueries: Iterable[str]) -> str:
    """They must match words that follow each other."""
    return f"({' <-> '.join(tsqueries)})"


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
