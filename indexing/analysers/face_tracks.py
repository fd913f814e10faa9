"""One track for each person in a film, as far as a stretch of shots goes: who was seen goes on being seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from indexing.analysers.contract import Place, Region
from indexing.engines.boxes import intersection_over_union
from indexing.engines.face_detector import Face
from indexing.engines.face_embedder import DIMENSIONS
from indexing.engines.face_likeness import SAME, SURE
from indexing.engines.text_image import unit

OVERLAP = 0.3
"""Boxes of neighbouring frames of one shot that share more (intersection over union) may be one person ..."""
UNLIKE = 0.2
"""... unless their vectors are less alike than this: two people in 20 are, two views of one hardly ever."""
GAP = 15.0
"""Seconds that a person may be out of sight within a track, as when two people who talk are shown in turn."""
MOST_TRACKS = 500
"""Tracks of one film; those seen longest and clearest stay."""


class Sighting(NamedTuple):
    """A face in one of the frames looked at. `frame` counts them, `shot` the shots; `place` is the span that
    the frame at `second` stands for. `vector` is None where the face is too poor for one."""

    frame: int
    shot: int
    second: float
    place: Place
    face: Face
    quality: float
    vector: np.ndarray | None


@dataclass
class Track:
    """One person's sightings, no two in one frame; `total` is the sum of their vectors times quality."""

    sightings: list[Sighting] = field(default_factory=list)
    total: np.ndarray = field(default_factory=lambda: np.zeros(DIMENSIONS, np.float32))

    def add(self, sighting: Sighting) -> None:
        """The vector goes into the total; only the rest is kept."""
        if sighting.vector is not None:
            self.total = self.total + sighting.quality * sighting.vector
        self.sightings.append(sighting._replace(vector=None))

    @property
    def vector(self) -> np.ndarray | None:
        """The quality-weighted mean as a unit vector, or None where every face was too poor."""
        return unit(self.total) if self.total.any() else None

    @property
    def best(self) -> Sighting:
        return max(self.sightings, key=lambda each: (each.quality, each.face.confidence))

    @property
    def worth(self) -> tuple[float, int]:
        """Tracks with the highest stay: how much was seen how well, then how often."""
        return sum(each.quality for each in self.sightings), len(self.sightings)

    def spans(self) -> list[tuple[float, float | None]]:
        """When the person is seen, in order; frames that follow each other make one span."""
        spans: list[tuple[float, float | None]] = []
        for each in self.sightings:
            start, end = each.place.start or 0.0, each.place.end
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans


class Tracks:
    """Tracks that grow frame by frame, in memory that does not grow with the length of the film."""

    def __init__(self) -> None:
        self._live: list[Track] = []
        self._ended: list[Track] = []

    def see(self, sightings: Sequence[Sighting]) -> None:
        """Take in every face of the next frame: each goes to the track that it fits best, or begins one."""
        if not sightings:
            return
        self._end(sightings[0].place.start or 0.0)
        scores = np.array([[likeness(track, each) for track in self._live] for each in sightings])
        known = dict(zip(*linear_sum_assignment(scores, maximize=True), strict=True)) if self._live else {}
        tracks = list(self._live)
        for row, sighting in enumerate(sightings):
            fits = row in known and scores[row, known[row]] > 0
            track = tracks[known[row]] if fits else Track()
            track.add(sighting)
            if not fits:
                self._live.append(track)

    def best(self) -> list[Track]:
        """At most 500 tracks, in order of their beginnings."""
        kept = _best(self._ended + self._live)
        return sorted(kept, key=lambda track: track.sightings[0].place.start or 0.0)

    def _end(self, second: float) -> None:
        """Nothing more is added to those that were last seen too long before that second."""
        lasting = [each for each in self._live if second - _end_of(each) <= GAP]
        ended = [each for each in self._live if second - _end_of(each) > GAP]
        self._live, self._ended = lasting, _best(self._ended + ended)


def likeness(track: Track, sighting: Sighting) -> float:
    """How well a sighting goes on with a track; 0 where it does not.

    In one shot likeness will do, or overlap with the frame before where nothing speaks against it. Another
    shot needs a strong likeness.
    """
    last = track.sightings[-1]
    alike = _cosine(track, sighting)
    if last.shot != sighting.shot:
        return alike if alike is not None and alike >= SURE else 0.0
    neighbours = last.frame == sighting.frame - 1
    shared = _overlap(last.face.region, sighting.face.region) if neighbours else 0.0
    follows = shared >= OVERLAP and (alike is None or alike >= UNLIKE)
    return shared + (alike or 0.0) if follows or (alike is not None and alike >= SAME) else 0.0


def _cosine(track: Track, sighting: Sighting) -> float | None:
    if sighting.vector is None or track.vector is None:
        return None
    return float(track.vector @ sighting.vector)


def _overlap(one: Region, other: Region) -> float:
    corners = [np.array([box.x, box.y, box.x + box.w, box.y + box.h]) for box in (one, other)]
    return float(intersection_over_union(corners[0], corners[1][None])[0])


def _end_of(track: Track) -> float:
    place = track.sightings[-1].place
    return place.end if place.end is not None else place.start or 0.0


def _best(tracks: list[Track]) -> list[Track]:
    return sorted(tracks, key=lambda track: track.worth, reverse=True)[:MOST_TRACKS]
