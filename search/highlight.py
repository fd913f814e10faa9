"""Snippets: the part of a text that shows why it was found, in pieces of plain text."""

from __future__ import annotations

from collections.abc import Container

from search.results import Piece
from search.words import spans

LENGTH = 240
LEAD = 60


def snippet(text: str, matched: Container[str]) -> tuple[Piece, ...]:
    """About LENGTH characters of the text from shortly before its first matched word, in pieces.

    `matched` holds the words of the text, as they are written there, that the reader asked for.
    """
    text = " ".join(text.split())
    marks = [span for span in spans(text) if text[slice(*span)] in matched]
    first, last = _window(text, marks[0][0] if marks else 0)
    shown = [(start, end) for start, end in marks if first <= start and end <= last]
    pieces = _pieces(text[:last], shown, first)
    return (*_cut(first > 0), *pieces, *_cut(last < len(text)))


def _window(text: str, mark: int) -> tuple[int, int]:
    """The stretch to show: it begins and ends between words where there is a gap to be found."""
    first = text.find(" ", mark - LEAD, mark) + 1 if mark > LEAD else 0
    first = first or max(0, mark - LEAD)
    if len(text) - first <= LENGTH:
        return first, len(text)
    gap = text.rfind(" ", first + LENGTH // 2, first + LENGTH)
    return first, gap if gap > mark else first + LENGTH


def _pieces(text: str, marks: list[tuple[int, int]], position: int) -> list[Piece]:
    pieces = []
    for start, end in marks:
        pieces += [Piece(text[position:start], False), Piece(text[start:end], True)]
        position = end
    pieces.append(Piece(text[position:], False))
    return [piece for piece in pieces if piece.text]


def _cut(is_cut: bool) -> tuple[Piece, ...]:
    return (Piece("…", False),) if is_cut else ()
