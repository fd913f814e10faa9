"""Watched words, names and phrases in the words of a transcript: as written, and by their sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from indexing.phonetics.candidates import Limit, Sounds
from indexing.phonetics.distances import INDEL
from indexing.phonetics.likelihood import by_sound, furthest, nearer
from indexing.phonetics.pronunciation import Phones, pronounce
from indexing.phonetics.tokens import tokens

FEWEST = 4
"""Phones below which an entry is found as written only: too many words sound like it."""
LIMIT = 0.25
"""The largest distance for each phone of an entry that is looked at."""
PAUSE = 1.0
"""Seconds of silence that no entry lies across."""
BLOCK = 20_000
"""Different stretches of speech that are compared at a time: about an hour's."""
STRETCH = 1 + LIMIT / INDEL
"""How much longer than an entry a stretch of speech may be that is within LIMIT."""


@dataclass(frozen=True)
class Entry:
    """What is looked for: as it is written, and by its `sounds`, the phones (IPA) of each way to say it."""

    text: str
    sounds: tuple[Phones, ...] = ()


class Spoken(NamedTuple):
    """A word that somebody says: its seconds, the transcriber's confidence (0..1), its language (BCP 47)."""

    text: str
    start: float
    end: float
    confidence: float = 1.0
    language: str = "en"


class Hit(NamedTuple):
    """An entry (its number) in words[first:last]: as written at distance 0, or by sound.

    `confidence` is the probability 0..1 that it was said: as written that of the words, by sound see
    indexing.phonetics.likelihood.
    """

    entry: int
    first: int
    last: int
    by: Literal["words", "sound"]
    distance: float
    confidence: float


def search(entries: Sequence[Entry], words: Sequence[Spoken], least: float) -> list[Hit]:
    """Every entry in the words, in order of time; by sound where its probability is at least `least`.

    Where an entry is found twice in overlapping words, the better one counts: as written before by sound,
    and then the surer.
    """
    found = [*_written(entries, words), *_sounding(entries, words, least)]
    return sorted(_best(found), key=lambda hit: (hit.first, hit.entry))


def _written(entries: Sequence[Entry], words: Sequence[Spoken]) -> Iterator[Hit]:
    said = [(token, number) for number, word in enumerate(words) for token in tokens(word.text)]
    wanted: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if phrase := tokens(entry.text):
            wanted[phrase[0]].append((number, phrase))
    for place, (token, first) in enumerate(said):
        for number, phrase in wanted.get(token, ()):
            if [each for each, _ in said[place : place + len(phrase)]] == phrase:
                last = said[place + len(phrase) - 1][1] + 1
                yield Hit(number, first, last, "words", 0.0, _certainty(words[first:last]))


def _certainty(words: Sequence[Spoken]) -> float:
    """The mean confidence of the words."""
    return sum(word.confidence for word in words) / len(words)


def _sounding(entries: Sequence[Entry], words: Sequence[Spoken], least: float) -> Iterator[Hit]:
    wanted = [(n, each) for n, entry in enumerate(entries) for each in entry.sounds if len(each) >= FEWEST]
    if not wanted:
        return
    places = _stretches(words, max(len(each) for _, each in wanted))
    phones = [each for _, each in wanted]
    limits = furthest(np.array([len(each) for each in phones]), least).astype(np.float32)
    for heard in _blocks(list(places)):
        sure = nearer(np.array([_least_sure(words, places[each]) for each in heard])).astype(np.float32)
        for number, other, distance in Sounds(phones, heard).alike(phones, heard, Limit(limits, sure, LIMIT)):
            for first, last in places[heard[other]]:
                likely = by_sound(distance, len(phones[number]), _certainty(words[first:last]))
                if likely >= least:
                    yield Hit(wanted[number][0], first, last, "sound", distance, likely)


def _least_sure(words: Sequence[Spoken], places: Sequence[tuple[int, int]]) -> float:
    """The lowest confidence of any of the places: there the distance may be largest."""
    return min(_certainty(words[first:last]) for first, last in places)


def _blocks(heard: Sequence[Phones]) -> Iterator[Sequence[Phones]]:
    """So many at a time that memory stays flat however long the recording is."""
    return (heard[first : first + BLOCK] for first in range(0, len(heard), BLOCK))


def _stretches(words: Sequence[Spoken], longest: int) -> dict[Phones, list[tuple[int, int]]]:
    """The phones of all neighbouring words as long as an entry may be, and where they stand."""
    spoken = [pronounce(word.text, word.language) for word in words]
    joined = [after.start - before.end <= PAUSE for before, after in pairwise(words)]
    places: dict[Phones, list[tuple[int, int]]] = defaultdict(list)
    for first in range(len(words)):
        phones: Phones = ()
        for last in range(first, len(words)):
            if not spoken[last] or (last > first and not joined[last - 1]):
                break
            phones += spoken[last]
            if len(phones) > longest * STRETCH:
                break
            places[phones].append((first, last + 1))
    return places


def _best(found: Sequence[Hit]) -> Iterator[Hit]:
    """Without those that overlap a better one of the same entry."""
    taken: dict[int, list[Hit]] = defaultdict(list)
    for hit in sorted(found, key=lambda hit: (hit.by != "words", -hit.confidence, hit.distance)):
        if not any(hit.first < other.last and other.first < hit.last for other in taken[hit.entry]):
            taken[hit.entry].append(hit)
            yield hit
