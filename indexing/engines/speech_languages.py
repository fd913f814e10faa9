"""Which language is spoken where: a recording is parted into stretches of one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

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


class Stretch(NamedTuple):
    """Samples from `start` to `end` (half open) in which one language (BCP 47) is spoken."""

    start: int
    end: int
    language: str


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
    return found


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
    best = [max(guess, key=guess.__getitem__) for guess in guesses]
    likely = {each for each, guess in zip(best, guesses, strict=True) if guess[each] >= LIKELY}
    found = likely | ({before} if before else set())
    return sorted(found) or [max(best, key=lambda each: sum(guess.get(each, 0.0) for guess in guesses))]
