"""Colours get the names that people give them, with the share of the picture that has them."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.engines.colours import NAMES, dominant, named

KNOWN = {
    "ff0000": "red", "00a000": "green", "0000ff": "blue", "ffff00": "yellow", "ffa500": "orange",
    "800080": "purple", "ffb0c8": "pink", "8b4513": "brown", "008080": "turquoise", "ffffff": "white",
    "f2f2f2": "white", "000000": "black", "151515": "black", "808080": "grey", "87ceeb": "blue",
    "1b3a1b": "green",
}  # fmt: skip


@pytest.mark.parametrize(("code", "name"), KNOWN.items())
def test_a_plain_colour_has_its_everyday_name(code: str, name: str) -> None:
    pixel = np.array([[int(code[at : at + 2], 16) for at in (0, 2, 4)]], np.uint8)
    assert NAMES[named(pixel)[0]] == name


def test_shares_follow_the_area_and_the_largest_comes_first() -> None:
    picture = np.zeros((80, 100, 3), np.uint8)
    picture[:, :70] = (200, 20, 20)
    picture[:, 70:] = (30, 60, 200)
    red, blue = dominant(picture)
    assert (red.name, blue.name) == ("red", "blue")
    assert (red.share, blue.share) == (pytest.approx(0.7, abs=0.02), pytest.approx(0.3, abs=0.02))
    assert int(red.hex[1:3], 16) > 180


def test_a_speck_is_not_named() -> None:
    picture = np.full((100, 100, 3), 250, np.uint8)
    picture[:20, :20] = (0, 160, 0)
    assert [colour.name for colour in dominant(picture)] == ["white"]


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (700, 2, 3)])
def test_any_size_has_a_colour(shape: tuple[int, int, int]) -> None:
    assert [colour.name for colour in dominant(np.full(shape, 128, np.uint8))] == ["grey"]
