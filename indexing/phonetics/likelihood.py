"""How likely words that sound like an entry are the entry.

A logistic regression on what Whisper base and tiny wrote for every second utterance of LibriSpeech excerpts
(818 pairs of a word and a stretch of speech that sounds like it, 62 of them said); checked on the other half:
see tests.bench.bench_mentions and docs/analysers/mentions.md.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

BIAS = 1.49
DISTANCE = 18.6
"""For each unit of distance less."""
PHONE = 0.304
"""For each phone of the entry: long words are seldom alike by chance."""
PHONES = 12
"""Phones beyond which length says no more: longer words were too few to tell."""
CONFIDENCE = 2.79
"""For the transcriber's doubt in what it wrote, 0..1."""
LEAST = 0.2
"""The probability from which a mention by sound is worth proposing."""


def by_sound(distance: float, phones: int, confidence: float) -> float:
    """The probability 0..1 that an entry of that many phones was said, where the transcriber was that sure
    (0..1) of words at that distance for each phone."""
    return 1 / (1 + exp(DISTANCE * distance - BIAS - PHONE * min(phones, PHONES) + CONFIDENCE * confidence))


def furthest(phones: np.ndarray, least: float) -> np.ndarray:
    """The distances at which entries of so many phones are that likely, if the transcriber is at a loss."""
    odds = log(least / (1 - least)) if least > 0 else -np.inf
    limits: np.ndarray = (BIAS + PHONE * np.minimum(phones, PHONES) - odds) / DISTANCE
    return limits


def nearer(confidence: np.ndarray) -> np.ndarray:
    """By how much less the distance must be where the transcriber is that sure."""
    return np.asarray(CONFIDENCE * confidence / DISTANCE)
