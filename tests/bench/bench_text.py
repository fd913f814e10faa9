"""Character errors of reading, and lines seen where none are. Run: python -m tests.bench.bench_text [--quick]

Lines are rendered in five fonts of three sizes, turned, and drawn on photographs; a false line is one that
is found on a photograph in which a person sees no writing. The confidence floors were chosen
after looking at all of these photographs, so that false lines are not held out; every other one is measured.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from jiwer import cer
from PIL import Image, ImageDraw, ImageFont

from dam.env import BASE_DIR
from indexing.analysers.text import is_sure
from indexing.engines import ocr, ocr_tesseract
from indexing.engines.ocr import Line, RapidReader, Reader
from indexing.engines.ocr_tesseract import TesseractReader
from indexing.engines.reading_order import blocks

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco" / "images"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FACES = ("DejaVuSans", "DejaVuSerif-Italic", "DejaVuSansMono", "STIXGeneral", "cmr10")
SIZES = (14, 24, 48)  # pixels
TURNS = (0, 90, 180, 270, 5, -5, 10, -10, 15, -15)  # degrees, counterclockwise
WORDS = (
    "harbour", "council", "minutes", "lamp", "quay", "summer", "concert", "town", "band", "Thursday",
    "March", "Keller", "Whitfield", "keeper", "storm", "letter", "theatre", "ticket", "platform",
    "engine", "bakery", "window", "garden", "archive", "1957", "14", "306", "violet", "orange", "museum",
    "river",
)  # fmt: skip
WRITTEN = {
    2, 8, 10, 11, 15, 26, 32, 33, 39, 40, 42, 48, 50, 59, 64, 66, 68, 70, 71, 73, 74, 76, 85, 86, 90, 100,
    101, 104, 108,
}  # fmt: skip
"""Positions of the photographs, by name, on which a person sees writing or signs."""


def made_lines(chance: random.Random, count: int = 5) -> list[str]:
    return [" ".join(chance.sample(WORDS, 4)) for _ in range(count)]


def page(lines: Sequence[str], face: str, size: int, turn: float) -> np.ndarray:
    font = ImageFont.truetype(str(FONTS / f"{face}.ttf"), size)
    width = round(max(font.getlength(line) for line in lines)) + 4 * size
    picture = Image.new("RGB", (max(width, 320), 2 * size * (len(lines) + 1)), "white")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((2 * size, size * (1 + 2 * number)), line, fill=(20, 20, 20), font=font)
    return np.asarray(picture.rotate(turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC))


def drawn_on(photo: Path, line: str, chance: random.Random) -> np.ndarray:
    """The photograph with a line at a place of its own, white with a black edge, as subtitles are."""
    picture = Image.open(photo).convert("RGB")
    font = ImageFont.truetype(str(FONTS / f"{chance.choice(FACES)}.ttf"), chance.choice((18, 26, 36)))
    top = chance.uniform(0.05, 0.85) * picture.height
    ImageDraw.Draw(picture).text(
        (12, top), line, fill="white", font=font, stroke_width=2, stroke_fill="black"
    )
    return np.asarray(picture)


def read(reader: Reader, pixels: np.ndarray) -> list[Line]:
    """The believed lines in reading order."""
    lines = [line for line in reader.read(pixels) if is_sure(line)]
    corners = np.array([line.corners for line in lines]).reshape(-1, 4, 2)
    return [lines[number] for block in blocks(corners) for number in block]


def rendered(reader: Reader, quick: bool) -> None:
    chance = random.Random(7)
    sizes, turns = (SIZES[1:2], TURNS[:6:2]) if quick else (SIZES, TURNS)
    for title, cases in (
        *((f"font {face}", [(face, size, 0.0) for size in sizes]) for face in FACES),
        *((f"turned {turn} degrees", [(FACES[0], 24, float(turn))]) for turn in turns),
    ):
        said, heard = [], []
        for case in cases:
            lines = made_lines(chance)
            said.append("\n".join(lines))
            heard.append("\n".join(line.text for line in read(reader, page(lines, *case))))
        print(f"  {title}: character error rate {cer(said, heard):.4f}", flush=True)


def photographs(quick: bool) -> Iterator[tuple[int, Path]]:
    every = sorted(PHOTOS.iterdir())
    return ((at, path) for at, path in enumerate(every) if at % 2 and (not quick or at % 10 == 1))


def on_photographs(reader: Reader, quick: bool) -> None:
    """The best line's character error rate, since a photograph may have writing of its own."""
    chance = random.Random(11)
    rates, seconds = [], 0.0
    for _, photo in photographs(quick):
        line = " ".join(chance.sample(WORDS, 2))
        pixels = drawn_on(photo, line, chance)
        begin = time.process_time()
        found = read(reader, pixels)
        seconds += time.process_time() - begin
        rates.append(min((cer(line, each.text) for each in found), default=1.0))
    rate = np.mean(np.minimum(rates, 1))
    print(f"  drawn on photographs: character error rate {rate:.4f}, {len(rates)} lines")
    print(f"  {seconds / len(rates):.2f} processor seconds a picture in this process")


def false_lines(reader: Reader, quick: bool) -> None:
    counts = [
        len(read(reader, np.asarray(Image.open(photo).convert("RGB"))))
        for at, photo in photographs(quick)
        if at not in WRITTEN
    ]
    print(f"  false lines: {np.mean(counts):.3f} a photograph on {len(counts)} without writing")


def measure(title: str, reader: Reader, quick: bool) -> None:
    print(title)
    rendered(reader, quick)
    if not PHOTOS.is_dir():
        print(f"  The labelled photographs are not here: {PHOTOS}")
        return
    on_photographs(reader, quick)
    false_lines(reader, quick)


def main() -> None:
    quick = "--quick" in sys.argv
    measure(f"{ocr.identity()} (Apache-2.0)", RapidReader(1), quick)
    if shutil.which("tesseract"):
        measure(f"{ocr_tesseract.identity()} (Apache-2.0)", TesseractReader(1), quick)
    else:
        print("Tesseract is not installed; it is not measured.")


if __name__ == "__main__":
    main()
