"""SSDLite MobileNet v2 trained on COCO: the TensorFlow.js model made into ONNX, and its boxes read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from indexing.engines import onnx
from indexing.engines.boxes import Boxes
from indexing.engines.coco import LABELS_90

SIDE = 300
ANCHORS = 1917
PICTURE = "Preprocessor/map/TensorArrayStack/TensorArrayGatherV3"
SCORES = "Postprocessor/Slice"
CORNERS = "Postprocessor/ExpandDims_1"


def convert(folder: Path, target: Path) -> None:
    """Write the network of the TensorFlow.js model in `folder` as ONNX to `target`."""
    from indexing.engines import tfjs

    inputs = {PICTURE: (1, SIDE, SIDE, 3)}
    outputs = {SCORES: (1, ANCHORS, len(LABELS_90)), CORNERS: (1, ANCHORS, 1, 4)}
    target.write_bytes(tfjs.convert(folder, inputs, outputs).SerializeToString(deterministic=True))


class SSDLite:
    """Boxes of SSDLite: 30 ms a picture, better with large things than with small ones."""

    labels = LABELS_90

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads)

    def candidates(self, rgb: np.ndarray) -> Boxes:
        """Every anchor's box in 0..1 of the picture with its best class."""
        picture = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)[None].astype(np.float32)
        scores, corners = self._session.run([SCORES, CORNERS], {PICTURE: picture})
        top, left, bottom, right = corners[0, :, 0].T
        return Boxes.best_of(np.stack([left, top, right, bottom], 1), scores[0])
