"""Which language is spoken where: a recording is parted into stretches of one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf, log
from typing import NamedTuple, TypeVar

import numpy as np

from indexing.engines.speech import RATE

SURE = 8.0  # seconds of voice after which any silence ends a group
PAUSE, SHORT = 0.6, 3.0  # a silence that long ends a group of that many seconds already
LIKELY = 0.5  # probability from which a language comes into question
LEAST = 0.001  # probability of every other language, so that one guess cannot rule a language out
CHANGE = 0.05  # probability that the language changes from one group to the next

Guess = Mapping[str, float]
Detect = Callable[[np.ndarray], Guess]
Span = tuple[int, int]
Paths = Mapping[str, tuple[float, list[str]]]
Part = TypeVar("Part")


class Stretch(NamedTuple):
    """Samples from `start` to `end` (half open) in which one language (BCP 47) is spoken.

    `other` is the one that comes next where the sound leaves the language in doubt, and empty elsewhere.
    """

    start: int
    end: int
    language: str
    other: str = ""


def stretches(sound: np.ndarray, spans: Sequence[Span], detect: Detect, before: str = "") -> list[Stretch]:
    """The whole sound parted where its language changes, in the middle of a silence.

    `sound` is float32 of shape (n,) at 16 kHz, `spans` where somebody speaks, `detect` gives probabilities by
    language for some seconds of sound, `before` is the language of the sound before. Empty without spans.
    """
    groups = grouped(spans)
    guesses = [detect(sound[start:end]) for start, end in groups]
    found: list[Stretch] = []
    edges = [0, *((left[1] + right[0]) // 2 for left, right in pairwise(groups)), len(sound)]
    for start, end, language in zip(edges, edges[1:], spoken(guesses, before), strict=False):
        if found and found[-1].language == language:
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Stretch(start, end, language))
    if doubtful(guesses, before):
        found = [stretch._replace(other=_likeliest(guesses)[1]) for stretch in found]
    return found


def doubtful(guesses: Sequence[Guess], before: str = "") -> bool:
    """Whether no guess holds any of several languages for likely, and none was spoken before."""
    shares = [share for guess in guesses for share in guess.values()]
    return not before and len(_likeliest(guesses)) > 1 and max(shares) < LIKELY


def heard(
    stretch: Stretch, hear: Callable[[str], list[Part]], weigh: Callable[[Part], tuple[float, int]]
) -> tuple[str, list[Part]]:
    """What is heard in a stretch, with its language: where that is in doubt the sound is heard in both.

    `hear` gives the parts of the text in a language, `weigh` the mean log probability of a part's tokens and
    how many of them count; that language is right whose text has the greater mean log probability.
    """
    texts = {language: hear(language) for language in (stretch.language, stretch.other) if language}
    right = max(texts, key=lambda language: _probability(map(weigh, texts[language])))
    return right, texts[right]


def _probability(weighed: Iterable[tuple[float, int]]) -> float:
    """The mean log probability of all tokens; without any, none is less probable."""
    parts = list(weighed)
    tokens = sum(count for _, count in parts)
    return sum(mean * count for mean, count in parts) / tokens if tokens else -inf


def grouped(spans: Sequence[Span]) -> list[Span]:
    """Neighbouring spans joined into groups of some seconds, which is what a language can be told from."""
    groups: list[Span] = []
    for start, end in spans:
        length = groups[-1][1] - groups[-1][0] if groups else 0
        pause = start - groups[-1][1] if groups else 0
        if not groups or length >= SURE * RATE or (pause >= PAUSE * RATE and length >= SHORT * RATE):
            groups.append((start, end))
        else:
            groups[-1] = (groups[-1][0], end)
    return groups


def spoken(guesses: Sequence[Guess], before: str = "") -> list[str]:
    """The most probable sequence of languages, one for each guess, when changes are rare (Viterbi).

    A single doubtful guess does not change the language; `before` is what was spoken before the first.
    """
    paths: Paths = {before: (0.0, [])}
    for guess in guesses:
        paths = {language: _extended(paths, language, guess) for language in _candidates(guesses, before)}
    return max(paths.values())[1]


def _extended(paths: Paths, language: str, guess: Guess) -> tuple[float, list[str]]:
    """The best way to come to a language, with its log probability."""
    score, path = max((score + _step(last, language), path) for last, (score, path) in paths.items())
    return score + log(max(LEAST, guess.get(language, 0.0))), [*path, language]


def _step(last: str, language: str) -> float:
    return log(CHANGE if last and last != language else 1 - CHANGE)


def _candidates(guesses: Sequence[Guess], before: str) -> list[str]:
    """Languages that some guess holds for likely, and the one before; else the likeliest of all guesses."""
    likely = {language for guess in guesses for language, share in guess.items() if share >= LIKELY}
    found = likely | ({before} if before else set())
    return sorted(found) or _likeliest(guesses)[:1]


def _likeliest(guesses: Sequence[Guess]) -> list[str]:
    """Every language that was guessed, the most probable in all guesses together first."""
    sums: dict[str, float] = {}
    for guess in guesses:
        for language, share in guess.items():
            sums[language] = sums.get(language, 0.0) + share
    return sorted(sums, key=lambda language: -sums[language])
