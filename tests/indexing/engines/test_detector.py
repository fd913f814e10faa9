"""Detectors: one contract for all of them with their real weights, and the reading of a network's boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexing import weights
from indexing.engines.boxes import Boxes
from indexing.engines.coco import LABELS, LABELS_90
from indexing.engines.detector import NETWORKS, Detector, NetworkDetector, open_detector

CHAIRS_AND_TV = "000000000139.jpg"
BEAR = "000000000285.jpg"


class Made:
    """A network that always sees the same."""

    labels = ("cat", "", "dog")

    def __init__(self, *rows: tuple[float, float, float, float, int, float]) -> None:
        table = np.array(rows, float).reshape(-1, 6)
        self._boxes = Boxes(table[:, :4], table[:, 4].astype(int), table[:, 5])

    def candidates(self, rgb: np.ndarray) -> Boxes:
        return self._boxes


def test_boxes_become_labelled_regions_surest_first() -> None:
    network = Made(
        (0.1, 0.2, 0.5, 0.8, 2, 0.6), (0, 0, 1, 1, 0, 0.9), (0, 0, 1, 0.95, 0, 0.8), (0, 0, 1, 1, 2, 0.1)
    )
    cat, dog = NetworkDetector(network, 0.5).detect(np.zeros((4, 4, 3), np.uint8))
    assert (cat.label, cat.confidence, tuple(cat.region)) == ("cat", 0.9, (0, 0, 1, 1))
    assert dog.label == "dog"
    assert tuple(dog.region) == pytest.approx((0.1, 0.2, 0.4, 0.6))


def test_a_class_without_a_name_is_not_reported() -> None:
    assert NetworkDetector(Made((0, 0, 1, 1, 1, 0.9)), 0.5).detect(np.zeros((4, 4, 3), np.uint8)) == []


def test_an_unknown_model_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        open_detector("nothing", Path("nothing.onnx"))


def test_the_names_are_cocos(shared: Callable[..., Path]) -> None:
    assert shared("media", "photos_coco", "classes.txt").read_text().split("\n") == LABELS
    assert [name for name in LABELS_90 if name] == LABELS
    assert (LABELS_90[0], LABELS_90[89]) == ("person", "toothbrush")


@pytest.mark.models
@pytest.mark.parametrize("model", NETWORKS)
class TestRealDetectors:
    """What every detector must see."""

    @pytest.fixture
    def detector(self, model: str) -> Detector:
        if not weights.available(model):
            pytest.skip(weights.shelf().reason(model))
        return open_detector(model, weights.path(model), threads=2)

    @pytest.fixture
    def photo(self, shared: Callable[..., Path]) -> Callable[[str], np.ndarray]:
        folder = shared("media", "photos_coco", "images")
        return lambda name: np.asarray(Image.open(folder / name).convert("RGB"))

    def test_things_are_seen_where_they_are(
        self, detector: Detector, photo: Callable[[str], np.ndarray]
    ) -> None:
        found = detector.detect(photo(CHAIRS_AND_TV))
        assert Counter(seen.label for seen in found)["chair"] >= 2
        screen = next(seen for seen in found if seen.label == "tv")
        assert tuple(screen.region) == pytest.approx((0.011, 0.394, 0.233, 0.223), abs=0.04)

    def test_a_bear_is_a_bear(self, detector: Detector, photo: Callable[[str], np.ndarray]) -> None:
        assert detector.detect(photo(BEAR))[0].label == "bear"

    def test_regions_lie_in_the_picture(self, detector: Detector, photo: Callable[[str], np.ndarray]) -> None:
        for seen in detector.detect(photo(CHAIRS_AND_TV)[:, :100]):
            x, y, w, h = seen.region
            assert min(x, y) >= 0
            assert min(w, h) > 0
            assert max(x + w, y + h) <= 1 + 1e-6

    def test_an_empty_wall_shows_nothing(self, detector: Detector) -> None:
        assert detector.detect(np.full((120, 200, 3), 140, np.uint8)) == []
        assert detector.detect(np.full((1, 1, 3), 140, np.uint8)) == []
