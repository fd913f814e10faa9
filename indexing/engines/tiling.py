"""Small things in large pictures: the picture is also looked at piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from indexing.engines.boxes import Boxes, concatenated

TILE = 640
"""Pixels: about what the detectors see at once, so that a tile is not made smaller."""
LAP = 128
"""Pixels by which neighbouring tiles overlap: a thing smaller than this lies whole in one of them."""
TILED_FROM = 1280
"""Pixels of the long side from which a picture is cut up; below it the detectors lose little."""
MOST_TILES = 24
EDGE = 0.01
"""Of a tile: a box that comes closer to an inner edge is taken to be cut off by it."""
LARGEST = 0.6
"""Of a tile's side: what is larger is seen as well in the whole picture, and whole."""

See = Callable[[np.ndarray], Boxes]


class Tile(NamedTuple):
    """A piece of a picture in pixels: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int


def is_large(rgb: np.ndarray) -> bool:
    """True where the picture should be cut up."""
    height, width = rgb.shape[:2]
    return bool(max(height, width) > TILED_FROM)


def tiles(width: int, height: int) -> list[Tile]:
    """Pieces that cover the picture, at most MOST_TILES: for a larger picture the pieces are larger."""
    side = TILE
    while len(pieces := _grid(width, height, side)) > MOST_TILES:
        side = round(side * 1.1)
    return pieces


def look_closely(rgb: np.ndarray, see: See) -> Boxes:
    """What `see` finds in the tiles, in 0..1 of the whole picture.

    Left out is what an inner edge of a tile cuts off and what fills a tile: the whole picture shows it.
    """
    height, width = rgb.shape[:2]
    found = [_placed(_whole(see(_cut(rgb, tile)), tile, width, height), tile, width, height)
             for tile in tiles(width, height)]  # fmt: skip
    return concatenated(found)


def _grid(width: int, height: int, side: int) -> list[Tile]:
    lap = LAP * side // TILE
    return [
        Tile(left, top, min(left + side, width), min(top + side, height))
        for top in _starts(height, side, lap)
        for left in _starts(width, side, lap)
    ]


def _starts(length: int, side: int, lap: int) -> Iterator[int]:
    """Where pieces begin so that they are evenly spread, overlap by at least `lap` and cover the length."""
    count = max(1, -(-(length - lap) // (side - lap)))
    last = max(0, length - side)
    yield from (round(last * number / max(1, count - 1)) for number in range(count))


def _cut(rgb: np.ndarray, tile: Tile) -> np.ndarray:
    return np.ascontiguousarray(rgb[tile.top : tile.bottom, tile.left : tile.right])


def _whole(boxes: Boxes, tile: Tile, width: int, height: int) -> Boxes:
    """The boxes that lie whole in the tile and do not fill it."""
    inner = np.array([tile.left > 0, tile.top > 0, tile.right < width, tile.bottom < height])
    distance = np.concatenate([boxes.corners[:, :2], 1 - boxes.corners[:, 2:]], axis=1)
    cut_off = ((distance < EDGE) & inner).any(1)
    sides = (boxes.corners[:, 2:] - boxes.corners[:, :2]).max(1)
    return boxes.take(~cut_off & (sides < LARGEST))


def _placed(boxes: Boxes, tile: Tile, width: int, height: int) -> Boxes:
    scale = np.array([tile.right - tile.left, tile.bottom - tile.top] * 2)
    offset = np.array([tile.left, tile.top] * 2)
    corners = (boxes.corners * scale + offset) / np.array([width, height] * 2)
    return Boxes(corners, boxes.classes, boxes.scores)
