"""The vector spaces in which a vector is biometric data, and how likeness in them is read."""

from __future__ import annotations

from collections.abc import Callable

Likeness = Callable[[float], float]
"""The probability that two vectors of this cosine are of one person, for as many of one as of two."""

FACE, VOICE = "face", "voice"
"""The scopes of consent. Each is also the kind of the fact that a biometric vector describes."""
SPACES = {"sface": FACE, "wespeaker": VOICE}
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


def spaces_of(scope: str) -> list[str]:
    """The spaces whose vectors need that scope of consent."""
    return [space for space, needed in SPACES.items() if needed == scope]
