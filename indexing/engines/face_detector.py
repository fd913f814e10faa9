"""Faces in a picture with five landmarks each: YuNet, which looks closer where faces are small."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import ceil
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from indexing.analysers.contract import Region
from indexing.engines import cache, onnx

SIDE = 640
"""Pixels of the square that the network sees."""
STRIDES = (8, 16, 32)
THRESHOLD = 0.7
"""The score from which a box counts as a face."""
OVERLAP = 0.3
"""Boxes that share more (intersection over union) are one face: OpenCV's own value for this network."""
SUSPECT, SMALL = 0.3, 48
"""Score and pixels: what may be a face and is smaller in its square is looked at again at twice the scale."""
WIDE = 1280
"""Pixels. A larger picture is looked at twice everywhere: at 640 its faces may be too small to suspect."""
LAP, MARGIN = 128, 8
"""Pixels of a square that its neighbour shows too, and pixels from an inner edge within which a face counts
as cut: it is whole in the neighbour. Faces larger than LAP are whole in the square of the coarser scale."""
MOST_SQUARES = 64
"""Squares looked at in one picture at most: about a second of a processor core."""
MOST_FACES = 1000


class Face(NamedTuple):
    """A face: how sure the detector is (0..1), where, and its landmarks (5, 2): x and y in 0..1 of the
    picture of the person's right eye, left eye, tip of the nose, right and left corner of the mouth."""

    confidence: float
    region: Region
    landmarks: np.ndarray


class Square(NamedTuple):
    """A part of a picture, from (left, top) in its pixels, that the network sees enlarged by `scale`."""

    left: float
    top: float
    scale: float


class Candidates(NamedTuple):
    """Boxes in pixels: `corners` (n, 4) left, top, right, bottom; `landmarks` (n, 5, 2); `scores` (n,)."""

    corners: np.ndarray
    landmarks: np.ndarray
    scores: np.ndarray

    def take(self, chosen: np.ndarray) -> Candidates:
        """Those at the positions, or where the mask is true."""
        return Candidates(*(values[chosen] for values in self))


class FaceDetector:
    """Finds the faces of a picture that are at least about 10 of its pixels wide."""

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads)

    def detect(self, rgb: np.ndarray) -> list[Face]:
        """The faces in an upright RGB picture (height, width, 3) of uint8, surest first."""
        seen = self._search(rgb)
        faces = without_doubles(seen.take(seen.scores >= THRESHOLD))
        size = np.array(rgb.shape[1::-1], np.float32)
        return [
            Face(float(score), _region(corners.reshape(2, 2) / size), points / size)
            for corners, points, score in zip(*faces, strict=True)
        ]

    def _search(self, rgb: np.ndarray) -> Candidates:
        """What the whole picture shows, and those parts, seen larger, in which something small was found."""
        found: list[Candidates] = []
        squares = [Square(0, 0, SIDE / max(rgb.shape[:2]))]
        allowed = MOST_SQUARES
        while squares:
            allowed -= len(squares)
            level = joined([self._look(rgb, square) for square in squares])
            found.append(level)
            everywhere = len(found) == 1 and max(rgb.shape[:2]) > WIDE
            squares = _closer(rgb, squares[0].scale, level, everywhere)[:allowed]
        return joined(found)

    def _look(self, rgb: np.ndarray, square: Square) -> Candidates:
        """Candidates of one square in the pixels of the picture, without those that its inner edges cut."""
        picture, inner = _cut(rgb, square)
        seen = without_doubles(self.candidates(picture))
        corners, landmarks, scores = seen.take(_whole(seen.corners, inner))
        shift = np.array([square.left, square.top], np.float32)
        return Candidates(
            corners / square.scale + np.tile(shift, 2), landmarks / square.scale + shift, scores
        )

    def candidates(self, rgb: np.ndarray) -> Candidates:
        """Every box with a score of at least SUSPECT, doubles among them, of a picture (640, 640, 3)."""
        planes = rgb[None, :, :, ::-1].transpose(0, 3, 1, 2).astype(np.float32)
        names = [f"{part}_{stride}" for part in ("cls", "obj", "bbox", "kps") for stride in STRIDES]
        answers = [answer[0] for answer in self._session.run(names, {"input": planes})]
        levels = zip(STRIDES, *(answers[at : at + 3] for at in range(0, 12, 3)), strict=True)
        return joined([decoded(*level) for level in levels])


def decoded(
    stride: int, classes: np.ndarray, objects: np.ndarray, boxes: np.ndarray, points: np.ndarray
) -> Candidates:
    """What the cells of one grid say, row by row: `classes` and `objects` (cells, 1) in 0..1, whose geometric
    mean is the score; `boxes` (cells, 4) the centre from the cell in strides and the logarithm of the size;
    `points` (cells, 10) the landmarks from the cell in strides (OpenCV, objdetect/src/face_detect.cpp)."""
    scores = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objects[:, 0], 0, 1))
    chosen = np.flatnonzero(scores >= SUSPECT)
    cells = np.stack([chosen % (SIDE // stride), chosen // (SIDE // stride)], 1)
    centres = (cells + boxes[chosen, :2]) * stride
    halves = np.exp(boxes[chosen, 2:]) * stride / 2
    landmarks = (cells[:, None] + points[chosen].reshape(-1, 5, 2)) * stride
    return Candidates(np.concatenate([centres - halves, centres + halves], 1), landmarks, scores[chosen])


def joined(parts: Sequence[Candidates]) -> Candidates:
    """All of them, one after the other."""
    return Candidates(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def without_doubles(candidates: Candidates) -> Candidates:
    """The best box of each face, surest first, at most 1000."""
    corners, _, scores = candidates
    boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], 1)
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), 0.0, OVERLAP)
    return candidates.take(np.array(kept, int)[:MOST_FACES])


def _closer(rgb: np.ndarray, scale: float, seen: Candidates, everywhere: bool) -> list[Square]:
    """The squares at twice the scale, up to full size, that show what was small (or all), fullest first."""
    if scale >= 1:
        return []
    small = (seen.corners[:, 2:] - seen.corners[:, :2]).max(1, initial=0) * scale < SMALL
    centres = (seen.corners[small, :2] + seen.corners[small, 2:]) / 2
    scale = min(1.0, 2 * scale)
    side = SIDE / scale
    starts = [_starts(length, side, LAP / scale) for length in rgb.shape[1::-1]]
    counts = {
        Square(left, top, scale): int(
            ((centres >= (left, top)) & (centres < (left + side, top + side))).all(1).sum()
        )
        for left, top in product(*starts)
    }
    return sorted(
        (square for square in counts if everywhere or counts[square]), key=lambda each: -counts[each]
    )


def _starts(length: float, side: float, lap: float) -> list[float]:
    """Where squares begin that cover a length, evenly spread and sharing at least `lap`."""
    number = max(1, ceil((length - lap) / (side - lap)))
    return [float(start) for start in np.linspace(0, max(0.0, length - side), number)]


def _cut(rgb: np.ndarray, square: Square) -> tuple[np.ndarray, np.ndarray]:
    """The part of the picture at the top left of a black square (640, 640, 3), and whether its left, top,
    right and bottom edges lie within the picture."""
    height, width = rgb.shape[:2]
    left, top, side = round(square.left), round(square.top), ceil(SIDE / square.scale)
    part = rgb[top : top + side, left : left + side]
    size = [min(SIDE, max(1, round(length * square.scale))) for length in part.shape[1::-1]]
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    method = cv2.INTER_AREA if square.scale < 1 else cv2.INTER_LINEAR
    picture[: size[1], : size[0]] = cv2.resize(part, size, interpolation=method)
    return picture, np.array([left > 0, top > 0, left + side < width, top + side < height])


def _whole(corners: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """Which boxes (n, 4) of a square no inner edge cuts. In a part of a picture large ones may be cut too."""
    near = np.concatenate([corners[:, :2] < MARGIN, corners[:, 2:] > SIDE - MARGIN], 1)
    large = (corners[:, 2:] - corners[:, :2]).max(1) > LAP
    whole: np.ndarray = ~(near & inner).any(1) & ~(large & inner.any())
    return whole


def _region(corners: np.ndarray) -> Region:
    """The box, cut at the edges of the picture."""
    (left, top), (right, bottom) = np.clip(corners, 0, 1).tolist()
    return Region(left, top, right - left, bottom - top)


def open_detector(weights: Path, threads: int = 1) -> FaceDetector:
    """YuNet, loaded once for the process."""
    return cache.loaded(("faces", str(weights), threads), lambda: FaceDetector(weights, threads))
