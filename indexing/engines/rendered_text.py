"""Queries for a model that only knows pictures: the words are drawn, and the drawing is encoded.

CLIP learnt to read; a drawing of words lies near pictures of what they name, once what all drawings have in
common (white paper, black letters) is taken away. That is the mean of the drawings of many other phrases.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from indexing.engines.image_tower import DIMENSIONS, SIDE, ImageTower
from indexing.engines.text_image import unit

logger = logging.getLogger(__name__)

MARGIN = 7
LARGEST, SMALLEST = 26, 9
"""Letter heights in pixels. 26 measured best; a long query is drawn smaller so that all of it is seen."""
PHRASES = tuple(
    """a street at night; a quiet garden; two friends talking; an old wooden door; fresh bread on a plate;
    a river in autumn; people waiting in line; a small boat; the inside of a church; a red bicycle;
    a sleeping cat; mountains covered in snow; a crowded market; a child with a balloon; a broken window;
    a field of wheat; a musician on stage; a cup of coffee; a busy kitchen; an empty road;
    a horse in a meadow; a tall building; a birthday party; a rainy afternoon; a pile of books;
    a man with a hat; a woman reading; a dog on the beach; a train station; a bridge over water;
    a plane in the sky; a bowl of fruit; a football match; a library; a sunny balcony;
    a black and white portrait; a group of students; a wedding; a fishing harbour; an office desk;
    a map on the wall; a statue in a park; a forest path; a bird on a branch; a parked car;
    a clock tower; a carpet with patterns; a staircase; a shop window; a fire in the dark;
    a soldier in uniform; a doctor at work; a classroom; a newspaper page; a hand holding a pen;
    a glass of wine; a pair of shoes; a television set; a bedroom; a computer screen;
    a motorcycle race; a tennis player; a skier going downhill; waves and rocks; a castle;
    a farm with sheep; a tractor; a bus at a stop; a traffic light; a factory;
    a ship in a storm; a desert; a frozen lake; a vase with flowers; a basket of vegetables;
    a slice of cake; an elephant; a giraffe near trees; a person on a skateboard; a kite""".replace(
        "\n    ", " "
    ).split("; ")
)
"""Eighty everyday scenes that have nothing in common but being drawn."""


class RenderedTextSpace:
    """A space of pictures only, with queries drawn as pictures."""

    dimensions = DIMENSIONS
    centres_images = True
    description = "CLIP ViT-B/16, picture model only: queries are drawn as text and compared as pictures"

    def __init__(self, name: str, weights: Path, threads: int = 1) -> None:
        self.name = name
        self._tower = ImageTower(weights, threads)
        self._beside = weights.parent
        self._mean: np.ndarray | None = None

    def encode_images(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        return self._tower.encode(pictures)

    def encode_text(self, query: str) -> np.ndarray:
        return unit(self._tower.encode([draw(query)])[0] - self._drawn_mean())

    def _drawn_mean(self) -> np.ndarray:
        """The mean vector of the drawn phrases, kept beside the weights: drawing them takes seconds."""
        if self._mean is None:
            path = self._beside / f"drawn-mean-{_recipe()}.npy"
            self._mean = np.load(path) if path.is_file() else _kept(self._measure_mean(), path)
        return self._mean

    def _measure_mean(self) -> np.ndarray:
        mean: np.ndarray = self._tower.encode([draw(phrase) for phrase in PHRASES]).mean(0)
        return mean


def _recipe() -> str:
    """A name for the phrases and the way of drawing: a change of either makes an earlier mean useless."""
    return hashlib.sha256(b"".join(draw(phrase).tobytes() for phrase in PHRASES)).hexdigest()[:16]


def _kept(mean: np.ndarray, path: Path) -> np.ndarray:
    """The mean, after it was written to `path` where the folder may be written to."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            np.save(file, mean)
        fresh.replace(path)
    except OSError as problem:
        logger.warning("The mean of the drawn phrases cannot be kept: %s", problem)
    return mean


def draw(query: str) -> np.ndarray:
    """`photo of <query>` in black on white, wrapped and centred: RGB uint8 of (224, 224, 3)."""
    size, lines = _fitted(f"photo of {' '.join(query.split())}")
    height = round(size * 1.15)
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(picture)
    top = max(MARGIN // 2, (SIDE - height * len(lines)) // 2)
    for number, line in enumerate(lines):
        pen.text((MARGIN, top + height * number), line, fill="black", font=_font(size))
    return np.asarray(picture)


def _fitted(text: str) -> tuple[int, list[str]]:
    """The largest letters with which the text fits the picture, and its lines in them."""
    for size in range(LARGEST, SMALLEST, -1):
        lines = _wrapped(text, _font(size).getlength)
        widest = max(_font(size).getlength(line) for line in lines)
        if widest <= SIDE - 2 * MARGIN and round(size * 1.15) * len(lines) <= SIDE:
            return size, lines
    return SMALLEST, _wrapped(text, _font(SMALLEST).getlength)


def _wrapped(text: str, width: Callable[[str], float]) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer) > SIDE - 2 * MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, from the copy that Matplotlib carries."""
    font = files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(BytesIO(font.read_bytes()), size)
