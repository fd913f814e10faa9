"""How likely two voices are of one person, from the cosine of their WeSpeaker vectors."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

Number = TypeVar("Number", float, np.ndarray)

CENTRE, SLOPE = 0.40, 25.0
"""The logistic curve, for as many pairs of one person as of two.

Fitted to stretches of 3 s of half of the people, clean ones and clean against a telephone line, noise and a
room, the centre is 0.31 and the slope 42; of the other half 0.28 and 49. But strangers who say the same words
over the same line reach 0.5 (spoken digits: equal errors at 0.51), and no labelled person was recorded on two
days. So the centre lies between and the slope is flatter: middling probabilities stay middling, and less is
proposed. `tests.bench.bench_voices` prints the fits anew.
"""
MOST = 0.99
"""No more is claimed: thousands of pairs, but of eleven people, do not prove that there is no double."""


def same_person(cosine: Number) -> Number:
    """The probability 0..1 that voices whose unit vectors have this cosine are of one person.

    It holds for even odds; where most pairs are of different people, weigh it by what is known before.
    """
    probability: Number = np.minimum(MOST, 1 / (1 + np.exp(-SLOPE * (cosine - CENTRE))))
    return probability
