"""The network's input convention, checked on photographs that are safe. No other pictures are needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.engines.nsfw import SIDE, open_nsfw, prepare

SAFE = ("000000000285.jpg", "000000000724.jpg", "000000000776.jpg", "000000001584.jpg", "000000001761.jpg")


def test_the_middle_is_kept_blue_first_with_the_mean_taken_away() -> None:
    picture = np.zeros((400, 800, 3), np.uint8)
    picture[:, :, 0] = 200
    prepared = prepare(picture)
    assert (prepared.shape, prepared.dtype) == ((SIDE, SIDE, 3), np.float32)
    assert prepared.mean((0, 1)) == pytest.approx([-104, -117, 200 - 123], abs=2)


@pytest.mark.models
def test_safe_photographs_score_low(shared: Callable[..., Path]) -> None:
    if not weights.available("open-nsfw"):
        pytest.skip(weights.shelf().reason("open-nsfw"))
    network = open_nsfw(weights.path("open-nsfw"), 1)
    folder = shared("media", "photos_coco", "images")
    scores = [network.score(np.asarray(Image.open(folder / name).convert("RGB"))) for name in SAFE]
    assert max(scores) < 0.02
