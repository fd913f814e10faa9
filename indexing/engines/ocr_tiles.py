"""A second, closer look at large pictures whose writing is small."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from indexing.engines.ocr import Line, Reader

SMALL = 24.0  # pixels: a line less high may have neighbours too small to be seen
TILE = 1.1  # of the side of the first look: two tiles then span twice that side and share a tenth
SHARED = 0.1  # share of a tile's side that it has in common with the next, at least
LARGER = 1.2  # times the size of the first look: less shows nothing new
SURE = 0.8
SAME = 0.5  # share of the smaller of two boxes that lies in the other: then they are one line


def read(reader: Reader, picture: Callable[[int], np.ndarray], side: int) -> tuple[list[Line], np.ndarray]:
    """The lines of a picture and the pixels (height, width, 3) that their corners are in.

    `picture` gives the picture with a long side of at most so many pixels. Where it is larger than `side` and
    a small line is read in it, it is read again at up to twice the size in overlapping tiles.
    """
    pixels = picture(side)
    lines = reader.read(pixels)
    if max(pixels.shape[:2]) < side or not any(_is_small(line) for line in lines):
        return lines, pixels
    closer = picture(2 * side)
    scale = max(closer.shape[:2]) / max(pixels.shape[:2])
    if scale < LARGER:
        return lines, pixels
    parts = tiles(closer, round(TILE * side))
    found = [_moved(line, 1.0, corner) for corner, tile in parts for line in reader.read(tile)]
    return without_doubles([*found, *(_moved(line, scale, (0, 0)) for line in lines)]), closer


def _is_small(line: Line) -> bool:
    return line.confidence >= SURE and height(line) < SMALL


def height(line: Line) -> float:
    """How high the line is, in pixels, however it is turned."""
    return math.dist(line.corners[0], line.corners[3])


def tiles(pixels: np.ndarray, side: int) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
    """Pieces of at most `side` pixels with the place of their top left corner (x, y)."""
    for top in _starts(pixels.shape[0], side):
        for left in _starts(pixels.shape[1], side):
            yield (left, top), pixels[top : top + side, left : left + side]


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = math.ceil((length - side * SHARED) / (side * (1 - SHARED)))
    return [round(start) for start in np.linspace(0, length - side, count)]


def without_doubles(lines: Sequence[Line]) -> list[Line]:
    """The lines but those that are seen twice; of two, the one with more letters and surer ones stays, since
    the edge of a tile cuts lines short."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda each: -len(each.text) * each.confidence):
        if not any(_covered(line, other) for other in kept):
            kept.append(line)
    return kept


def _covered(one: Line, other: Line) -> bool:
    low = np.maximum(one.corners.min(0), other.corners.min(0))
    high = np.minimum(one.corners.max(0), other.corners.max(0))
    smaller = min(np.ptp(each.corners, axis=0).prod() for each in (one, other))
    return bool(np.clip(high - low, 0, None).prod() > SAME * smaller)


def _moved(line: Line, scale: float, by: tuple[int, int]) -> Line:
    words = [word._replace(corners=word.corners * scale + by) for word in line.words]
    return line._replace(corners=line.corners * scale + by, words=words)
