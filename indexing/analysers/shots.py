"""Shots of a film, each with the frame that shows it best."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import cv2
import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue
from indexing.engines.cache import loaded
from indexing.engines.shots import HEIGHT, WIDTH, PySceneDetect, Shot, ShotDetector, TransNetV2

CANDIDATES = 5  # key frames tried in a shot
FRAME_BUDGET = 2000  # and in a film: beyond 400 shots each gets fewer, beyond 2,000 none is decoded
LONG_SIDE = 320


class Shots:
    """One "shot" for each shot, with its key frame's second in details["keyframe"]."""

    name = "shots"
    version = "1"
    kinds: Sequence[str] = ("shot",)
    applies_to: Sequence[MediaKind] = ("video",)
    depends: Sequence[str] = ()
    queue: Queue = "cpu"
    spaces: Mapping[str, int] = {}

    def __init__(self, engine: Literal["transnetv2", "pyscenedetect"] = "transnetv2") -> None:
        self.model = TransNetV2.name if engine == "transnetv2" else PySceneDetect.name
        self.weights: Sequence[str] = ("transnetv2",) if engine == "transnetv2" else ()

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        shots = self._detector(context).detect(media.stream(WIDTH, HEIGHT), media.duration)
        for shot, second in zip(shots, key_frames(media, shots), strict=True):
            yield Finding(
                kind="shot",
                place=Place(shot.start, shot.end),
                confidence=shot.confidence,
                details={"keyframe": round(second, 3)},
            )

    def _detector(self, context: Context) -> ShotDetector:
        if not self.weights:
            return PySceneDetect()
        path, threads = context.weights("transnetv2"), context.threads
        return loaded(("transnetv2", path, threads), lambda: TransNetV2(path, threads))


def key_frames(media: Media, shots: Sequence[Shot]) -> list[float]:
    """The second of the sharpest, best lit candidate of each shot; its middle where none was decoded."""
    best = [(-1.0, (shot.start + shot.end) / 2) for shot in shots]
    seconds = _candidates(shots)
    starts = [shot.start for shot in shots]
    for frame in media.frames(seconds, LONG_SIDE) if seconds else ():
        number = max(0, bisect_right(starts, frame.second + 1e-3) - 1)
        best[number] = max(best[number], (clarity(frame.pixels), frame.second))
    return [second for _, second in best]


def clarity(pixels: np.ndarray) -> float:
    """Sharpness of an RGB uint8 picture, 0 or more, weighed by how much of it is neither black nor white.

    Variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000)
    times the share of pixels of luma 24 to 232.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    lit = float(((luma >= 24) & (luma <= 232)).mean())
    return float(cv2.Laplacian(luma, cv2.CV_64F).var()) * lit


def _candidates(shots: Sequence[Shot]) -> list[float]:
    """Seconds spread evenly inside each shot, in order."""
    each = min(CANDIDATES, FRAME_BUDGET // max(1, len(shots)))
    return [
        shot.start + (shot.end - shot.start) * (number + 0.5) / each
        for shot in shots
        for number in range(each)
    ]
