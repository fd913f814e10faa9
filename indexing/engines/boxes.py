"""Boxes with classes and scores, and the choice of one among those that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

GREY = 114
"""The padding that the YOLO family is trained with."""


@dataclass(frozen=True)
class Boxes:
    """`corners` (n, 4): left, top, right, bottom in 0..1; `classes` (n,); `scores` (n,) in 0..1."""

    corners: np.ndarray
    classes: np.ndarray
    scores: np.ndarray

    @classmethod
    def best_of(cls, corners: np.ndarray, scores: np.ndarray) -> Boxes:
        """Boxes with the best of their class scores (n, classes), cut at the edges of the picture."""
        return cls(np.clip(corners, 0, 1), scores.argmax(1), scores.max(1))

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, chosen: np.ndarray) -> Boxes:
        """Those at the positions, or where the mask is true."""
        return Boxes(self.corners[chosen], self.classes[chosen], self.scores[chosen])

    def above(self, threshold: float) -> Boxes:
        """Those that score at least the threshold and have an area."""
        sides = self.corners[:, 2:] - self.corners[:, :2]
        return self.take((self.scores >= threshold) & (sides > 0).all(1))

    def without_doubles(self, overlap: float) -> Boxes:
        """Greedy non-maximum suppression within each class, best first: none that is left has a better one
        of its class over it by more than `overlap` (intersection over union)."""
        waiting = np.argsort(-self.scores, kind="stable")
        kept = []
        while len(waiting):
            best, rest = waiting[0], waiting[1:]
            kept.append(best)
            same = self.classes[rest] == self.classes[best]
            covered = intersection_over_union(self.corners[best], self.corners[rest]) > overlap
            waiting = rest[~(same & covered)]
        return self.take(np.array(kept, dtype=int))

    def first(self, number: int) -> Boxes:
        """At most so many, those that stand first."""
        return self.take(np.arange(min(number, len(self))))


def concatenated(parts: Sequence[Boxes]) -> Boxes:
    """The boxes of all parts; of no part, none."""
    empty = Boxes(np.zeros((0, 4)), np.zeros(0, int), np.zeros(0))
    everything = [empty, *parts]
    return Boxes(
        np.concatenate([part.corners for part in everything]),
        np.concatenate([part.classes for part in everything]),
        np.concatenate([part.scores for part in everything]),
    )


def intersection_over_union(one: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of one box (4,) with each of (n, 4): the shared area over the area of both, 0..1."""
    shared = np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2])
    area = np.clip(shared, 0, None).prod(1)
    union = (one[2:] - one[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(1) - area
    share: np.ndarray = np.divide(area, union, out=np.zeros_like(area), where=union > 0)
    return share


def letterbox(rgb: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """The picture at the top left of a grey square of `side` pixels, and the (width, height) it fills."""
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    square = np.full((side, side, 3), GREY, np.uint8)
    square[: size[1], : size[0]] = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR)
    return square, np.array(size, np.float32)


def corners_of(centres: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Left, top, right, bottom of boxes given by centre (n, 2) and size (n, 2)."""
    return np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1)
