"""The vector spaces in which a vector is biometric data, and how likeness in them is read."""

from __future__ import annotations

from collections.abc import Callable

Likeness = Callable[[float], float]
"""The probability that two vectors of this cosine are of one person, for as many of one as of two."""

FACE, VOICE = "face", "voice"
SPACES = {"sface": FACE}
"""Every biometric space, and the scope of consent that it needs. No vector in one passes the gate unseen."""
KINDS = {FACE: "person", VOICE: "speaker"}
"""The kind of fact that names a person, by the scope of consent that it needs."""

_likeness: dict[str, Likeness] = {}


def calibrate(space: str, likeness: Likeness) -> None:
    """Say how likeness in a space is read. Without it nobody is recognised in that space."""
    _likeness[space] = likeness


def likeness_in(space: str) -> Likeness | None:
    """How likeness in that space is read, or None where nobody has said it."""
    return _likeness.get(space)
