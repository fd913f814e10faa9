"""The frames that stand for a film: of each shot the clearest, and more where the picture changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import cv2
import numpy as np

from indexing.analysers.contract import Frame, Media
from indexing.decoding.clarity import clarity, is_blank
from indexing.engines.shots import Shot

A_MINUTE = 30
"""Representative frames that a film may have for each of its minutes."""
AT_LEAST, AT_MOST = 60, 6000
"""Those that any film may have, and that none may exceed: 200 minutes at the full rate, 10 a minute in ten
hours."""
STRETCH = 30.0
"""Seconds: a longer shot is cut into equal stretches, so that a take of an hour is looked at all along."""
MOST = 4
"""Representative frames of one stretch, each standing for a second at least."""
ALIKE = 12.0
"""Root mean square of levels (0..255) by which pictures of 16x9 pixels may differ for one to stand for all.
Noise and a talking head stay below it, a pan or somebody walking through exceed it."""
MARGIN, MARGIN_SHARE = 0.5, 0.15
"""Seconds, and share of a stretch, at its ends where no frame is taken: half of a dissolve lies there."""
LONG_SIDE = 256
"""Pixels at which candidates are compared; the frames chosen are not kept at this size."""


class Representative(NamedTuple):
    """A frame at `second` that stands for the half-open span [start, end), and how clear it is."""

    second: float
    start: float
    end: float
    clearness: float = 0.0


class Stretch(NamedTuple):
    """A shot or an equal part of a long one, and how many frames may stand for it."""

    shot: int
    start: float
    end: float
    most: int = 0


class Look(NamedTuple):
    """What is remembered of a candidate: its second, clarity (0 where it is blank) and tiny picture."""

    second: float
    clearness: float
    picture: np.ndarray


def representatives(media: Media, shots: Sequence[Shot]) -> list[list[Representative]]:
    """For each shot the frames that stand for it, in order; their spans tile the shot.

    Beyond the budget of the film (see `budget`) the shortest stretches have none.
    """
    parts = _allowed([part for number, shot in enumerate(shots) for part in _parts(number, shot)])
    seconds = [second for part in parts for second in _candidates(part)]
    looks = map(_look, media.frames(seconds, LONG_SIDE)) if seconds else iter(())
    found: list[list[Representative]] = [[] for _ in shots]
    for part in parts:
        own = list(islice(looks, len(_candidates(part))))
        if own:
            found[part.shot] += _chosen(part, own)
    return [_tiled(shot, frames) for shot, frames in zip(shots, found, strict=True)]


def budget(seconds: float) -> int:
    """Representative frames that a film of that length may have."""
    return min(AT_MOST, max(AT_LEAST, int(A_MINUTE * seconds / 60)))


def _parts(number: int, shot: Shot) -> list[Stretch]:
    count = max(1, int(np.ceil((shot.end - shot.start) / STRETCH)))
    bounds = np.linspace(shot.start, shot.end, count + 1).tolist()
    return [Stretch(number, start, end) for start, end in pairwise(bounds)]


def _allowed(parts: Sequence[Stretch]) -> list[Stretch]:
    """First one frame for each stretch, then a second one and so on, the longest first, within the budget."""
    lengths = np.array([part.end - part.start for part in parts])
    wanted = np.clip(lengths.astype(int), 1, MOST)
    given = np.zeros(len(parts), int)
    left = budget(float(lengths.sum()))
    for round_ in range(1, MOST + 1):
        asking = np.flatnonzero(wanted >= round_)
        served = asking[np.argsort(-lengths[asking], kind="stable")][:left]
        given[served] += 1
        left -= len(served)
    return [part._replace(most=int(most)) for part, most in zip(parts, given, strict=True)]


def _candidates(part: Stretch) -> list[float]:
    """Seconds spread evenly inside the margins of a stretch: enough to choose from, in order."""
    margin = min(MARGIN, MARGIN_SHARE * (part.end - part.start))
    count = 2 * part.most + 3 if part.most else 0
    step = (part.end - part.start - 2 * margin) / max(1, count)
    return [part.start + margin + (number + 0.5) * step for number in range(count)]


def _look(frame: Frame) -> Look:
    small = cv2.resize(frame.pixels, (16, 9), interpolation=cv2.INTER_AREA).astype(np.float32)
    return Look(frame.second, 0.0 if is_blank(frame.pixels) else clarity(frame.pixels), small)


def _chosen(part: Stretch, looks: Sequence[Look]) -> Iterator[Representative]:
    """The clearest look of each group of alike ones, standing for the time of the group."""
    pictures = np.stack([look.picture for look in looks]).reshape(len(looks), -1)
    bounds = alike(pictures, part.most)
    cuts = [(looks[bound - 1].second + looks[bound].second) / 2 for bound in bounds[1:-1]]
    edges = [part.start, *cuts, part.end]
    for first, last, start, end in zip(bounds, bounds[1:], edges, edges[1:], strict=False):
        best = max(looks[first:last], key=lambda look: look.clearness)
        yield Representative(best.second, start, end, best.clearness)


def alike(pictures: np.ndarray, most: int) -> list[int]:
    """Where to cut a row of pictures (n, values) into the fewest groups of alike ones, `most` at most.

    Returns the groups' first indices and n. The group that differs most is cut in two where that leaves the
    least difference (binary segmentation; Scott and Knott, "A cluster analysis method ...", 1974).
    """
    bounds = [0, len(pictures)]
    while len(bounds) <= most:
        differences = [np.sqrt(_spread(pictures[a:b]) / (b - a)) for a, b in pairwise(bounds)]
        widest = int(np.argmax(differences))
        if differences[widest] <= ALIKE:
            break
        bounds.insert(widest + 1, _best_cut(pictures, bounds[widest], bounds[widest + 1]))
    return bounds


def _best_cut(pictures: np.ndarray, first: int, last: int) -> int:
    cuts = range(first + 1, last)
    return min(cuts, key=lambda cut: _spread(pictures[first:cut]) + _spread(pictures[cut:last]))


def _spread(pictures: np.ndarray) -> float:
    """The sum over pictures of their mean squared difference from the mean of all."""
    return float(((pictures - pictures.mean(0)) ** 2).mean(1).sum())


def _tiled(shot: Shot, frames: Sequence[Representative]) -> list[Representative]:
    """The same frames with spans in milliseconds that meet and fill the shot."""
    edges = [shot.start, *(round(frame.start, 3) for frame in frames[1:]), shot.end]
    return [
        frame._replace(second=round(frame.second, 3), start=start, end=end)
        for frame, start, end in zip(frames, edges, edges[1:], strict=False)
    ]
