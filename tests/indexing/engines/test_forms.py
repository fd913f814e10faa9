"""Forms are told apart where they are clear, and not claimed where they are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexing.engines.forms import form_of
from tests.bench.made_forms import document, drawing


def name_of(pixels: np.ndarray) -> str:
    picture = Image.fromarray(pixels)
    picture.thumbnail((512, 512))
    form = form_of(np.asarray(picture))
    return form.name if form else ""


@pytest.mark.parametrize(("make", "name"), [(document, "document"), (drawing, "drawing")])
def test_most_are_recognised_and_none_is_mistaken(make: Callable[[int], np.ndarray], name: str) -> None:
    found = Counter(name_of(make(number)) for number in range(500, 512))
    assert set(found) <= {name, ""}
    assert found[name] >= 7


def test_photographs_are_recognised(shared: Callable[..., Path]) -> None:
    photographs = sorted(shared("media", "photos_coco", "images").iterdir())[::11]
    found = Counter(name_of(np.asarray(Image.open(path).convert("RGB"))) for path in photographs)
    assert found["photograph"] >= 0.8 * len(photographs)


def test_a_dark_page_of_an_interface_is_a_screenshot() -> None:
    page = document(4)[:640, :]
    dark = np.ascontiguousarray(255 - page)
    assert name_of(dark) in {"screenshot", ""}
    assert name_of(dark) != "document"


@pytest.mark.parametrize("pixels", [np.full((300, 400, 3), 128, np.uint8), np.zeros((1, 1, 3), np.uint8)])
def test_a_picture_of_nothing_is_no_document_and_no_photograph(pixels: np.ndarray) -> None:
    assert name_of(pixels) in {"", "drawing"}


def test_nothing_is_claimed_of_a_tiny_picture() -> None:
    assert form_of(np.random.default_rng(0).integers(0, 256, (60, 90, 3)).astype(np.uint8)) is None
