"""What spoils a face lowers its quality, and nothing else does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexing.engines.face_embedder import TEMPLATE
from indexing.engines.face_likeness import CENTRE, MOST, SAME, SURE, same_person
from indexing.engines.face_quality import FLOOR, exposure, pose, quality, ramp


@pytest.fixture
def face() -> np.ndarray:
    """Middling light with detail of all sizes."""
    noise = np.random.default_rng(1).normal(0, 1, (112, 112)).astype(np.float32)
    coarse, fine = cv2.GaussianBlur(noise, (0, 0), 6), cv2.GaussianBlur(noise, (0, 0), 1)
    light = 120 + 40 * coarse / coarse.std() + 8 * fine / fine.std()
    return np.repeat(np.clip(light, 20, 235).astype(np.uint8)[..., None], 3, 2)


def worth(face: np.ndarray, landmarks: np.ndarray = TEMPLATE, width: float = 112) -> float:
    return quality(face, landmarks, width)


def test_a_large_sharp_frontal_face_is_faultless(face: np.ndarray) -> None:
    assert worth(face) == pytest.approx(1)


def test_size_alone_bars_a_face_under_24_pixels(face: np.ndarray) -> None:
    assert worth(face, width=23.5) < FLOOR < worth(face, width=24.5)
    assert worth(face, width=10) == 0


def test_blur_lowers_it_step_by_step(face: np.ndarray) -> None:
    steps = [worth(cv2.GaussianBlur(face, (0, 0), sigma)) for sigma in (0.5, 3, 5, 12)]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] > 0.9
    assert steps[-1] < FLOOR


def test_a_head_turned_away_is_barred_and_a_tilted_one_is_not(face: np.ndarray) -> None:
    profile = TEMPLATE.copy()
    profile[2, 0] = TEMPLATE[0, 0] - 4
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert worth(face, profile) < FLOOR
    assert pose(TEMPLATE @ turn.T) == pytest.approx(1)
    assert pose(TEMPLATE[[1, 0, 2, 4, 3]] * (-1, 1)) == pytest.approx(pose(TEMPLATE), abs=1e-6)


def test_landmarks_on_one_spot_are_worth_nothing() -> None:
    assert pose(np.zeros((5, 2))) == 0


@pytest.mark.parametrize(("gain", "shift"), [(0.02, 0), (0.02, 250), (1, 230), (1, -225)])
def test_faces_lost_in_darkness_or_glare_are_barred(face: np.ndarray, gain: float, shift: float) -> None:
    assert worth(np.clip(face.astype(float) * gain + shift, 0, 255).astype(np.uint8)) < FLOOR


def test_dark_and_light_faces_are_worth_the_same(face: np.ndarray) -> None:
    for gain, shift in ((0.35, 0), (0.4, 150)):
        assert exposure((face[..., 0] * gain + shift).astype(np.uint8)) == 1


def test_a_ramp_is_straight_and_ends() -> None:
    assert [ramp(value, (2, 4)) for value in (1, 2, 3, 4, 9)] == [0, 0, 0.5, 1, 1]
    assert ramp(0.3, (0.6, 0.2)) == pytest.approx(0.75)


def test_likeness_becomes_a_probability() -> None:
    assert same_person(CENTRE) == pytest.approx(0.5)
    cosines = np.linspace(-1, 1, 41)
    chances = same_person(cosines)
    assert (np.diff(chances) >= 0).all()
    assert 0 <= chances.min() < 0.001
    assert chances.max() == MOST
    assert same_person(0.1) < 0.001
    assert same_person(0.7) == MOST
    assert same_person(SURE) > 0.95 > same_person(SAME)
