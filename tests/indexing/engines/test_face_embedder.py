"""Faces are brought upright, and SFace gives the same vectors as OpenCV's own recogniser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.engines.face_detector import Face, open_detector
from indexing.engines.face_embedder import TEMPLATE, FaceEmbedder, align, open_embedder, similarity
from indexing.engines.face_likeness import SAME


def turned(points: np.ndarray, degrees: float, scale: float, shift: tuple[float, float]) -> np.ndarray:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * points @ turn.T + shift


@pytest.mark.parametrize(("degrees", "scale"), [(0, 1), (30, 2.5), (-90, 0.4), (180, 7)])
def test_a_turned_and_scaled_face_is_brought_back(degrees: float, scale: float) -> None:
    matrix = similarity(turned(TEMPLATE, degrees, scale, (300, -40)), TEMPLATE)
    points = turned(TEMPLATE, degrees, scale, (300, -40)) @ matrix[:, :2].T + matrix[:, 2]
    assert points == pytest.approx(TEMPLATE, abs=1e-3)


def test_landmarks_on_one_spot_are_no_reason_to_fail() -> None:
    picture = np.full((50, 60, 3), 7, np.uint8)
    assert align(picture, np.full((5, 2), 0.5)).shape == (112, 112, 3)


def test_eyes_come_to_lie_where_the_template_has_them() -> None:
    picture = np.zeros((400, 600, 3), np.uint8)
    points = turned(TEMPLATE, 20, 2, (150, 60))
    for (x, y), colour in zip(points, np.eye(5, 3, dtype=np.uint8) * 255, strict=True):
        cv2.circle(picture, (round(x), round(y)), 8, [int(v) for v in colour], -1)
    face = align(picture, points / (600, 400))
    assert [face[round(y), round(x)].argmax() for x, y in TEMPLATE[:3]] == [0, 1, 2]
    assert all(face[round(y), round(x), i] > 200 for i, (x, y) in enumerate(TEMPLATE[:3]))


@pytest.mark.models
class TestRealSFace:
    @pytest.fixture
    def embedder(self) -> FaceEmbedder:
        for name in ("yunet", "sface"):
            if not weights.available(name):
                pytest.skip(weights.shelf().reason(name))
        return open_embedder(weights.path("sface"), 2)

    @pytest.fixture
    def photo(self, shared: Callable[..., Path]) -> Callable[[str], tuple[np.ndarray, list[Face]]]:
        folder = shared("media", "faces")

        def read(name: str) -> tuple[np.ndarray, list[Face]]:
            rgb = np.asarray(Image.open(folder / f"examples__{name}").convert("RGB"))
            return rgb, open_detector(weights.path("yunet"), 2).detect(rgb)

        return read

    def test_opencv_aligns_and_embeds_alike(self, embedder: FaceEmbedder, photo: Callable) -> None:
        rgb, (face,) = photo("obama.jpg")
        size = np.array(rgb.shape[1::-1])
        row = np.concatenate(
            [np.multiply(face.region, np.tile(size, 2)), (face.landmarks * size).ravel(), [1]]
        )
        opencv = cv2.FaceRecognizerSF.create(str(weights.path("sface")), "")
        theirs = opencv.feature(opencv.alignCrop(rgb[:, :, ::-1].copy(), row.astype(np.float32)))[0]
        ours = embedder.embed([align(rgb, face.landmarks)])[0]
        assert float(ours @ theirs) / np.linalg.norm(theirs) > 0.9999

    def test_a_batch_gives_what_single_faces_give(self, embedder: FaceEmbedder) -> None:
        faces = np.random.default_rng(0).integers(0, 256, (18, 112, 112, 3), np.uint8)
        together = embedder.embed(list(faces))
        alone = np.concatenate([embedder.embed([face]) for face in faces[[0, 17]]])
        assert together.shape == (18, 128)
        assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(18), abs=1e-5)
        assert together[[0, 17]] == pytest.approx(alone, abs=1e-4)
        assert embedder.embed([]).shape == (0, 128)

    def test_one_person_is_alike_and_two_are_not(self, embedder: FaceEmbedder, photo: Callable) -> None:
        names = ("obama.jpg", "obama2.jpg", "biden.jpg")
        pictures = [photo(name) for name in names]
        one, again, other = embedder.embed([align(rgb, faces[0].landmarks) for rgb, faces in pictures])
        assert one @ again > SAME > one @ other
