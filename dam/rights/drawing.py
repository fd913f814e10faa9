"""Pictures for download, and the mark that is laid over them. Runs in the decoding child: no Django here."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from indexing.analysers.contract import MediaError
from indexing.decoding import stills

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

MARGIN = 0.025  # of the short side
LETTERS = 0.05  # height of the letters, of the short side
PICTURE = (0.33, 0.25)  # of the frame's width and height, at most
OUTLINE = 0.06  # of the height of the letters
QUALITY = 90  # of a JPEG; PNG has none and leaves it unread
WHITE, DARK = (255, 255, 255, 255), (0, 0, 0, 200)
MISSING = "\uffff"  # no font has a letter for it
SIDES = {"bottom-right": (1.0, 1.0), "bottom-left": (0.0, 1.0), "top-right": (1.0, 0.0),
         "top-left": (0.0, 0.0), "centre": (0.5, 0.5)}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A watermark: a text, or the bytes of a PNG, which outranks it; one of SIDES; opacity 0..1."""

    text: str = ""
    picture: bytes = b""
    position: str = "bottom-right"
    opacity: float = 0.4


def write_still(path: Path, form: str, long_side: int, target: Path, mark: Mark | None) -> tuple[int, int]:
    """Write the still as JPEG or PNG, as the target's suffix says; returns (width, height).

    It is upright, in sRGB, with a long side of at most `long_side` and the mark over it. None of the file's
    metadata goes along. Raises MediaError, as every decoder does.
    """
    from PIL import Image

    picture = Image.fromarray(stills.picture(path, form, long_side))
    if mark is not None:
        above = _layer(mark, *picture.size)
        picture = Image.alpha_composite(picture.convert("RGBA"), above).convert("RGB")
    picture.save(target, quality=QUALITY)
    return picture.size


def write_layer(mark: Mark, width: int, height: int, target: Path) -> None:
    """Write the mark in an otherwise clear frame of that size as raw RGBA, 8 bits, row by row."""
    target.write_bytes(_layer(mark, width, height).tobytes())


def sample(mark: Mark, width: int, height: int) -> bytes:
    """The mark on a field from black to white, as PNG."""
    from PIL import Image

    shades = np.tile(np.linspace(0, 255, width, dtype=np.uint8), (height, 1))
    field = Image.fromarray(shades).convert("RGBA")
    written = io.BytesIO()
    Image.alpha_composite(field, _layer(mark, width, height)).convert("RGB").save(written, "PNG")
    return written.getvalue()


def unwritable(text: str) -> str:
    """The letters of a text for which the font has none."""
    font = _font(32)
    missing = bytes(font.getmask(MISSING))
    letters = dict.fromkeys(each for each in text if not each.isspace())
    return "".join(each for each in letters if bytes(font.getmask(each)) == missing)


def _layer(mark: Mark, width: int, height: int) -> Image:
    from PIL import Image

    canvas = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    sign = _picture(mark.picture, width, height) if mark.picture else _lettering(mark.text, width, height)
    sign.putalpha(sign.getchannel("A").point(lambda alpha: round(alpha * mark.opacity)))
    margin = round(MARGIN * min(width, height))
    free = (max(0, width - sign.width - 2 * margin), max(0, height - sign.height - 2 * margin))
    across, down = SIDES[mark.position]
    canvas.alpha_composite(sign, (margin + round(across * free[0]), margin + round(down * free[1])))
    return canvas


def _picture(data: bytes, width: int, height: int) -> Image:
    """The PNG at the size that the frame calls for. Raises MediaError for what is none."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as opened:
            stills.check_size(*opened.size)
            sign = opened.convert("RGBA")
    except UnidentifiedImageError as error:
        raise MediaError("The watermark is no PNG picture.") from error
    room = (max(1, round(PICTURE[0] * width)), max(1, round(PICTURE[1] * height)))
    return ImageOps.contain(sign, room)


def _lettering(text: str, width: int, height: int) -> Image:
    """The text in white with a dark outline, readable on anything, no wider than the frame allows."""
    from PIL import Image, ImageDraw

    size = max(8, round(LETTERS * min(width, height)))
    left, top, right, bottom = _extent(text, size)
    room = width * (1 - 4 * MARGIN)
    if right - left > room:
        size = max(4, int(size * room / (right - left)))
        left, top, right, bottom = _extent(text, size)
    sign = Image.new("RGBA", (max(1, right - left), max(1, bottom - top)), (0, 0, 0, 0))
    outline = _outline(size)
    ImageDraw.Draw(sign).text((-left, -top), text, WHITE, _font(size), stroke_width=outline, stroke_fill=DARK)
    return sign


def _extent(text: str, size: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the written text, in pixels."""
    left, top, right, bottom = _font(size).getbbox(text, stroke_width=_outline(size))
    return int(left), int(top), int(right) + 1, int(bottom) + 1


def _outline(size: int) -> int:
    return max(1, round(OUTLINE * size))


def _font(size: int) -> FreeTypeFont:
    """The font that Pillow brings along, so that no machine needs another."""
    from PIL import ImageFont

    return cast("FreeTypeFont", ImageFont.load_default(size))
