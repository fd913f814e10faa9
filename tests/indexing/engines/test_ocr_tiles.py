"""The closer look: where small writing is seen, and only there, a large picture is read in tiles."""

from __future__ import annotations

import numpy as np

from indexing.engines import ocr_tiles
from indexing.engines.ocr import Line

SIDE = 100


def line(text: str, left: float, top: float, width: float, height: float, confidence: float = 0.9) -> Line:
    right, foot = left + width, top + height
    return Line(text, confidence, np.array([[left, top], [right, top], [right, foot], [left, foot]]))


class Ink:
    """Reads a mark of ink (an even grey above 0) as a line whose text is that grey."""

    def __init__(self, least: int) -> None:
        self.least = least  # pixels of height below which a mark is not seen
        self.looks: list[tuple[int, int]] = []

    def read(self, rgb: np.ndarray) -> list[Line]:
        self.looks.append(rgb.shape[:2])
        found = []
        for grey in np.unique(rgb[rgb > 0]):
            rows, columns = np.nonzero(rgb[..., 0] == grey)
            height = int(np.ptp(rows)) + 1
            if height >= self.least:
                box = (columns.min(), rows.min(), np.ptp(columns) + 1, height)
                found.append(line(str(grey) * int(box[2]), *box))
        return found


def picture(marks: dict[int, tuple[int, int, int, int]], size: int = 200):
    """A picture of that size, which can be asked for at half of it."""
    pixels = np.zeros((size, size, 3), np.uint8)
    for grey, (left, top, width, height) in marks.items():
        pixels[top : top + height, left : left + width] = grey

    def at(long_side: int) -> np.ndarray:
        step = max(1, -(-size // long_side))
        return pixels[::step, ::step]

    return at


def test_small_writing_has_a_large_picture_read_closer() -> None:
    ink = Ink(least=8)
    lines, pixels = ocr_tiles.read(ink, picture({10: (20, 20, 60, 20), 20: (20, 120, 60, 10)}), SIDE)
    assert pixels.shape == (200, 200, 3)
    assert sorted(str(each.text)[:2] for each in lines) == ["10", "20"]
    (small,) = (each for each in lines if each.text.startswith("20"))
    assert small.corners[0].tolist() == [20, 120]


def test_large_writing_is_read_once() -> None:
    ink = Ink(least=8)
    lines, pixels = ocr_tiles.read(ink, picture({10: (20, 20, 60, 60)}), SIDE)
    assert (len(lines), pixels.shape[0], len(ink.looks)) == (1, 100, 1)


def test_pictures_without_writing_are_read_once() -> None:
    ink = Ink(least=8)
    assert ocr_tiles.read(ink, picture({}), SIDE)[0] == []
    assert len(ink.looks) == 1


def test_a_picture_that_is_no_larger_is_read_once() -> None:
    ink = Ink(least=8)
    lines, pixels = ocr_tiles.read(ink, picture({10: (20, 20, 60, 10)}, size=100), SIDE)
    assert (len(lines), pixels.shape[0], len(ink.looks)) == (1, 100, 1)


def test_a_line_over_the_edge_of_a_tile_is_the_whole_line() -> None:
    whole, cut, rest = (
        line("HARBOUR", 30, 90, 140, 20),
        line("HARBO", 30, 90, 80, 20),
        line("OUR", 90, 90, 80, 20),
    )
    other = line("LIDO", 30, 150, 80, 20)
    kept = ocr_tiles.without_doubles([cut, rest, whole, other])
    assert [each.text for each in kept] == ["HARBOUR", "LIDO"]


def test_tiles_cover_all_of_a_picture() -> None:
    seen = np.zeros((250, 330), bool)
    for (left, top), tile in ocr_tiles.tiles(np.zeros((250, 330, 3), np.uint8), 110):
        assert max(tile.shape[:2]) <= 110
        seen[top : top + tile.shape[0], left : left + tile.shape[1]] = True
    assert seen.all()
