"""Object detection: a picture in, labelled boxes out, whichever network is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from indexing.analysers.contract import Region
from indexing.engines import cache
from indexing.engines.boxes import Boxes, concatenated
from indexing.engines.rtdetr import RTDetr
from indexing.engines.ssdlite import SSDLite
from indexing.engines.tiling import is_large, look_closely
from indexing.engines.yolo import YoloV5, YoloX

OVERLAP = 0.45
"""Two boxes of one class that overlap by more are one thing (the value of YOLOX's and YOLOv5's own tools)."""
MOST = 1000
"""Things reported of one picture; the surest are kept."""


class Detection(NamedTuple):
    """A thing seen: its COCO name in English, how sure the detector is (0..1), where."""

    label: str
    confidence: float
    region: Region


class Detector(Protocol):
    """Finds things in a picture."""

    def detect(self, rgb: np.ndarray) -> list[Detection]:
        """What is in the upright RGB picture (height, width, 3) of uint8, surest first."""
        ...


class Network(Protocol):
    """What differs between detectors: the names it knows and its unfiltered boxes."""

    labels: Sequence[str]

    def candidates(self, rgb: np.ndarray) -> Boxes: ...


class NetworkDetector:
    """The surest boxes of a network, one for each thing. Large pictures are also looked at in tiles."""

    def __init__(self, network: Network, threshold: float) -> None:
        self._network = network
        self._threshold = threshold

    def detect(self, rgb: np.ndarray) -> list[Detection]:
        boxes = self._seen(rgb)
        if is_large(rgb):
            boxes = concatenated([boxes, look_closely(rgb, self._seen)])
        boxes = boxes.without_doubles(OVERLAP).first(MOST)
        found = (
            Detection(self._network.labels[number], float(score), _region(corners))
            for corners, number, score in zip(boxes.corners, boxes.classes, boxes.scores, strict=True)
        )
        return [detection for detection in found if detection.label]

    def _seen(self, rgb: np.ndarray) -> Boxes:
        return self._network.candidates(rgb).above(self._threshold)


def _region(corners: np.ndarray) -> Region:
    left, top, right, bottom = (float(value) for value in corners)
    return Region(left, top, right - left, bottom - top)


NETWORKS: dict[str, tuple[type, float]] = {
    "rtdetr-r18": (RTDetr, 0.50),
    "yolox-s": (YoloX, 0.30),
    "yolox-tiny": (YoloX, 0.30),
    "yolox-nano": (YoloX, 0.30),
    "ssdlite-mobilenet-v2": (SSDLite, 0.50),
    "yolov5n": (YoloV5, 0.25),
}
"""The networks by the name of their weights, with the score from which a box counts: the defaults of their
own tools (RT-DETR's post-processing in transformers, YOLOX's ONNX demo, tfjs coco-ssd's minScore, YOLOv5's
detect.py). In the manifest's order."""


def open_detector(model: str, weights: Path, threads: int = 1) -> Detector:
    """The detector of that model, loaded once for the process. Raises KeyError for one that is unknown."""
    network, threshold = NETWORKS[model]
    key = ("detector", model, str(weights), threads)
    return cache.loaded(key, lambda: NetworkDetector(network(weights, threads), threshold))
