"""Pictures with writing in them, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def font(name: str = "DejaVuSans", size: int = 28) -> ImageFont.FreeTypeFont:
    """A font that comes with matplotlib."""
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)


def page(lines: Sequence[str], size: tuple[int, int] = (640, 240), turn: float = 0.0) -> np.ndarray:
    """Black lines on white, turned counterclockwise by degrees."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((30, 25 + 50 * number), line, fill="black", font=font())
    return np.asarray(picture.rotate(turn, expand=True, fillcolor="white"))
