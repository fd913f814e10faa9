"""What is written in pictures and on screen, line by line as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from indexing.analysers.contract import Context, Finding, Media, MediaKind, Place, Queue, Region
from indexing.analysers.keyframes import key_frames
from indexing.analysers.screen_text import staying
from indexing.engines import ocr, ocr_tesseract, ocr_tiles, qr
from indexing.engines.cache import loaded
from indexing.engines.language import language_of
from indexing.engines.reading_order import blocks, turn_of

Engine = Literal["rapidocr", "tesseract"]
LONG_SIDE = 1280
"""Pixels. Printed type of 8 points on A4 is read without a mistake at this size; larger only costs more."""
FLOOR = 0.8
SHORT = 3  # letters and digits; shorter lines are mostly shapes taken for letters
SHORT_FLOOR = 0.95


class Text:
    """One "text" for each line, whose children are its "word"s; for a film, for as long as it stays."""

    name = "text"
    version = "1"
    kinds: Sequence[str] = ("text", "word")
    applies_to: Sequence[MediaKind] = ("image", "video")
    depends: Sequence[str] = ("shots",)
    queue: Queue = "cpu"
    weights: Sequence[str] = ()
    spaces: Mapping[str, int] = {}

    def __init__(self, engine: Engine = "rapidocr") -> None:
        """Raises RuntimeError, saying how to mend it, where the engine is not installed."""
        self.engine = engine
        self.model = ocr.identity() if engine == "rapidocr" else ocr_tesseract.identity()

    def analyse(self, media: Media, context: Context) -> Iterator[Finding]:
        reader = self._reader(context.threads)
        if media.kind == "image":
            yield from read(reader, media.picture)
            return
        frames = (
            (place, list(read(reader, _always(pixels))))
            for place, pixels in key_frames(media, context, LONG_SIDE)
        )
        yield from staying(frames)

    def _reader(self, threads: int) -> ocr.Reader:
        made: Callable[[int], ocr.Reader] = (
            ocr.RapidReader if self.engine == "rapidocr" else ocr_tesseract.TesseractReader
        )
        return loaded(("ocr", self.engine, threads), lambda: made(threads))


class TesseractText(Text):
    """The same through Tesseract."""

    def __init__(self) -> None:
        super().__init__("tesseract")


def read(reader: ocr.Reader, picture: Callable[[int], np.ndarray]) -> Iterator[Finding]:
    """The lines that are sure enough in reading order, then the QR codes. `picture` as in Media."""
    found, pixels = ocr_tiles.read(reader, picture, LONG_SIDE)
    lines = [line for line in found if is_sure(line)]
    size = (pixels.shape[1], pixels.shape[0])
    corners = np.array([line.corners for line in lines]).reshape(-1, 4, 2)
    count = 0
    for number, block in enumerate(blocks(corners)):
        language = language_of(" ".join(lines[each].text for each in block))
        turn = round(turn_of(corners[block]))
        for each in block:
            details = {"line": count, "block": number, **({"turn": turn} if turn else {})}
            yield from _finding(lines[each], size, language, details)
            count += 1
    for code in qr.codes(pixels):
        if region := _region(code.corners, size):
            place = Place(region=region)
            yield Finding("text", code.text, place=place, confidence=1.0, details={"symbology": "QR"})


def is_sure(line: ocr.Line) -> bool:
    """Whether a line is to be believed: it has letters or digits, and the fewer the surer it must be."""
    letters = sum(letter.isalnum() for letter in line.text)
    return letters > 0 and line.confidence >= (FLOOR if letters >= SHORT else SHORT_FLOOR)


def _finding(
    line: ocr.Line, size: tuple[int, int], language: str, details: Mapping[str, int]
) -> Iterator[Finding]:
    region = _region(line.corners, size)
    if region is None:
        return
    words = [(word, _region(word.corners, size)) for word in line.words]
    children = [
        Finding("word", word.text, place=Place(region=where), confidence=word.confidence)
        for word, where in words
        if where
    ]
    yield Finding(
        kind="text",
        text=line.text,
        place=Place(region=region),
        confidence=line.confidence,
        language=language,
        details=details,
        children=children,
    )


def _region(corners: np.ndarray, size: tuple[int, int]) -> Region | None:
    """The box around the corners in 0..1 of the picture, or None where nothing of it is inside."""
    low, high = (np.clip(edge / size, 0.0, 1.0) for edge in (corners.min(0), corners.max(0)))
    width, height = (float(side) for side in high - low)
    return Region(float(low[0]), float(low[1]), width, height) if width > 0 and height > 0 else None


def _always(pixels: np.ndarray) -> Callable[[int], np.ndarray]:
    return lambda long_side: pixels
