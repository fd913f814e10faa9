"""Sentences out of what a transcriber hears, as facts with their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from indexing.analysers.contract import Finding, Place
from indexing.engines.speech import Segment, Word

LONGEST = 15.0  # seconds of one sentence
SHORT = 1.0  # seconds below which a mark may be an abbreviation's
PAUSE = 0.8  # seconds of silence that end a sentence
MARKS = (".", "?", "!", "…", "。", "？", "！")  # noqa: RUF001


def sentences(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same words cut where a sentence ends, somebody pauses, or LONGEST seconds have passed.

    Segments without timed words pass unchanged.
    """
    for segment in segments:
        groups = _groups(segment.words) if segment.words else ()
        for words in groups:
            yield segment._replace(
                text=" ".join(word.text for word in words),
                start=words[0].start,
                end=max(word.end for word in words),
                confidence=float(np.mean([word.confidence for word in words])),
                words=words,
            )
        if not groups:
            yield segment


def moved(segment: Segment, offset: float, limit: float) -> Segment:
    """The segment and its words `offset` seconds later, within 0 and `limit` seconds, to the millisecond."""

    def span(start: float, end: float) -> tuple[float, float]:
        first = min(max(0.0, start + offset), limit)
        return round(first, 3), round(min(max(first, end + offset), limit), 3)

    words = []
    for word in segment.words:
        start, end = span(word.start, word.end)
        words.append(word._replace(start=start, end=end))
    start, end = span(segment.start, segment.end)
    return segment._replace(start=start, end=end, words=words)


def finding(segment: Segment, details: Mapping[str, Any]) -> Finding:
    """A "speech" whose children are its "word"s, each with the details."""
    words = [
        Finding("word", word.text, place=Place(word.start, word.end), confidence=word.confidence,
                details=details)
        for word in segment.words
    ]  # fmt: skip
    return Finding(
        kind="speech",
        text=segment.text,
        place=Place(segment.start, segment.end),
        confidence=segment.confidence,
        language=segment.language,
        details=details,
        children=words,
    )


def _groups(words: Sequence[Word]) -> list[list[Word]]:
    groups = [[words[0]]]
    for before, word in pairwise(words):
        length = word.end - groups[-1][0].start
        ended = before.text.endswith(MARKS) and before.end - groups[-1][0].start >= SHORT
        if ended or word.start - before.end >= PAUSE or length > LONGEST:
            groups.append([])
        groups[-1].append(word)
    return groups
