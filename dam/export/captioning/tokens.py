"""Words as captions set them: who says them, how wide they are, and where captions must part."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dam.export.captioning.rules import LINE
from dam.export.spoken import Segment, SpokenWord, glued, plain

SILENCE = 3.0
"""Seconds of a pause over which no caption stands."""
NAME = 24
"""Characters of a speaker's name at most, where it is written before his words."""


class Token(NamedTuple):
    """A word, or what of it fits into a line: seconds, speaker, language, and whether a space precedes it."""

    text: str
    start: float
    end: float
    speaker: str = ""
    language: str = ""
    space: bool = True


def width(text: str) -> int:
    """How wide a text is: full-width characters count two (Unicode Annex 11), marks upon others none."""
    return sum(_width(each) for each in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def stretches(segments: Sequence[Segment], labels: bool = False) -> Iterator[list[Token]]:
    """What one person says in one language without a long pause. A new one says who begins, with `labels`."""
    stretch: list[Token] = []
    for token in _tokens(segments):
        if stretch and _parted(stretch[-1], token):
            yield stretch
            stretch = []
        stretch.append(token)
    if stretch:
        yield stretch


def labelled(stretch: Sequence[Token]) -> list[Token]:
    """The stretch with the name of who speaks before its first word."""
    first, rest = stretch[0], stretch[1:]
    name = first.speaker if len(first.speaker) <= NAME else f"{first.speaker[: NAME - 1]}…"
    return [*_cut(first._replace(text=f"{name}: {first.text}")), *rest] if name else list(stretch)


def _parted(before: Token, after: Token) -> bool:
    same = (before.speaker, before.language) == (after.speaker, after.language)
    return not same or not 0 <= after.start - before.start <= SILENCE + (before.end - before.start)


def _tokens(segments: Sequence[Segment]) -> Iterator[Token]:
    for segment in sorted(segments, key=lambda each: (each.start, each.end)):
        words = [word._replace(text=plain(word.text)) for word in segment.words]
        yield from _tokens_of([word for word in words if word.text], segment.language)


def _tokens_of(words: Sequence[SpokenWord], language: str) -> Iterator[Token]:
    spaces = [True, *(not glued(one.text, other.text, language) for one, other in pairwise(words))]
    for word, space in zip(words, spaces, strict=False):
        start, end = max(0.0, word.start), max(0.0, word.start, word.end)
        yield from _cut(Token(word.text, start, end, word.speaker, language, space))


def _cut(token: Token) -> Iterable[Token]:
    """The token, or the parts of one that is wider than a line, each with its share of the time."""
    if width(token.text) <= LINE:
        return [token]
    parts = _parts(token.text)
    each = (token.end - token.start) / len(parts)
    return [
        token._replace(
            text=part,
            start=token.start + number * each,
            end=token.start + (number + 1) * each,
            space=token.space and not number,
        )
        for number, part in enumerate(parts)
    ]


def _parts(text: str) -> list[str]:
    parts, now = [""], 0
    for character in text:
        wide = _width(character)
        if now + wide > LINE or len(parts[-1]) >= LINE:
            parts.append("")
            now = 0
        parts[-1] += character
        now += wide
    return parts
