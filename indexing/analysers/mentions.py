"""Watched words, names and phrases in what is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue, Watched
from indexing.phonetics import Entry, Hit, Spoken, search
from indexing.phonetics.likelihood import LEAST
from indexing.phonetics.tokens import tokens

UNSURE = 0.5
"""The confidence of a word that comes without."""


class Mentions:
    """One "mention" for each time an entry of a watch list is spotted: as written, or by its sound.

    Only the transcript is read. A list that changes has its recordings searched again, so a run holds for the
    lists as they were when it started.
    """

    name = "mentions"
    version = "1"
    model = "gruut panphon"
    kinds: Sequence[str] = ("mention",)
    applies_to: Sequence[MediaKind] = ("audio", "video")
    depends: Sequence[str] = ("speech",)
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        watched = _same_together(context.watched())
        words = list(_spoken(context)) if watched else []
        if not words:
            return
        entries = [Entry(same[0].text, _sounds(same)) for same in watched]
        for hit in search(entries, words, LEAST):
            yield _finding(hit, watched[hit.entry], words[hit.first : hit.last])


def _same_together(watched: Iterable[Watched]) -> list[list[Watched]]:
    """Entries of several lists that are the same words in the same language are one."""
    found: dict[tuple[str, ...], list[Watched]] = {}
    for each in watched:
        found.setdefault((each.language, *tokens(each.text)), []).append(each)
    return list(found.values())


def _sounds(same: Iterable[Watched]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(sound for each in same for sound in each.sounds))


def _spoken(context: Context) -> Iterator[Spoken]:
    """The words of the transcript in order of time, each in the language of its sentence."""
    sentences = [fact for fact in context.facts("speech") if fact.place.start is not None]
    number, language = 0, ""
    for word in context.facts("word"):
        start, end, region = word.place.start, word.place.end, word.place.region
        if region is not None or start is None or end is None:
            continue
        while number < len(sentences) and (sentences[number].place.start or 0.0) <= start:
            language, number = sentences[number].language, number + 1
        confidence = UNSURE if word.confidence is None else word.confidence
        yield Spoken(word.text, start, end, confidence, language)


def _finding(hit: Hit, watched: Sequence[Watched], words: Sequence[Spoken]) -> Finding:
    details = {
        "lists": sorted({each.list for each in watched if hit.by == "words" or each.sounds}),
        "heard": " ".join(word.text for word in words),
        "by": hit.by,
        "distance": round(hit.distance, 3),
    }
    return Finding(
        kind="mention",
        text=watched[0].text,
        place=Place(words[0].start, max(word.end for word in words)),
        confidence=round(hit.confidence, 3),
        language=watched[0].language,
        details=details,
    )
