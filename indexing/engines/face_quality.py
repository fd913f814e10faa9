"""How well a face can be recognised: its size, sharpness, pose and exposure as one number."""

from __future__ import annotations

import cv2
import numpy as np

FLOOR = 0.2
"""Below it no vector is made, the face is a box only. A faultless face 24 pixels wide lies on it."""
SIZES = (16.0, 56.0)
"""Pixels of width. Portraits shrunk to 14, 18, 22, 30 and 44 pixels have a median cosine of 0.50, 0.60, 0.67,
0.71 and 0.73 to other photographs of the person; at full size 0.74."""
SHARPNESS = (0.004, 0.02)
"""Variance of the Laplacian over the variance of the aligned face. Portraits blurred until the median cosine
fell to 0.71, 0.68, 0.59 and 0.51 measure 0.021, 0.009, 0.0065 and 0.0045; as they come, 0.18 and more."""
ROUNDING = 20 / 12
"""The variance that rounding to whole steps adds: 1/12 a pixel times the sum of the kernel's squares."""
TURN = (0.6, 0.2)
"""The nose off the middle of the eyes, in distances between them: half a profile, and hardly turned."""
NARROWNESS = (0.35, 0.7)
"""Distance between the eyes over that from eyes to mouth; 0.87 in a frontal face."""
USABLE = (0.2, 0.8)
"""Share of pixels that are neither nearly black nor nearly white."""
CONTRAST = (8.0, 48.0)
"""Steps of 255 between the 5th and the 95th percentile of light."""
FACE = np.s_[24:104, 20:92]
"""The part of 112x112 aligned pixels that is face and not background."""


def quality(face: np.ndarray, landmarks: np.ndarray, width: float) -> float:
    """0..1 for an aligned RGB face (112, 112, 3), its landmarks (5, 2) in pixels of the picture and its width
    in pixels: size x sharpness x pose x exposure.

    Each is 0..1, rising in a straight line between the two values given above (sharpness: between their
    logarithms); pose is the lesser of turn and narrowness, exposure of usable pixels and contrast.
    """
    light = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)[FACE]
    return ramp(width, SIZES) * sharpness(light) * pose(landmarks) * exposure(light)


def sharpness(light: np.ndarray) -> float:
    """Of a grey face, whatever its contrast."""
    detail = cv2.Laplacian(light, cv2.CV_32F).var() - ROUNDING
    share = max(float(detail), 1e-6) / max(float(light.var()), 1.0)
    return ramp(np.log(share), (np.log(SHARPNESS[0]), np.log(SHARPNESS[1])))


def pose(landmarks: np.ndarray) -> float:
    """1 from the front, 0 in profile. The tilt of the head does not count: alignment takes it out."""
    right, left, nose, *mouth = landmarks.astype(float)
    between = left - right
    distance = max(float(np.hypot(*between)), 1e-6)
    eyes = (right + left) / 2
    turn = abs((nose - eyes) @ between) / distance**2
    height = max(float(np.hypot(*(np.mean(mouth, axis=0) - eyes))), 1.0)
    return min(ramp(turn, TURN), ramp(distance / height, NARROWNESS))


def exposure(light: np.ndarray) -> float:
    """0 where nothing can be told from a face's light."""
    usable = float(((light > 8) & (light < 247)).mean())
    low, high = np.percentile(light, (5, 95))
    return min(ramp(usable, USABLE), ramp(high - low, CONTRAST))


def ramp(value: float, ends: tuple[float, float]) -> float:
    """0 at the first end, 1 at the second, straight between them."""
    return float(np.clip((value - ends[0]) / (ends[1] - ends[0]), 0, 1))
