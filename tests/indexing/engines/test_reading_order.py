"""Pages are read in the order in which people read them."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.reading_order import blocks, turn_of


def box(left: float, top: float, width: float, height: float = 20.0) -> list[list[float]]:
    right, foot = left + width, top + height
    return [[left, top], [right, top], [right, foot], [left, foot]]


COLUMNS = [
    box(50, 10, 700, 30),
    *(box(50, 60 + 28 * row, 320) for row in range(5)),
    *(box(430, 60 + 28 * row, 320) for row in range(5)),
    box(50, 260, 700),
]
READ = [[0], [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11]]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 8, -8, 98])
def test_columns_are_read_one_after_the_other_however_the_page_lies(degrees: float) -> None:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shuffled = np.random.default_rng(int(degrees) % 360).permutation(len(COLUMNS))
    found = blocks((np.array(COLUMNS) @ turn)[shuffled])
    assert [[int(shuffled[number]) for number in block] for block in found] == READ


def test_words_of_one_row_are_read_from_left_to_right() -> None:
    row = np.array([box(120, 12, 60), box(20, 10, 90), box(20, 40, 200)])
    assert blocks(row) == [[1, 0], [2]]


def test_paragraphs_far_apart_are_blocks() -> None:
    assert blocks(np.array([box(0, 0, 100), box(0, 25, 100), box(0, 80, 100)])) == [[0, 1], [2]]


def test_lines_upon_each_other_and_pages_without_lines_come_to_an_end() -> None:
    assert blocks(np.zeros((0, 4, 2))) == []
    assert sorted(blocks(np.zeros((3, 4, 2)))[0]) == [0, 1, 2]


def test_the_turn_is_that_of_most_of_the_text() -> None:
    label = np.array(box(0, 0, 40)) @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert turn_of(np.array([*COLUMNS, label])) == pytest.approx(0.0, abs=1e-6)
