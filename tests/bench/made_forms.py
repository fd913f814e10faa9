"""Documents and drawings made on the spot, each different for its number."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from indexing.engines.rendered_text import PHRASES

FONTS = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral", "DejaVuSans-Bold", "cmr10")
SIZES = ((850, 1100), (1240, 1754), (600, 1300), (1100, 850))


def document(number: int) -> np.ndarray:
    """A page of text: a title, one or two columns, sometimes a table; every other one looks scanned."""
    random = np.random.default_rng(number)
    width, height = SIZES[number % len(SIZES)]
    page = Image.new("RGB", (width, height), tuple(int(v) for v in random.integers(236, 256, 3)))
    pen = ImageDraw.Draw(page)
    size = int(random.integers(14, 26))
    title, body = font(number, 2 * size), font(number, size)
    margin = width // 12
    pen.text((margin, margin), _words(random, 3).capitalize(), fill=(20, 20, 30), font=title)
    columns = 1 + number % 2
    wide = (width - margin * (columns + 1)) // columns
    for column in range(columns):
        left, y = margin + column * (wide + margin), margin + 4 * size
        while y < height - margin:
            y = _paragraph(pen, random, (left, y, wide, height - margin), body, size)
    if number % 3 == 0:
        _table(pen, random, (margin, height // 2, width - margin, height - margin), body)
    pixels = np.asarray(page)
    return scanned(pixels, random) if number % 2 else pixels


def _paragraph(pen, random, box, body, size):  # type: ignore[no-untyped-def]
    left, y, wide, bottom = box
    for _ in range(int(random.integers(2, 9))):
        if y > bottom - size:
            return bottom
        line = _words(random, 8)
        while body.getlength(line) > wide and " " in line:
            line = line.rsplit(" ", 1)[0]
        pen.text((left, y), line, fill=(25, 25, 28), font=body)
        y += int(1.35 * size)
    return y + size


def _table(pen, random, box, body):  # type: ignore[no-untyped-def]
    left, top, right, bottom = box
    pen.rectangle(box, fill=(252, 252, 252), outline=(60, 60, 60))
    for row in range(1, 8):
        y = top + (bottom - top) * row // 8
        pen.line((left, y, right, y), fill=(90, 90, 90))
        pen.text((left + 8, y - body.size - 6), _words(random, 2), fill=(30, 30, 30), font=body)
        pen.text(
            (right - 120, y - body.size - 6), str(random.integers(10, 9999)), fill=(30, 30, 30), font=body
        )


def scanned(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """As a scanner or a telephone gives it back: turned a little, unevenly lit, grainy, recompressed."""
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-2, 2), 1.02)
    turned = cv2.warpAffine(pixels, turn, (width, height), borderValue=(215, 213, 208))
    light = np.linspace(random.uniform(0.8, 1), random.uniform(0.85, 1), width)[None, :, None]
    grainy = turned * light + random.normal(0, 4, pixels.shape)
    buffer = BytesIO()
    Image.fromarray(grainy.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6)).save(
        buffer, "JPEG", quality=70
    )
    return np.asarray(Image.open(buffer))


def drawing(number: int) -> np.ndarray:
    """By turns a line drawing, a flat cartoon, and a chart."""
    random = np.random.default_rng(10_000 + number)
    size = (int(random.integers(600, 1200)), int(random.integers(600, 1000)))
    return (_lines, _cartoon, _chart)[number % 3](random, size)


def _lines(random: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Strokes of a pen on paper."""
    paper = Image.new("RGB", size, tuple(int(v) for v in random.integers(240, 256, 3)))
    pen = ImageDraw.Draw(paper)
    for _ in range(int(random.integers(12, 60))):
        points = np.cumsum(random.normal(0, 40, (12, 2)), 0) + random.uniform(0, 1, 2) * size
        ink = tuple(int(v) for v in random.integers(0, 90, 3))
        pen.line(
            [tuple(point) for point in points], fill=ink, width=int(random.integers(1, 6)), joint="curve"
        )
    return np.asarray(paper)


def _cartoon(random: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Flat colours with black outlines on a flat background."""
    paper = Image.new("RGB", size, tuple(int(v) for v in random.integers(90, 256, 3)))
    pen = ImageDraw.Draw(paper)
    for _ in range(int(random.integers(8, 26))):
        colour = tuple(int(v) for v in random.integers(0, 256, 3))
        centre, reach = random.uniform(0, 1, 2) * size, random.uniform(40, 220)
        angles = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(3, 14))))
        points = centre + reach * np.stack([np.cos(angles), np.sin(angles)], 1)
        outline = [tuple(point) for point in points]
        pen.polygon(outline, fill=colour)
        pen.line([*outline, outline[0]], fill=(10, 10, 10), width=int(random.integers(2, 7)))
    return np.asarray(paper)


def _chart(random: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Bars or curves with axes and a few words."""
    paper = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(paper)
    left, bottom = size[0] // 8, size[1] * 7 // 8
    pen.line([(left, size[1] // 10), (left, bottom), (size[0] * 9 // 10, bottom)], fill="black", width=3)
    count = int(random.integers(4, 12))
    step = (size[0] * 8 // 10 - left) / count
    for bar in range(count):
        top = bottom - random.uniform(0.1, 0.75) * size[1]
        colour = tuple(int(v) for v in random.integers(30, 230, 3))
        pen.rectangle((left + 10 + bar * step, top, left + bar * step + 0.8 * step, bottom), fill=colour)
        pen.text((left + bar * step, bottom + 8), _words(random, 1)[:8], fill="black", font=font(bar, 16))
    return np.asarray(paper)


def _words(random: np.random.Generator, count: int) -> str:
    words = " ".join(PHRASES).split()
    return " ".join(words[at] for at in random.integers(0, len(words), count))


def font(number: int, size: int) -> ImageFont.FreeTypeFont:
    """One of the faces that Matplotlib carries."""
    name = FONTS[number % len(FONTS)]
    data = (files("matplotlib") / "mpl-data" / "fonts" / "ttf" / f"{name}.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size)
