"""Faces in pictures and films: where they are and, for those who consented, what they look like."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue, Vector
from indexing.analysers.face_tracks import Sighting, Track, Tracks
from indexing.analysers.keyframes import key_frames, moments
from indexing.engines.face_detector import Face, FaceDetector, open_detector
from indexing.engines.face_embedder import DIMENSIONS, SPACE, FaceEmbedder, align, open_embedder
from indexing.engines.face_quality import FLOOR, quality

PICTURE_SIDE = 2560
"""Pixels of a still: a group of 25 people abreast has faces of some 45 pixels."""
FRAME_SIDE = 1280
MOST_IN_A_FRAME = 40
"""Faces followed in one frame of a film, the largest ones."""
MOST_BOXES = 200
"""Boxes and spans told of one track, spread over it."""


class Seen(NamedTuple):
    """A face with its quality and, where that suffices, its vector."""

    face: Face
    quality: float
    vector: np.ndarray | None


class Faces:
    """Every face of a picture; for a film one track for each person and stretch of shots.

    A box is a fact about the picture. The vector with it is biometric data. It is made here to tell faces
    apart within this run; nothing here knows whose it is or who consented. Whoever stores the findings
    decides: without consent a vector does not outlive the run. No age, gender, race or emotion is inferred.
    """

    name = "faces"
    version = "1"
    model = "yunet-sface"
    kinds = ("face",)
    applies_to: tuple[MediaKind, ...] = ("image", "video")
    depends = ("shots",)
    queue: Queue = "cpu"
    weights = ("yunet", "sface")
    spaces = {SPACE: DIMENSIONS}

    def analyse(self, media: Media, context: Context) -> Iterable[Finding]:
        detector = open_detector(context.weights("yunet"), context.threads)
        embedder = open_embedder(context.weights("sface"), context.threads)
        if media.kind == "image":
            seen = look(media.picture(PICTURE_SIDE), detector, embedder)
            return [_finding(each, Place(region=each.face.region), {}) for each in seen]
        tracks = Tracks()
        for sightings in _sightings(media, context, detector, embedder):
            tracks.see(sightings)
        return [_track_finding(track) for track in tracks.best()]


def look(
    rgb: np.ndarray, detector: FaceDetector, embedder: FaceEmbedder, most: int | None = None
) -> list[Seen]:
    """The faces of an upright RGB picture: all, surest first, or so many of the largest."""
    faces = detector.detect(rgb)
    if most is not None:
        faces = sorted(faces, key=lambda face: face.region.w * face.region.h, reverse=True)[:most]
    size = np.array(rgb.shape[1::-1])
    aligned = [align(rgb, face.landmarks) for face in faces]
    worth = [
        quality(pixels, face.landmarks * size, face.region.w * size[0])
        for pixels, face in zip(aligned, faces, strict=True)
    ]
    good = [at for at, each in enumerate(worth) if each >= FLOOR]
    vectors = dict(zip(good, embedder.embed([aligned[at] for at in good]), strict=True))
    return [Seen(face, worth[at], vectors.get(at)) for at, face in enumerate(faces)]


def _sightings(
    media: Media, context: Context, detector: FaceDetector, embedder: FaceEmbedder
) -> Iterator[list[Sighting]]:
    """The faces of each frame that stands for a part of the film, in order."""
    starts = sorted(shot.place.start or 0.0 for shot in context.facts("shot"))
    seconds = dict(moments(context))
    for frame, (place, rgb) in enumerate(key_frames(media, context, FRAME_SIDE)):
        shot = bisect_right(starts, place.start or 0.0)
        second = seconds.get(place, ((place.start or 0.0) + (place.end or 0.0)) / 2)
        faces = look(rgb, detector, embedder, MOST_IN_A_FRAME)
        yield [Sighting(frame, shot, second, place, *each) for each in faces]


def _finding(seen: Seen, place: Place, more: dict[str, Any]) -> Finding:
    return Finding(
        kind="face",
        place=place,
        confidence=seen.face.confidence,
        details={
            "quality": round(seen.quality, 3),
            "landmarks": np.round(seen.face.landmarks, 4).tolist(),
        }
        | more,
        vector=None if seen.vector is None else Vector(SPACE, seen.vector, place),
    )


def _track_finding(track: Track) -> Finding:
    """The track's whole span with its best box; details tell when the face is really seen, and where."""
    best, first, last = track.best, track.sightings[0], track.sightings[-1]
    more = {
        "frames": len(track.sightings),
        "spans": [list(span) for span in thinned(track.spans())],
        "boxes": [_box(each) for each in thinned(track.sightings)],
    }
    place = Place(first.place.start, last.place.end, best.face.region)
    return _finding(Seen(best.face, best.quality, track.vector), place, more)


def _box(sighting: Sighting) -> dict[str, float]:
    region = {name: round(value, 4) for name, value in sighting.face.region._asdict().items()}
    return {"second": round(sighting.second, 3)} | region


def thinned(items: Sequence[Any]) -> Sequence[Any]:
    """All of them, or 200 spread evenly from the first to the last."""
    if len(items) <= MOST_BOXES:
        return items
    return [items[int(at)] for at in np.linspace(0, len(items) - 1, MOST_BOXES)]
