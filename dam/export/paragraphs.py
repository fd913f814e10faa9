"""A transcript for reading: paragraphs, in the chapters that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from dam.export.spoken import Passage, Segment, SpokenWord, joined, unspaced

PAUSE = 2.0
"""Seconds of silence that begin a paragraph."""
LONG, LONGEST = 500, 1200
"""Characters after which a paragraph ends with the next sentence, and with the next segment."""
ENDS = (".", "?", "!", "…", "。", "？", "！")  # noqa: RUF001


@dataclass(frozen=True)
class Piece:
    """What one person says of a segment in a row."""

    segment: Segment
    words: Sequence[SpokenWord]

    @property
    def speaker(self) -> str:
        return self.words[0].speaker

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return max(word.end for word in self.words)

    @property
    def text(self) -> str:
        return joined((word.text for word in self.words), self.segment.language)

    @property
    def opens(self) -> bool:
        """Whether the segment begins with it."""
        return self.words[0] is self.segment.words[0]

    @property
    def space(self) -> str:
        """What stands between its words."""
        return "" if unspaced(self.segment.language) else " "


@dataclass(frozen=True)
class Paragraph:
    """What one person says in one language, without a long pause."""

    pieces: Sequence[Piece]

    @property
    def speaker(self) -> str:
        return self.pieces[0].speaker

    @property
    def language(self) -> str:
        return self.pieces[0].segment.language

    @property
    def start(self) -> float:
        return self.pieces[0].start

    @property
    def end(self) -> float:
        return max(piece.end for piece in self.pieces)

    @property
    def text(self) -> str:
        return joined((piece.text for piece in self.pieces), self.language)


@dataclass(frozen=True)
class Part:
    """The paragraphs of a chapter, or what is said outside of any."""

    chapter: Passage | None
    paragraphs: Sequence[Paragraph]


def parts_of(segments: Sequence[Segment], chapters: Sequence[Passage] = ()) -> list[Part]:
    """All that is said, in order of time. A chapter in which nobody speaks is left out."""
    pieces = [piece for segment in segments for piece in _pieces(segment)]
    return [
        Part(chapters[number] if number >= 0 else None, list(_paragraphs(list(same))))
        for number, same in groupby(pieces, key=lambda piece: _chapter_at(chapters, piece))
    ]


def _chapter_at(chapters: Sequence[Passage], piece: Piece) -> int:
    """The last chapter that has begun when half of the piece is said; -1 before the first."""
    middle = (piece.start + piece.end) / 2
    return max((number for number, each in enumerate(chapters) if each.start <= middle), default=-1)


def _pieces(segment: Segment) -> Iterator[Piece]:
    for _, words in groupby(segment.words, key=lambda word: word.speaker):
        yield Piece(segment, list(words))


def _paragraphs(pieces: Sequence[Piece]) -> Iterator[Paragraph]:
    held: list[Piece] = []
    for piece in pieces:
        if held and _begins(held, piece):
            yield Paragraph(held)
            held = []
        held.append(piece)
    if held:
        yield Paragraph(held)


def _begins(held: Sequence[Piece], piece: Piece) -> bool:
    """Whether a new paragraph begins with the piece: another speaker or language, a pause, or enough said."""
    before = held[-1]
    same = (before.speaker, before.segment.language) == (piece.speaker, piece.segment.language)
    said = sum(len(each.text) for each in held)
    enough = said >= LONGEST or (said >= LONG and before.text.endswith(ENDS))
    return not same or piece.start - before.end >= PAUSE or enough
