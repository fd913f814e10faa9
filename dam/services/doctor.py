"""The questions that `manage.py doctor` asks, and how an answer reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.connection import ConnectionDoesNotExist


@dataclass(frozen=True)
class Diagnosis:
    """One answer: about what, whether it is well, what was seen, and how to mend it.

    A diagnosis that is not `essential` never makes the whole installation unwell.
    """

    subject: str
    well: bool
    seen: str
    mend: str = ""
    essential: bool = True

    def __str__(self) -> str:
        mark = "ok" if self.well else ("MISSING" if self.essential else "optional")
        return f"{mark:8} {self.subject}: {self.seen}" + (f"\n{'':9}{self.mend}" if not self.well else "")


Question = Callable[[], Iterable[Diagnosis]]
_questions: list[Question] = []
EXPECTED = (
    OSError,
    RuntimeError,
    ValueError,
    ImportError,
    LookupError,
    DatabaseError,
    ConnectionDoesNotExist,
)


def question(function: Question) -> Question:
    """Register a question; they are asked in the order in which they are written."""
    _questions.append(function)
    return function


def examine(questions: Iterable[Question] | None = None) -> Iterator[Diagnosis]:
    """Ask every question. One that itself fails is a diagnosis too, and the others are still asked."""
    for ask in _questions if questions is None else questions:
        try:
            yield from ask()
        except EXPECTED as problem:
            subject = ask.__name__.replace("_", " ")
            yield Diagnosis(subject, False, f"{problem}", "Mend what this message names, then ask again.")
