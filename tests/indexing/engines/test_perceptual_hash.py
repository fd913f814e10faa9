"""The perceptual hash: copies stay near, others do not, a mirror is foreseen, plain surfaces have none."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageEnhance

from indexing.engines.perceptual_hash import BITS, NEAR, agreement, difference, mirrored, perceptual_hash

Edit = Callable[[Image.Image], Image.Image]


def scene(seed: int) -> Image.Image:
    """Soft shapes of many sizes, different for every seed."""
    random = np.random.default_rng(seed)
    layers = [
        cv2.resize(random.uniform(0, 255, (n, n + n // 2, 3)).astype(np.float32), (480, 320), interpolation=2)
        for n in (3, 6, 12, 24)
    ]
    return Image.fromarray(np.mean(layers, 0).astype(np.uint8))


def hashed(picture: Image.Image) -> np.ndarray:
    vector = perceptual_hash(np.asarray(picture))
    assert vector is not None
    return vector


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return difference(float(one @ other))


def recompressed(picture: Image.Image) -> Image.Image:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=30)
    return Image.open(buffer).convert("RGB")


def cropped(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 50, height // 50, width - width // 50, height - height // 50))


EDITS: dict[str, Edit] = {
    "smaller": lambda picture: picture.resize((120, 80)),
    "stretched": lambda picture: picture.resize((480, 240)),
    "recompressed": recompressed,
    "cropped by 4 %": cropped,
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "grey": lambda picture: picture.convert("L").convert("RGB"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_copy_is_near(name: str) -> None:
    for seed in range(5):
        assert apart(hashed(scene(seed)), hashed(EDITS[name](scene(seed)))) <= NEAR


def test_different_pictures_are_far() -> None:
    hashes = [hashed(scene(seed)) for seed in range(12)]
    distances = [apart(one, other) for i, one in enumerate(hashes) for other in hashes[:i]]
    assert min(distances) > NEAR


def test_it_is_a_unit_vector_of_signs() -> None:
    vector = hashed(scene(1))
    assert (vector.shape, vector.dtype) == ((BITS,), np.float32)
    assert float(vector @ vector) == pytest.approx(1)
    assert len(np.unique(np.abs(vector))) == 1


def test_the_mirrored_picture_is_foreseen_without_its_pixels() -> None:
    for seed in range(5):
        picture = scene(seed)
        seen = hashed(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        assert apart(hashed(picture), seen) > NEAR
        assert apart(mirrored(hashed(picture)), seen) < 0.1


@pytest.mark.parametrize("grey", [0, 90, 255])
def test_a_plain_surface_has_no_hash(grey: int) -> None:
    noise = np.random.default_rng(0).integers(-2, 3, (90, 160, 3))
    assert perceptual_hash((noise + grey).clip(0, 255).astype(np.uint8)) is None
    assert perceptual_hash(np.full((1, 1, 3), grey, np.uint8)) is None


def test_agreement_and_difference_are_inverse() -> None:
    assert difference(agreement(0.3)) == pytest.approx(0.3)
    assert agreement(0) == 1
