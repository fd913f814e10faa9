"""How likely two faces are of one person, from the cosine of their SFace vectors."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

Number = TypeVar("Number", float, np.ndarray)

CENTRE, SLOPE = 0.40, 32.0
"""The logistic curve, for as many pairs of one person as of two.

A fit to the labelled portraits and to strangers of everyday photographs has its centre at 0.43; the authors'
threshold is 0.363 (SFace in OpenCV Zoo, from Labeled Faces in the Wild). The centre here lies between. Fitted
to parts of the people the slope comes out between 32 and 81: the portraits are few and easy, so the flattest
is used and middling probabilities stay middling. `tests.bench.bench_faces` prints the fits anew.
"""
SAME = CENTRE
"""The cosine from which two faces count as one person: as likely as not, and above the authors' threshold."""
MOST = 0.99
"""No more is claimed: a few hundred pairs without a mistake do not prove that there is none in a thousand."""
SURE = 0.50
"""The cosine of a likeness strong enough to join what nothing else connects: 96 %."""


def same_person(cosine: Number) -> Number:
    """The probability 0..1 that faces whose unit vectors have this cosine are of one person.

    It holds for even odds; where most pairs are of different people, weigh it by what is known before.
    """
    probability: Number = np.minimum(MOST, 1 / (1 + np.exp(-SLOPE * (cosine - CENTRE))))
    return probability
