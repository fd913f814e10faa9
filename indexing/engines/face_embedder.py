"""What a face looks like as a vector: SFace on faces brought upright to 112x112 pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from indexing.engines import cache
from indexing.engines.text_image import unit

SPACE = "sface"
DIMENSIONS = 128
SIDE = 112
TEMPLATE = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)],
    np.float32,
)
"""Where the five landmarks lie in the 112x112 pixels that SFace was trained on (ArcFace, Deng et al. 2019,
arXiv:1801.07698, and OpenCV's face_recognize.cpp)."""
BATCH = 16


class FaceEmbedder:
    """Aligned faces to unit vectors.

    OpenCV runs the network: measured on one thread it takes 20 ms of processor time a face where ONNX Runtime
    takes 45, with vectors equal to the sixth decimal. `threads` holds for OpenCV in the whole process.
    """

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._network = cv2.dnn.readNetFromONNX(str(weights))
        self._threads = threads

    def embed(self, faces: Sequence[np.ndarray]) -> np.ndarray:
        """Unit vectors (n, 128) of float32 for aligned RGB faces (112, 112, 3) of uint8."""
        cv2.setNumThreads(self._threads)
        batches = [self._run(faces[at : at + BATCH]) for at in range(0, len(faces), BATCH)]
        return unit(np.concatenate([np.empty((0, DIMENSIONS), np.float32), *batches]))

    def _run(self, faces: Sequence[np.ndarray]) -> np.ndarray:
        self._network.setInput(np.stack(faces).transpose(0, 3, 1, 2).astype(np.float32))
        vectors: np.ndarray = self._network.forward().copy()
        return vectors


def align(rgb: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """The face (112, 112, 3), turned, scaled and moved so that its landmarks (5, 2: x and y in 0..1 of the
    picture) come as close as they can to the template's."""
    points = landmarks * np.array(rgb.shape[1::-1])
    turn = similarity(points, TEMPLATE)
    face: np.ndarray = cv2.warpAffine(rgb, turn, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return face


def similarity(points: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """The turn, scale and shift (2, 3) that bring points (n, 2) closest to others by least squares.

    With points as complex numbers it is z -> a z + b, a linear regression; it never mirrors.
    """
    z, w = (each.astype(np.float64) @ (1, 1j) for each in (points, onto))
    centred = z - z.mean()
    a = np.vdot(centred, w - w.mean()) / max(np.vdot(centred, centred).real, 1e-9)
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def open_embedder(weights: Path, threads: int = 1) -> FaceEmbedder:
    """SFace, loaded once for the process."""
    return cache.loaded((SPACE, str(weights), threads), lambda: FaceEmbedder(weights, threads))
