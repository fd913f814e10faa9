"""The frames of a film to look at: those that stand for its shots."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, Place


def key_frames(media: Media, context: Context, long_side: int) -> Iterator[tuple[Place, np.ndarray]]:
    """Each representative frame (RGB uint8) of each shot with the span that it stands for, in order.

    Without shots (none were found, or they are not looked for) the film counts as a single one.
    """
    wanted = moments(context) or [(Place(0.0, media.duration), (media.duration or 0.0) / 2)]
    frames = media.frames([second for _, second in wanted], long_side)
    for (place, _), frame in zip(wanted, frames, strict=False):
        yield place, frame.pixels


def moments(context: Context) -> list[tuple[Place, float]]:
    """The spans that stand for the shots of a film and the second of the frame that shows each, in order."""
    shots = sorted(context.facts("shot"), key=lambda shot: shot.place.start or 0.0)
    return [moment for shot in shots for moment in _moments(shot)]


def _moments(shot: Finding) -> list[tuple[Place, float]]:
    """Those of one shot; one that says nothing of its frames has its key frame, or the one in its middle."""
    if "frames" in shot.details:
        return [(Place(each["start"], each["end"]), each["second"]) for each in shot.details["frames"]]
    start, end = shot.place.start or 0.0, shot.place.end
    middle = (start + (end if end is not None else start)) / 2
    return [(Place(shot.place.start, end), float(shot.details.get("keyframe", middle)))]
