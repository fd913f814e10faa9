"""How much one frame differs from the next, in numbers small enough to keep for a whole film."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
Chunk = tuple[np.ndarray, np.ndarray]


@dataclass
class FrameChanges:
    """Numbers about the step from each frame to the next, filled while a stream passes through `watch`.

    `colour` is the mean absolute difference of RGB values and `light` the change of the mean luma, both in
    0..255; `likeness` is the correlation (-1..1) of the two pictures after local contrast normalisation, so
    that the same scene in another light stays alike. In 3,000 pairs of unrelated photographs of 48x27 pixels
    it is above 0.27 once in a thousand. 20 bytes are kept for a frame: 18 MB for ten hours at 25 a second.
    """

    seconds: array[float] = field(default_factory=lambda: array("d"))
    colour: array[float] = field(default_factory=lambda: array("f"))
    light: array[float] = field(default_factory=lambda: array("f"))
    likeness: array[float] = field(default_factory=lambda: array("f"))
    _last: np.ndarray | None = None

    def watch(self, stream: Iterable[Chunk]) -> Iterator[np.ndarray]:
        """The frames of each chunk, RGB uint8 of shape (n, height, width, 3), n above 0."""
        for seconds, frames in stream:
            if len(frames):
                self.seconds.extend(seconds.tolist())
                self._measure(frames)
                yield frames

    def is_alike(self, step: int) -> bool:
        """Whether both pictures show the same shapes, beyond what chance gives."""
        return self.likeness[step] > 0.3

    def is_cut(self, step: int) -> bool:
        """Whether another picture comes at once: 10 levels away or more, and 4 times the steps around it."""
        around = self.colour[max(0, step - 8) : step] + self.colour[step + 1 : step + 9]
        sudden = self.colour[step] >= max(10.0, 4 * float(np.median(around) if around else 0.0))
        return sudden and not self.is_alike(step)

    def is_light(self, step: int) -> bool:
        """Whether the same scene is lit anew: the same shapes, 15 levels brighter or darker at once.

        In a fade through black or white every step is as large as its neighbours.
        """
        around = self.light[max(0, step - 6) : step] + self.light[step + 1 : step + 7]
        usual = float(np.percentile(np.abs(around), 75)) if around else 0.0
        return self.is_alike(step) and abs(self.light[step]) > max(15.0, 3 * usual)

    def _measure(self, frames: np.ndarray) -> None:
        before = frames[:1] if self._last is None else self._last
        both = np.concatenate([before, frames]).astype(np.float32)
        first = 1 if self._last is None else 0
        luma = both @ LUMA
        shapes = np.stack([_local_contrast(picture) for picture in luma])
        self.colour.extend(np.abs(np.diff(both, axis=0)).mean((1, 2, 3)).tolist()[first:])
        self.light.extend(np.diff(luma.mean((1, 2))).tolist()[first:])
        self.likeness.extend((shapes[:-1] * shapes[1:]).sum((1, 2)).tolist()[first:])
        self._last = frames[-1:]


def _local_contrast(luma: np.ndarray) -> np.ndarray:
    """Deviation from the neighbourhood in its own standard deviations, as a vector of length 1."""
    mean = cv2.GaussianBlur(luma, (0, 0), 3)
    spread = np.sqrt(cv2.GaussianBlur((luma - mean) ** 2, (0, 0), 3))
    contrast = (luma - mean) / (spread + 4)
    contrast -= contrast.mean()
    unit: np.ndarray = contrast / max(float(np.linalg.norm(contrast)), 1e-6)
    return unit
