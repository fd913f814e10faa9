"""How ordinary pictures score, so that an extraordinary score can be told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from indexing.engines.text_image import unit

FEWEST = 100
"""Pictures from which a deviation is worth having: its own error is then about 7 % (1 / sqrt(2 n))."""
SMALLEST = 1e-6
"""A deviation that no real label has; it keeps a division finite."""


@dataclass(frozen=True, eq=False)
class Background:
    """What many different pictures have in common in a space of d dimensions.

    `mean` (d,) is the mean of their vectors; `centre` (d,) and `spread` (k, d) are the mean and, as
    spread.T @ spread, the covariance of those vectors less the mean, at length one. From them follow the
    mean and the deviation of the scores of any label, also of one that is added later.
    """

    mean: np.ndarray
    centre: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, pictures: np.ndarray) -> Background:
        """Of picture vectors (n, d). Raises ValueError where they are too few."""
        if len(pictures) < FEWEST:
            raise ValueError(f"A background needs {FEWEST} different pictures; there are {len(pictures)}.")
        mean = pictures.mean(0)
        centred = unit(pictures - mean)
        centre = centred.mean(0)
        return cls(mean, centre, ((centred - centre) / np.sqrt(len(pictures) - 1)).astype(np.float32))

    @property
    def identity(self) -> str:
        """A name for these numbers: 16 hexadecimal digits."""
        numbers = b"".join(part.tobytes() for part in (self.mean, self.centre, self.spread))
        return hashlib.sha256(numbers).hexdigest()[:16]

    def compare(self, pictures: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For pictures (n, d) and label vectors (m, d), two tables (n, m): the cosines of the pictures less
        the mean, and by how many standard deviations each is higher than ordinary pictures'."""
        cosines: np.ndarray = unit(pictures - self.mean) @ labels.T
        usual = np.sqrt(((self.spread @ labels.T) ** 2).sum(0))
        deviations: np.ndarray = (cosines - labels @ self.centre) / np.maximum(usual, SMALLEST)
        return cosines, deviations
