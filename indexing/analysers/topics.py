"""Where a recording turns to another topic, and what each stretch is about: told by its words alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf, log
from typing import NamedTuple

from indexing.analysers.contract import Finding

WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-](?=[^\W_]))*")  # noqa: RUF001
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}")
"""Two characters of Chinese or Japanese, which stand for a word there."""
SHORTEST_WORD, ROOT = 4, 6
"""Letters of a word that counts, and those at its beginning by which its forms are taken for one word
(truncation, as good as a stemmer in many languages: McNamee and Mayfield 2004)."""
COMMON = 0.7
"""The share of the stretches of a recording in which a word that says nothing of its topics stands."""
PRICE = 4.0
"""What a topic costs, in logarithms of all words that are said; see docs/analysers/chapters.md."""
FEWEST = 120
"""Words that count, below which nothing is said about topics."""
PHRASES, LEAST_TELLING = 3, 2
"""Phrases of a title at most, and how often a word must be said in its chapter to stand in it."""
PHRASE = 1.5
"""How much more than a word a name or a phrase that comes back tells."""


class Topic(NamedTuple):
    """A stretch of seconds about one thing, and the phrases that tell it from the rest, the best first."""

    start: float
    end: float
    phrases: Sequence[str]


class _Unit(NamedTuple):
    """A stretch that is not parted: when its first and last words are said, and its text."""

    start: float
    end: float
    text: str


def topics(speech: Sequence[Finding], shortest: float) -> list[Topic]:
    """The topics of a recording in order, each of that many seconds at least; none where little is said."""
    units = _units(speech, shortest / 4)
    counts = _telling([Counter(_roots(unit.text)) for unit in units])
    if sum(map(Counter.total, counts)) < FEWEST:
        return []
    spans = _parted(units, counts, shortest)
    whole = Counter(_roots(" ".join(unit.text for unit in units)))
    return [
        Topic(units[first].start, units[last - 1].end, phrases_of(_text(units[first:last]), whole))
        for first, last in spans
    ]


def phrases_of(text: str, whole: Counter[str]) -> list[str]:
    """The phrases of a stretch that are said there oftener than in the whole, best first.

    `whole` counts the words of the recording, this stretch among them, by their roots.
    """
    said = Counter(_roots(text))
    shown = _commonest_forms(text)
    scores = {root: number * _keenness(root, said, whole) for root, number in said.items()}
    told = {
        shown[root]: score
        for root, score in scores.items()
        if said[root] >= LEAST_TELLING and score > 0 and root in shown
    }
    for phrase, number in _phrases(text).items():
        told[phrase] = PHRASE * number * max(_keenness(root, said, whole) for root in _roots(phrase))
    return _apart(sorted((each for each in told if told[each] > 0), key=lambda each: (-told[each], each)))


def title_of(phrases: Sequence[str]) -> str:
    """The phrases as a title; empty where there are none."""
    text = ", ".join(phrases)
    return text[:1].upper() + text[1:]


def counted(speech: Sequence[Finding]) -> Counter[str]:
    """How often each word that counts is said, by its root."""
    return Counter(root for segment in speech for root in _roots(segment.text))


def _text(units: Sequence[_Unit]) -> str:
    return " ".join(unit.text for unit in units)


def _units(speech: Sequence[Finding], least: float) -> list[_Unit]:
    """Segments put together until each lasts that long."""
    units: list[_Unit] = []
    for segment in sorted(speech, key=lambda each: each.place.start or 0.0):
        start, end = segment.place.start or 0.0, segment.place.end or 0.0
        if units and start - units[-1].start < least:
            units[-1] = _Unit(units[-1].start, max(end, units[-1].end), f"{units[-1].text} {segment.text}")
        else:
            units.append(_Unit(start, end, segment.text))
    return units


def _roots(text: str) -> Iterator[str]:
    for word in WORD.findall(text):
        if (pairs := UNSPACED.findall(word)) and not word.isascii():
            yield from pairs
        elif len(word) >= SHORTEST_WORD:
            yield _root(word)


def _root(word: str) -> str:
    return word.casefold().replace("’", "'").split("'")[0][:ROOT]  # noqa: RUF001


def _telling(counts: Sequence[Counter[str]]) -> list[Counter[str]]:
    """The counts without words that stand nearly everywhere."""
    everywhere = Counter(root for each in counts for root in each)
    common = {root for root, number in everywhere.items() if number > max(2, COMMON * len(counts))}
    return [Counter({root: n for root, n in each.items() if root not in common}) for each in counts]


def _parted(units: Sequence[_Unit], counts: Sequence[Counter[str]], shortest: float) -> list[tuple[int, int]]:
    """The most probable partition (Utiyama and Isahara, "A statistical model for domain-independent text
    segmentation", 2001): each topic has words of its own, and each costs the logarithm of all words said."""
    number, kinds = sum(map(Counter.total, counts)), len(set().union(*counts))
    price = PRICE * log(number)
    best, came_from = [0.0] + [inf] * len(units), [0] * (len(units) + 1)
    for first in range(len(units)):
        if best[first] == inf:
            continue
        for last, cost in _costs(counts, first, kinds):
            length = (units[last].start if last < len(units) else units[-1].end) - units[first].start
            if length >= shortest and best[first] + cost + price < best[last]:
                best[last], came_from[last] = best[first] + cost + price, first
    return _walked(came_from) if best[-1] < inf else [(0, len(units))]


def _costs(counts: Sequence[Counter[str]], first: int, kinds: int) -> Iterator[tuple[int, float]]:
    """What a topic from `first` to each later unit costs: less the oftener its words come back."""
    said: Counter[str] = Counter()
    total, gained = 0, 0.0
    for last in range(first, len(counts)):
        for root, n in counts[last].items():
            gained -= said[root] * log(said[root] + 1)
            said[root] += n
            gained += said[root] * log(said[root] + 1)
        total += counts[last].total()
        yield last + 1, total * log(total + kinds) - gained


def _walked(came_from: Sequence[int]) -> list[tuple[int, int]]:
    spans, last = [], len(came_from) - 1
    while last > 0:
        spans.append((came_from[last], last))
        last = came_from[last]
    return spans[::-1]


def _keenness(root: str, said: Counter[str], whole: Counter[str]) -> float:
    """How much oftener a word is said here than in the whole, as a logarithm; 0 for what is said evenly."""
    here = said[root] / max(1, said.total())
    everywhere = (whole[root] + 1) / (whole.total() + 1)
    return max(0.0, log(here / everywhere)) if here else 0.0


def _commonest_forms(text: str) -> dict[str, str]:
    """Each root as the word that is written most often for it, in small letters unless it is a name."""
    forms = Counter(word for word in WORD.findall(text) if len(word) >= SHORTEST_WORD)
    small = {word for word in forms if word.islower()}
    shown: dict[str, str] = {}
    for word, _ in forms.most_common():
        shown.setdefault(_root(word), word.lower() if word.lower() in small else word)
    return shown


def _phrases(text: str) -> Counter[str]:
    """Names of several words, and pairs of words that come back, as they are written."""
    found: Counter[str] = Counter()
    for sentence in re.split(r"[.?!,;:…。？！]", text):  # noqa: RUF001
        words = WORD.findall(sentence)
        found.update(" ".join(pair) for pair in pairwise(words) if all(len(w) >= SHORTEST_WORD for w in pair))
    return Counter(
        {phrase: n for phrase, n in found.items() if n > 1 and not any(w.isupper() for w in phrase.split())}
    )


def _apart(phrases: Sequence[str]) -> list[str]:
    """The first of them, none with a word of another."""
    kept: list[str] = []
    used: set[str] = set()
    for phrase in phrases:
        roots = {_root(word) for word in phrase.split()}
        if not roots & used and len(kept) < PHRASES:
            kept.append(phrase)
            used |= roots
    return kept
