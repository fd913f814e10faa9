"""What was said, as formats and pages see it: segments of words with their times and speakers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

UNSPACED = {"ja", "zh", "yue", "th", "lo", "km", "my"}
"""Languages (BCP 47) that put no space between words."""
PIECE = re.compile(r"[0-9A-Za-z]+|\S")
"""What text of those languages is made of, where nobody told its words apart."""


class SpokenWord(NamedTuple):
    """A word, its seconds, and who says it: a name, "Speaker 1", or "" where that is not known."""

    text: str
    start: float
    end: float
    speaker: str = ""


@dataclass(frozen=True)
class Segment:
    """A stretch of speech: its text, its span in seconds, its language (BCP 47; "" unknown) and its words.

    `fact` is the number of the fact that says so; `accepted` is true of what a person wrote or agreed to.
    """

    text: str
    start: float
    end: float
    language: str = ""
    words: Sequence[SpokenWord] = ()
    fact: int = 0
    accepted: bool = False


@dataclass(frozen=True)
class Passage:
    """A text that stands for a span of seconds: the title of a chapter, or what is described in a pause."""

    text: str
    start: float
    end: float


def plain(text: str) -> str:
    """The text on one line, without control characters."""
    kept = (" " if unicodedata.category(each) == "Cc" else each for each in text)
    return " ".join("".join(kept).split())


def unspaced(language: str) -> bool:
    """Whether the language is written without spaces between words."""
    return language.split("-")[0].lower() in UNSPACED


def joined(words: Iterable[str], language: str) -> str:
    """The words as the language writes them one after another."""
    text = ""
    for word in words:
        text += word if not text or glued(text, word, language) else f" {word}"
    return text


def glued(before: str, after: str, language: str) -> bool:
    """Whether no space stands between two neighbouring words of that language."""
    return unspaced(language) and not (before[-1:].isascii() and after[:1].isascii())


def evenly(text: str, start: float, end: float, language: str) -> list[SpokenWord]:
    """The words of a text whose times nobody knows, each as long as it is wide; times in seconds."""
    texts = list(_pieces(plain(text))) if unspaced(language) else text.split()
    whole = sum(map(len, texts)) or 1
    words, passed = [], 0
    for each in texts:
        begin = start + (end - start) * passed / whole
        passed += len(each)
        words.append(SpokenWord(each, begin, start + (end - start) * passed / whole))
    return words


def _pieces(text: str) -> Iterator[str]:
    """Single characters with the marks upon them, and runs of Latin letters and digits."""
    piece = ""
    for each in PIECE.findall(text):
        if piece and unicodedata.category(each[0]).startswith("M"):
            piece += each
            continue
        if piece:
            yield piece
        piece = each
    if piece:
        yield piece
