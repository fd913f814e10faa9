"""One picture for each shot of a film."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexing.analysers.contract import Context, Media, Place


def key_frames(media: Media, context: Context, long_side: int) -> Iterator[tuple[Place, np.ndarray]]:
    """The span of each shot with its key frame (RGB uint8), in order.

    Without shots (none were found, or they are not looked for) the film counts as a single one.
    """
    shots = _shots(context) or [(Place(0.0, media.duration), (media.duration or 0.0) / 2)]
    frames = media.frames([second for _, second in shots], long_side)
    for (place, _), frame in zip(shots, frames, strict=False):
        yield place, frame.pixels


def _shots(context: Context) -> list[tuple[Place, float]]:
    found = sorted(context.facts("shot"), key=lambda shot: shot.place.start or 0.0)
    return [
        (Place(shot.place.start, shot.place.end), _key_second(shot.details, shot.place)) for shot in found
    ]


def _key_second(details: object, place: Place) -> float:
    start = place.start or 0.0
    middle = (start + (place.end if place.end is not None else start)) / 2
    return float(details.get("keyframe", middle)) if isinstance(details, dict) else middle
