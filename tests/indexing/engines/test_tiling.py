"""Large pictures are looked at in overlapping tiles."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from indexing.engines.boxes import Boxes
from indexing.engines.detector import MOST, NetworkDetector
from indexing.engines.tiling import LAP, MOST_TILES, TILE, TILED_FROM, is_large, look_closely, tiles

LIGHT = 250


class Spots:
    """A network that sees light squares, if they are at least a twentieth of what it is shown."""

    labels = ("spot",)

    def candidates(self, rgb: np.ndarray) -> Boxes:
        height, width = rgb.shape[:2]
        corners = [corner for corner in self._squares(rgb) if (corner[2] - corner[0]) * 20 >= width]
        table = np.array(corners, float).reshape(-1, 4) / [width, height, width, height]
        return Boxes(table, np.zeros(len(table), int), np.full(len(table), 0.9))

    def _squares(self, rgb: np.ndarray) -> list[tuple[int, ...]]:
        mask = (rgb[..., 0] > LIGHT - 1).astype(np.uint8)
        rows = cv2.connectedComponentsWithStats(mask)[2][1:]
        return [(x, y, x + w, y + h) for x, y, w, h, _ in rows]


def canvas(width: int, height: int, *spots: tuple[int, int, int]) -> np.ndarray:
    """A dark picture with light squares: (left, top, side)."""
    rgb = np.zeros((height, width, 3), np.uint8)
    for left, top, side in spots:
        rgb[top : top + side, left : left + side] = LIGHT
    return rgb


@pytest.mark.parametrize(
    "size", [(1281, 700), (2560, 1707), (2560, 1920), (900, 2560), (12000, 900), (1281, 1)]
)
def test_tiles_cover_the_picture_overlap_and_are_bounded(size: tuple[int, int]) -> None:
    width, height = size
    covered = np.zeros((height, width), bool)
    pieces = tiles(width, height)
    for left, top, right, bottom in pieces:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        covered[top:bottom, left:right] = True
    assert covered.all()
    assert 1 < len(pieces) <= MOST_TILES
    lefts = sorted({piece.left for piece in pieces})
    side = pieces[0].right - pieces[0].left
    assert all(later - earlier <= side - LAP * side // TILE for earlier, later in pairwise(lefts))


def test_only_large_pictures_are_cut() -> None:
    assert not is_large(canvas(TILED_FROM, 800))
    assert is_large(canvas(TILED_FROM + 1, 800))
    assert is_large(canvas(800, TILED_FROM + 1))


def test_a_small_thing_is_found_once_and_in_its_place() -> None:
    picture = canvas(2560, 1920, (1300, 700, 60))
    detector = NetworkDetector(Spots(), 0.5)
    assert detector.detect(picture[::4, ::4]) == []
    (seen,) = detector.detect(picture)
    assert tuple(seen.region) == pytest.approx((1300 / 2560, 700 / 1920, 60 / 2560, 60 / 1920))


def test_a_thing_across_the_edges_of_tiles_is_not_cut_up() -> None:
    edges = {piece.right for piece in tiles(2560, 1920)} - {2560}
    picture = canvas(2560, 1920, *((edge - 40, 300, 80) for edge in edges))
    found = NetworkDetector(Spots(), 0.5).detect(picture)
    assert len(found) == len(edges)
    assert {round(seen.region.w * 2560) for seen in found} == {80}


def test_what_fills_a_tile_is_left_to_the_whole_picture() -> None:
    picture = canvas(2560, 1920, (100, 100, 1500))
    assert len(look_closely(picture, Spots().candidates)) == 0
    assert len(NetworkDetector(Spots(), 0.5).detect(picture)) == 1


def test_a_photograph_of_300_people_has_300_boxes() -> None:
    people = [(40 + 125 * column, 40 + 120 * row, 60) for column in range(20) for row in range(15)]
    assert len(NetworkDetector(Spots(), 0.5).detect(canvas(2560, 1920, *people))) == 300


def test_what_is_reported_of_one_picture_is_bounded() -> None:
    many = MOST + 200
    corners = np.stack([[n / many, 0, (n + 0.9) / many, 1] for n in range(many)])

    class Crowd:
        labels = ("person",)

        def candidates(self, rgb: np.ndarray) -> Boxes:
            return Boxes(corners, np.zeros(many, int), np.linspace(0.5, 0.9, many))

    found = NetworkDetector(Crowd(), 0.3).detect(np.zeros((4, 4, 3), np.uint8))
    assert len(found) == MOST
    assert min(seen.confidence for seen in found) > 0.5
