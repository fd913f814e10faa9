"""In which order the lines of a page are read: the recursive XY-cut.

Nagy, Seth and Viswanathan, "A prototype document image analysis system for technical journals", Computer
25(7), 1992. Lines are cut apart at the widest empty strip, across or down, until none is left. A page that
lies on its side or is askew is turned upright first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

COLUMNS = 1.0  # line heights: an empty strip from top to bottom that is so wide parts columns
PARAGRAPHS = 0.9  # and one across that is so high parts blocks
ROW = 0.5  # share of the lower height by which two boxes in one row overlap


def blocks(corners: np.ndarray) -> list[list[int]]:
    """Line numbers, block by block as they are read. `corners` (n, 4, 2) are those of ocr.Line, in pixels."""
    if not len(corners):
        return []
    boxes = _upright(corners)
    height = max(1e-6, float(np.median(boxes[:, 3] - boxes[:, 1])))
    return [[int(number) for number in block] for block in _cut(boxes, np.arange(len(boxes)), height)]


def turn_of(corners: np.ndarray) -> float:
    """The angle of the page in degrees, clockwise, -180 to 180: the mean direction of the lines that run the
    way most of the written length runs."""
    along = corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]
    directions = along[:, 0] + 1j * along[:, 1]
    quarters = np.round(np.angle(directions) / (np.pi / 2)).astype(int) % 4
    lengths = np.bincount(quarters, weights=np.abs(directions), minlength=4)
    return float(np.degrees(np.angle(directions[quarters == lengths.argmax()].sum())))


def _upright(corners: np.ndarray) -> np.ndarray:
    """Left, top, right, bottom (n, 4) of the lines after the page is turned back."""
    angle = np.radians(turn_of(corners))
    turned = corners @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.concatenate([turned.min(1), turned.max(1)], axis=1)


def _cut(boxes: np.ndarray, numbers: np.ndarray, height: float) -> list[np.ndarray]:
    """Blocks of those lines. A stack of lines is cut only at a high strip; lines beside each other are cut
    wherever they can be, so that a heading comes apart from the columns under it."""
    across, down = (_widest_gap(boxes[numbers], axis) for axis in (0, 1))
    best_across, best_down = across[0] / height / COLUMNS, down[0] / height / PARAGRAPHS
    if max(best_across, best_down) < 1 and (across[0] > 0 or _is_stack(boxes[numbers]) or down[0] <= 0):
        return [_rows(boxes, numbers)]
    axis, at = (0, across[1]) if best_across >= max(1, best_down) else (1, down[1])
    before = boxes[numbers, axis + 2] <= at
    return _cut(boxes, numbers[before], height) + _cut(boxes, numbers[~before], height)


def _widest_gap(boxes: np.ndarray, axis: int) -> tuple[float, float]:
    """The width of the widest strip that no box touches, and where it begins; (0, 0) where there is none."""
    order = np.argsort(boxes[:, axis])
    ends = np.maximum.accumulate(boxes[order, axis + 2])[:-1]
    gaps = boxes[order, axis][1:] - ends
    if not len(gaps) or gaps.max() <= 0:
        return 0.0, 0.0
    return float(gaps.max()), float(ends[gaps.argmax()])


def _is_stack(boxes: np.ndarray) -> bool:
    """True where no two boxes stand in one row."""
    ordered = boxes[np.argsort(boxes[:, 1])]
    return all(not _share_row(one, two) for one, two in pairwise(ordered))


def _rows(boxes: np.ndarray, numbers: Sequence[int] | np.ndarray) -> np.ndarray:
    """The lines row by row, and in a row from left to right."""
    rows: list[list[int]] = []
    for number in sorted(numbers, key=lambda each: boxes[each, 1] + boxes[each, 3]):
        if rows and _share_row(boxes[rows[-1][-1]], boxes[number]):
            rows[-1].append(number)
        else:
            rows.append([number])
    return np.array([number for row in rows for number in sorted(row, key=lambda each: boxes[each, 0])])


def _share_row(one: np.ndarray, two: np.ndarray) -> bool:
    shared = min(one[3], two[3]) - max(one[1], two[1])
    return bool(shared > ROW * min(one[3] - one[1], two[3] - two[1]))
