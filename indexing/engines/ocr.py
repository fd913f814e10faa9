"""Text in pictures: a picture in, lines with their words and corners out, whichever engine is behind it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import cv2
import numpy as np

MODELS = {
    "Det": (
        "PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    "Cls": (
        "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
        "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
    ),
    "Rec": (
        "PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
}
"""The networks in RapidOCR's wheel with their sha256: where text is, which way up it is, what it says."""
NARROWEST = 0.25
LEAST = 368
"""The short side is padded to that share of the long one and that many pixels: RapidOCR enlarges it to 736,
and words that are enlarged more than twice fall apart into lines of their own."""
TALL = 1.5  # a crop so much taller than wide is read after a quarter turn, as RapidOCR does
UPSIDE_DOWN = 0.9  # probability from which a line is turned by half; RapidOCR's own cls_thresh
DOUBTFUL = 0.8  # confidence below which a line is read the other way up too


class Word(NamedTuple):
    """A word with the mean probability of its letters (0..1); `corners` as in Line."""

    text: str
    confidence: float
    corners: np.ndarray


class Line(NamedTuple):
    """A line of text, its confidence 0..1. `corners` (4, 2) are x, y in pixels, as who reads the line sees
    them: the top where it starts, the top where it ends, the foot where it ends, the foot where it starts."""

    text: str
    confidence: float
    corners: np.ndarray
    words: Sequence[Word] = ()


class _Reading(NamedTuple):
    """What RapidOCR reads in a crop: whether it was turned by half, the text, how sure, and its columns."""

    half: bool
    text: str
    score: float
    marks: Any


class Reader(Protocol):
    """Reads text. Engines differ; what they are given and give back does not."""

    def read(self, rgb: np.ndarray) -> list[Line]:
        """The lines of the upright RGB picture (height, width, 3) of uint8, in no particular order."""
        ...


class RapidReader:
    """PP-OCRv6 through RapidOCR on ONNX Runtime. Nothing is ever fetched: the networks are in its wheel."""

    def __init__(self, threads: int = 1) -> None:
        """Raises RuntimeError where the networks in the wheel are not those named here."""
        from rapidocr import RapidOCR

        self._engine = RapidOCR(params={**_settings(threads), **dict(_networks())})

    def read(self, rgb: np.ndarray) -> list[Line]:
        bgr = np.ascontiguousarray(_padded(rgb)[..., ::-1])
        found, turned, read, crops = self._engine.run_ocr_steps(bgr, {})
        if read.txts is None or found.boxes is None:
            return []
        halves = [label == "180" and sure > UPSIDE_DOWN for label, sure in turned.cls_res]
        parts = zip(halves, read.txts, read.scores, read.word_results, strict=True)
        readings = self._better([_Reading(*part) for part in parts], crops)
        pairs = zip(found.boxes, readings, strict=True)
        lines = (_line(box, reading) for box, reading in pairs if reading.text.strip())
        return [_within(line, rgb.shape) for line in lines]

    def _better(self, readings: list[_Reading], crops: Sequence[np.ndarray]) -> list[_Reading]:
        """The readings, the doubtful ones replaced where the line reads better the other way up."""
        doubtful = [at for at, reading in enumerate(readings) if reading.score < DOUBTFUL]
        if not doubtful:
            return readings
        turned = [
            crops[at] if readings[at].half else cv2.rotate(crops[at], cv2.ROTATE_180) for at in doubtful
        ]
        again = self._engine.recognize_txt(turned)
        for at, text, score, marks in zip(
            doubtful, again.txts, again.scores, again.word_results, strict=True
        ):
            other = _Reading(not readings[at].half, text, score, marks)
            readings[at] = max(readings[at], other, key=lambda each: each.score)
        return readings


def identity() -> str:
    """The engine and its networks, for the identity of an analyser."""
    sums = "-".join(digest[:8] for _, digest in MODELS.values())
    return f"rapidocr {version('rapidocr')} PP-OCRv6-small {sums}"


def _settings(threads: int) -> dict[str, Any]:
    return {
        "Global.log_level": "error",
        "Global.text_score": 0.0,
        "Global.return_word_box": True,
        "Global.use_vertical_padding": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _networks() -> Iterator[tuple[str, str]]:
    folder = Path(str(files("rapidocr"))) / "models"
    for stage, (name, digest) in MODELS.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise RuntimeError(f"{name} in the package rapidocr is missing or not the one that is expected.")
        yield f"{stage}.model_path", str(path)


def _padded(rgb: np.ndarray) -> np.ndarray:
    """The picture, its last row or column repeated where it is too small or too narrow to be enlarged."""
    height, width = rgb.shape[:2]
    least = max(LEAST, math.ceil(max(height, width) * NARROWEST))
    below, beside = max(0, least - height), max(0, least - width)
    return cv2.copyMakeBorder(rgb, 0, below, 0, beside, cv2.BORDER_REPLICATE) if below or beside else rgb


def _line(box: np.ndarray, reading: _Reading) -> Line:
    corners = _as_read(np.asarray(box, np.float64), reading.half)
    words = _words(reading.text, corners, reading.marks)
    return Line(reading.text.strip(), min(1.0, float(reading.score)), corners, words)


def _as_read(box: np.ndarray, half: bool) -> np.ndarray:
    """The corners of a box, clockwise from its top left, turned as the reader turns the page."""
    across = max(math.dist(box[0], box[1]), math.dist(box[2], box[3]))
    down = max(math.dist(box[0], box[3]), math.dist(box[1], box[2]))
    quarters = 1 if int(down) >= TALL * int(across) else 0
    return np.roll(box, -(quarters + 2 * half), axis=0)


def _words(text: str, corners: np.ndarray, marks: Any) -> list[Word]:
    """The words between spaces, each at its share of the line: the network tells in which of its columns
    (time steps) it saw each letter. None for a line of one word, or where letters and columns disagree."""
    if len(text) != len(marks.confs) or len(text.split()) < 2:
        return []
    columns = iter([column for word in marks.word_cols for column in word])
    placed = [(letter, score, next(columns)) for letter, score in _letters(text, marks.confs)]
    starts = np.cumsum([0, *(len(word) for word in text.split())])
    half = (placed[-1][2] - placed[0][2]) / (len(placed) - 1) / 2
    words = (placed[first:last] for first, last in pairwise(starts))
    return [_word(word, half, marks.line_txt_len, corners) for word in words]


def _letters(text: str, scores: Sequence[float]) -> list[tuple[str, float]]:
    pairs = zip(text, scores, strict=True)
    return [(letter, score) for letter, score in pairs if not letter.isspace()]


def _word(letters: Sequence[tuple[str, float, int]], half: float, columns: float, line: np.ndarray) -> Word:
    first, last = (letters[end][2] + 0.5 for end in (0, -1))
    start, end = np.clip([(first - half) / columns, (last + half) / columns], 0.0, 1.0)
    top, foot = line[1] - line[0], line[2] - line[3]
    corners = np.array(
        [line[0] + start * top, line[0] + end * top, line[3] + end * foot, line[3] + start * foot]
    )
    score = float(np.mean([each for _, each, _ in letters]))
    return Word("".join(letter for letter, _, _ in letters), min(1.0, score), corners)


def _within(line: Line, shape: Sequence[int]) -> Line:
    """The line without what reaches over the edge of the picture."""
    edge = np.array([shape[1], shape[0]])
    words = [word._replace(corners=np.clip(word.corners, 0, edge)) for word in line.words]
    return line._replace(corners=np.clip(line.corners, 0, edge), words=words)
