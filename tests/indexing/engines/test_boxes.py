"""Boxes: overlap, doubles, edges, and the square that a network sees."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.boxes import GREY, Boxes, corners_of, intersection_over_union, letterbox


def boxes(*rows: tuple[float, float, float, float, int, float]) -> Boxes:
    table = np.array(rows, float).reshape(-1, 6)
    return Boxes(table[:, :4], table[:, 4].astype(int), table[:, 5])


@pytest.mark.parametrize(
    ("other", "share"),
    [
        ((0, 0, 1, 1), 1),
        ((0.5, 0, 1.5, 1), 1 / 3),
        ((2, 2, 3, 3), 0),
        ((0, 0, 0.5, 0.5), 0.25),
        ((0, 0, 0, 0), 0),
    ],
)
def test_overlap_is_the_shared_area_over_the_whole(other: tuple[float, ...], share: float) -> None:
    one = np.array([0, 0, 1, 1.0])
    assert intersection_over_union(one, np.array([other], float))[0] == pytest.approx(share)


def test_of_doubles_the_surest_stays() -> None:
    found = boxes(
        (0, 0, 1, 1, 7, 0.6), (0, 0, 1, 0.9, 7, 0.9), (0, 0, 1, 1, 8, 0.5), (0, 0, 0.2, 0.2, 7, 0.3)
    )
    kept = found.without_doubles(0.45)
    assert kept.scores.tolist() == [0.9, 0.5, 0.3]


def test_a_box_is_measured_against_the_kept_ones_only() -> None:
    chain = boxes((0, 0, 1, 1, 0, 0.9), (0.3, 0, 1.3, 1, 0, 0.8), (0.6, 0, 1.6, 1, 0, 0.7))
    assert chain.without_doubles(0.45).scores.tolist() == [0.9, 0.7]


def test_faint_boxes_and_boxes_outside_the_picture_go() -> None:
    found = Boxes.best_of(
        np.array([[1.2, 0, 1.4, 1], [-1, 0, 0.5, 1], [0, 0, 1, 1]]), np.eye(3) * [0.9, 0.8, 0.1]
    )
    kept = found.above(0.5)
    assert kept.corners.tolist() == [[0, 0, 0.5, 1]]
    assert kept.classes.tolist() == [1]


def test_nothing_stays_nothing() -> None:
    assert len(boxes().above(0.5).without_doubles(0.5)) == 0


def test_corners_are_half_a_size_from_the_centre() -> None:
    assert corners_of(np.array([[4.0, 6.0]]), np.array([[2.0, 4.0]])).tolist() == [[3, 4, 5, 8]]


@pytest.mark.parametrize(
    ("height", "width", "size"), [(100, 200, (64, 32)), (300, 100, (21, 64)), (1, 900, (64, 1))]
)
def test_a_picture_keeps_its_shape_in_the_square(height: int, width: int, size: tuple[int, int]) -> None:
    square, filled = letterbox(np.full((height, width, 3), 9, np.uint8), 64)
    assert tuple(filled) == size
    assert square.shape == (64, 64, 3)
    assert (square[: size[1], : size[0]] == 9).all()
    assert (square[size[1] :] == GREY).all()
    assert (square[:, size[0] :] == GREY).all()
