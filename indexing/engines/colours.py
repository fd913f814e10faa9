"""The colours that a picture consists of, by the names that people give them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from matplotlib.colors import XKCD_COLORS, to_rgb
from PIL import Image
from scipy.spatial import KDTree

NAMES = (
    "black", "white", "grey", "red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink",
    "brown",
)  # fmt: skip
"""The eleven basic colour terms (Berlin and Kay 1969), and turquoise, named between green and blue."""

WORDS = {name: name for name in NAMES} | {
    "gray": "grey", "teal": "turquoise", "aqua": "turquoise", "cyan": "turquoise"
}  # fmt: skip
NEUTRAL = 8.0
"""Chroma in CIELAB below which a colour has no hue that people would name."""
BLACK, WHITE = 18.0, 88.0
"""Lightness in CIELAB (0..100) up to which a neutral colour is black, and from which it is white."""
SIDE = 64
SMALLEST = 0.08
"""The share of a picture from which a colour is worth naming."""


class Colour(NamedTuple):
    """A basic colour, the share of the picture that has it (0..1), and its mean as RGB hexadecimal."""

    name: str
    share: float
    hex: str


def dominant(rgb: np.ndarray) -> list[Colour]:
    """The colours of at least SMALLEST of an RGB picture (height, width, 3) of uint8, largest first."""
    picture = Image.fromarray(rgb).resize((SIDE, SIDE), Image.Resampling.BOX)
    pixels = np.asarray(picture).reshape(-1, 3)
    numbers = named(pixels)
    shares = np.bincount(numbers, minlength=len(NAMES)) / len(numbers)
    order = [number for number in np.argsort(-shares) if shares[number] >= SMALLEST]
    return [
        Colour(NAMES[number], float(shares[number]), _hex(pixels[numbers == number].mean(0)))
        for number in order
    ]


def named(rgb: np.ndarray) -> np.ndarray:
    """The basic colour of each of (n, 3) RGB pixels of uint8, as places in NAMES: that of the nearest colour
    with a name, but black, grey or white where there is hardly any hue."""
    lab = to_lab(rgb)
    tree, numbers = _survey()
    found = numbers[tree.query(lab)[1]]
    light, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    grey = np.select([light <= BLACK, light >= WHITE], [0, 1], 2)
    result: np.ndarray = np.where(chroma < NEUTRAL, grey, found)
    return result


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (n, 3) of float32, L in 0..100, of (n, 3) RGB pixels of uint8."""
    lab: np.ndarray = cv2.cvtColor(rgb.reshape(-1, 1, 3).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return lab.reshape(-1, 3)


@lru_cache(maxsize=1)
def _survey() -> tuple[KDTree, np.ndarray]:
    """Colours whose commonest name ends in a basic term, as 222,500 people named them, and those terms
    (Munroe 2010, "Color survey results", CC0; Matplotlib carries its table)."""
    pairs = [(value, _basic(name)) for name, value in XKCD_COLORS.items()]
    kept = [(to_rgb(value), NAMES.index(term)) for value, term in pairs if term]
    rgb = np.array([colour for colour, _ in kept]) * 255
    return KDTree(to_lab(rgb.round().astype(np.uint8))), np.array([number for _, number in kept])


def _basic(name: str) -> str:
    """The basic term that a colour's name ends in ("xkcd:dark olive green" in "green"), or nothing."""
    return WORDS.get(name.removeprefix("xkcd:").split()[-1], "")


def _hex(rgb: np.ndarray) -> str:
    return "#" + "".join(f"{round(float(value)):02x}" for value in rgb)
