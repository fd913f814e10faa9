"""Key and mode from a chroma: which of twenty-four profiles it resembles most, and by how much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
"""How often each degree is heard in pieces of known key: Albrecht and Shanahan, "The use of large corpora to
train a new type of key-finding algorithm", Music Perception 31 (2013)."""
TONICS = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}
"""The usual spelling of each tonic, with the fewer accidentals."""
LEAST_RESEMBLANCE = 0.45
"""The correlation below which a chroma has no key: noise, drums, one note."""
FEWEST_DEGREES = 3
"""So many pitch classes must be heard; fewer are a note or an interval and belong to many keys."""
HEARD = 0.15
"""The share of the strongest pitch class from which one is heard."""


class Key(NamedTuple):
    """A key: the tonic as a pitch class (0 for C), "major" or "minor", the correlation with its profile, by
    how much that exceeds the next key's, and the name of that next key."""

    tonic: int
    mode: str
    resemblance: float
    lead: float
    runner_up: str

    @property
    def name(self) -> str:
        """As musicians write it: "Eb major"."""
        return f"{TONICS[self.mode][self.tonic]} {self.mode}"


def key_of(chroma: np.ndarray) -> Key | None:
    """The key of a chroma (12,) from C, in any scale that is not negative; None where it has none."""
    strongest = float(chroma.max(initial=0.0))
    if strongest <= 0 or np.count_nonzero(chroma >= HEARD * strongest) < FEWEST_DEGREES:
        return None
    modes = [(mode, tonic) for mode in TONICS for tonic in range(12)]
    profiles = np.stack([np.roll(MAJOR if mode == "major" else MINOR, tonic) for mode, tonic in modes])
    alike = np.corrcoef(np.vstack([chroma, profiles]))[0, 1:]
    second, best = (int(number) for number in np.argsort(alike)[-2:])
    if not alike[best] >= LEAST_RESEMBLANCE:
        return None
    mode, tonic = modes[best]
    other = TONICS[modes[second][0]][modes[second][1]]
    lead = float(alike[best] - alike[second])
    return Key(tonic, mode, float(alike[best]), lead, f"{other} {modes[second][0]}")
