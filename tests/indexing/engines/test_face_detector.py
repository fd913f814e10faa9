"""Faces are found whole and once, small ones too, and the real network is read as OpenCV reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.engines import face_detector
from indexing.engines.face_detector import Candidates, FaceDetector, decoded, open_detector, without_doubles

GREY, RED = (128, 128, 128), (255, 0, 0)


class RedSquares(FaceDetector):
    """Takes red squares of at least 10 of its own pixels for faces."""

    def __init__(self) -> None:
        self.looks = 0

    def candidates(self, rgb: np.ndarray) -> Candidates:
        self.looks += 1
        red = (rgb[..., 0] > 190) & (rgb[..., 1] < 64)
        _, _, boxes, _ = cv2.connectedComponentsWithStats(red.astype(np.uint8))
        boxes = boxes[1:][boxes[1:, 2:4].min(1) >= 10].astype(np.float32)
        corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:4]], 1)
        middles = (corners[:, None, :2] + corners[:, None, 2:]) / 2
        return Candidates(corners, np.repeat(middles, 5, 1), np.full(len(corners), 0.9, np.float32))


def painted(width: int, height: int, *squares: tuple[int, int, int]) -> np.ndarray:
    """A grey picture with red squares at (left, top) of that side."""
    picture = np.full((height, width, 3), GREY, np.uint8)
    for left, top, side in squares:
        picture[top : top + side, left : left + side] = RED
    return picture


@pytest.mark.parametrize(("width", "height"), [(300, 200), (640, 640), (900, 2500), (2560, 1920)])
def test_a_large_face_is_found_once_and_whole(width: int, height: int) -> None:
    (face,) = RedSquares().detect(painted(width, height, (60, 40, 150)))
    assert np.multiply(face.region, (width, height) * 2) == pytest.approx([60, 40, 150, 150], abs=6)
    assert face.landmarks * (width, height) == pytest.approx(np.full((5, 2), (135, 115)), abs=6)


def test_faces_too_small_for_the_whole_picture_are_found_at_its_full_size() -> None:
    places = [(left, top) for left in range(20, 2520, 83) for top in range(20, 1880, 89)]
    found = RedSquares().detect(painted(2560, 1920, *((left, top, 24) for left, top in places)))
    corners = sorted((round(f.region.x * 2560), round(f.region.y * 1920)) for f in found)
    assert len(corners) == len(places)
    assert np.abs(np.subtract(corners, sorted(places))).max() <= 3


def test_a_picture_of_large_faces_is_not_searched_at_full_size() -> None:
    detector = RedSquares()
    detector.detect(painted(1280, 960, (300, 300, 200)))
    assert detector.looks == 1
    detector.detect(painted(2560, 1920, (300, 300, 400)))
    assert detector.looks <= 1 + 1 + 9


def test_the_search_of_a_huge_picture_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_detector, "MOST_SQUARES", 20)
    detector = RedSquares()
    squares = ((left, top, 30) for left in range(0, 6000, 60) for top in range(0, 4000, 60))
    assert len(detector.detect(painted(6000, 4000, *squares))) <= face_detector.MOST_FACES
    assert detector.looks <= 20


def test_a_box_reaching_out_of_the_picture_is_cut_at_its_edge() -> None:
    class Beyond(RedSquares):
        def candidates(self, rgb: np.ndarray) -> Candidates:
            corners = np.array([[-50, -20, 200, 900]], np.float32)
            return Candidates(corners, np.zeros((1, 5, 2), np.float32), np.array([0.8], np.float32))

    (face,) = Beyond().detect(painted(640, 640))
    assert (face.region.x, face.region.y, face.region.h) == (0, 0, 1)


def test_the_cells_of_a_grid_are_read_row_by_row() -> None:
    cells = 20 * 20
    scores, boxes, points = np.zeros((cells, 1)), np.zeros((cells, 4)), np.zeros((cells, 10))
    at = 3 * 20 + 5
    scores[at], boxes[at], points[at] = 0.81, (0.5, 0.25, np.log(2), np.log(3)), np.arange(10)
    found = decoded(32, scores, np.ones((cells, 1)), boxes, points)
    assert found.scores == pytest.approx([0.9])
    assert found.corners[0] == pytest.approx([5.5 * 32 - 32, 3.25 * 32 - 48, 5.5 * 32 + 32, 3.25 * 32 + 48])
    assert found.landmarks[0][:2] == pytest.approx(np.array([[5 * 32, 4 * 32], [7 * 32, 6 * 32]]))


def test_of_boxes_over_each_other_the_surest_stays() -> None:
    corners = np.array([[0, 0, 10, 10], [1, 1, 11, 11], [20, 0, 30, 10]], np.float32)
    kept = without_doubles(Candidates(corners, np.zeros((3, 5, 2)), np.array([0.7, 0.9, 0.8])))
    assert kept.scores.tolist() == [0.9, 0.8]


@pytest.mark.models
class TestRealYuNet:
    @pytest.fixture
    def detector(self) -> FaceDetector:
        if not weights.available("yunet"):
            pytest.skip(weights.shelf().reason("yunet"))
        return open_detector(weights.path("yunet"), 2)

    @pytest.fixture
    def two(self, shared: Callable[..., Path]) -> np.ndarray:
        path = shared("media", "faces", "examples__two_people.jpg")
        return np.asarray(Image.open(path).convert("RGB"))

    def test_it_is_read_as_opencv_reads_it(self, detector: FaceDetector, two: np.ndarray) -> None:
        picture = np.ascontiguousarray(cv2.resize(two, (640, 640)))
        opencv = cv2.FaceDetectorYN.create(str(weights.path("yunet")), "", (640, 640), 0.3, 0.3)
        rows = opencv.detect(picture[:, :, ::-1].copy())[1]
        ours = without_doubles(detector.candidates(picture))
        assert ours.scores == pytest.approx(rows[:, 14], abs=1e-4)
        assert ours.corners[:, :2] == pytest.approx(rows[:, :2], abs=0.05)
        assert ours.landmarks.reshape(-1, 10) == pytest.approx(rows[:, 4:14], abs=0.05)

    def test_three_hundred_faces_in_one_picture(self, detector: FaceDetector, two: np.ndarray) -> None:
        faces = [_square_around(two, face.region) for face in detector.detect(two)]
        assert len(faces) == 2
        rows = [np.concatenate([faces[(row + i) % 2] for i in range(20)], 1) for row in range(15)]
        mosaic = np.concatenate(rows)
        found = detector.detect(mosaic)
        cells = {
            (int((f.region.x + f.region.w / 2) * 20), int((f.region.y + f.region.h / 2) * 15)) for f in found
        }
        assert len(cells) >= 297
        assert len(found) <= 303

    def test_an_empty_wall_shows_nobody(self, detector: FaceDetector) -> None:
        assert detector.detect(np.full((1500, 2000, 3), 140, np.uint8)) == []
        assert detector.detect(np.full((1, 1, 3), 140, np.uint8)) == []
        assert detector.detect(np.full((1, 3000, 3), 140, np.uint8)) == []


def _square_around(rgb: np.ndarray, region: tuple[float, float, float, float]) -> np.ndarray:
    height, width = rgb.shape[:2]
    x, y, w, h = np.multiply(region, (width, height) * 2)
    side = 1.3 * max(w, h)
    left, top = int(max(0, x + w / 2 - side / 2)), int(max(0, y + h / 2 - side / 2))
    return cv2.resize(rgb[top : top + int(side), left : left + int(side)], (100, 100))
