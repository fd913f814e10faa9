"""Two detectors of the YOLO family trained on COCO: YOLOX (Apache-2.0) and YOLOv5 (AGPL-3.0 weights)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexing.engines import onnx
from indexing.engines.boxes import Boxes, corners_of, letterbox
from indexing.engines.coco import LABELS


class YoloX:
    """YOLOX (Ge et al. 2021, arXiv:2107.08430): anchor-free, one cell one box.

    The network takes a square of BGR 0..255 (its file says how large: 416 pixels for nano and tiny, 640 for
    s) and gives for each cell: centre relative to the cell and logarithm of the size, both in strides, then
    objectness and class scores.
    """

    labels = LABELS
    strides = (8, 16, 32)

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads)
        self.side = int(self._session.get_inputs()[0].shape[-1])
        self._cells, self._strides = self._grid()

    def candidates(self, rgb: np.ndarray) -> Boxes:
        """The box of every cell in 0..1 of the picture."""
        square, size = letterbox(rgb, self.side)
        planes = square[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        cells = self._session.run(None, {"images": np.ascontiguousarray(planes)})[0][0]
        centres = (cells[:, :2] + self._cells) * self._strides
        sizes = np.exp(cells[:, 2:4]) * self._strides
        corners = corners_of(centres, sizes) / np.tile(size, 2)
        return Boxes.best_of(corners, cells[:, 4:5] * cells[:, 5:])

    def _grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Column and row of every cell (n, 2) and its stride (n, 1), fine cells first."""
        cells, strides = [], []
        for stride in self.strides:
            count = self.side // stride
            rows, columns = np.mgrid[:count, :count]
            cells.append(np.stack([columns.ravel(), rows.ravel()], 1))
            strides.append(np.full((count * count, 1), stride))
        return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


class YoloV5:
    """YOLOv5n at 320 pixels: RGB 0..1 in, centre, size (0..1 of the square), objectness, classes out."""

    labels = LABELS
    side = 320

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads)

    def candidates(self, rgb: np.ndarray) -> Boxes:
        """The box of every anchor in 0..1 of the picture."""
        square, size = letterbox(rgb, self.side)
        picture = square[None].astype(np.float32) / 255
        rows = self._session.run(None, {self._session.get_inputs()[0].name: picture})[0][0]
        corners = corners_of(rows[:, :2], rows[:, 2:4]) * self.side / np.tile(size, 2)
        return Boxes.best_of(corners, rows[:, 4:5] * rows[:, 5:])
