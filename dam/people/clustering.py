"""Faces, or voices, of one person brought together by average likeness: exact, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dam.people.biometrics import FACE, VOICE

THRESHOLD = 0.38
"""Mean cosine of all pairs between two groups from which they are one person. For SFace, 0.36 to 0.40 gave
the best groups of labelled faces, while its authors verify single pairs from 0.363 (opencv_zoo, SFace)."""
THRESHOLDS = {FACE: THRESHOLD, VOICE: 0.40}
"""The same for each scope. For WeSpeaker's voices, 0.30 to 0.40 gave the best groups of either half of the
labelled people; the strictest of these joins the fewest strangers."""
MARGIN = 0.12
"""How far above the threshold the mean cosine to a group is from which no better one is looked for. Groups
are compared largest first."""
BATCH = 4000
"""Faces that are taken in together; those that fit nowhere are compared with each other. A million made
faces cost a third of the time that they cost 1000 by 1000, because large matrix products are cheap."""
BLOCK = 4096
"""Groups that are compared at once: a table of likenesses is BATCH x BLOCK x 4 bytes, 66 MB, at most."""


class Clusters:
    """Groups of unit vectors, each kept as a sum and a count only: memory grows with groups, not with faces.

    The mean of a group times a vector is the mean cosine of that vector with every member, and the product
    of two means is the mean cosine of all pairs between two groups. So average linkage (Sokal and Michener
    1958) is exact without the members, and a chain of look-alikes cannot join two people.
    """

    def __init__(self, dimensions: int, threshold: float = THRESHOLD) -> None:
        self.threshold, self.sure = threshold, threshold + MARGIN
        self.totals = np.zeros((BLOCK, dimensions), np.float32)
        self.sizes = np.zeros(BLOCK, np.int64)
        self.count = 0
        self._parents: list[int] = []
        self._changed: set[int] = set()

    def load(self, means: np.ndarray, sizes: np.ndarray) -> None:
        """Begin with groups known from before: means of shape (n, dimensions), sizes of shape (n,)."""
        self._append(means * sizes[:, None], sizes)
        self._changed.clear()

    def assign(self, vectors: np.ndarray) -> np.ndarray:
        """Put unit vectors, shape (n, dimensions), into groups old or new; returns their group numbers."""
        labels = np.empty(len(vectors), np.int64)
        for first in range(0, len(vectors), BATCH):
            batch = slice(first, first + BATCH)
            labels[batch] = self._take_in(vectors[batch])
        return labels

    def merge(self) -> dict[int, int]:
        """Join groups that have grown alike since the last call; returns {number that ends: number it joins}.

        Only groups that changed are compared, each with all others; the likest pairs go first.
        """
        ended: dict[int, int] = {}
        while pairs := self._alike():
            taken: set[int] = set()
            for one, other in pairs:
                if not taken & {one, other}:
                    taken |= {one, other}
                    larger, smaller = sorted((one, other), key=lambda group: (-self.sizes[group], group))
                    self._join(smaller, larger)
                    ended[smaller] = larger
        return {group: self.current(group) for group in ended}

    def current(self, group: int) -> int:
        """The group that holds the members of a group now."""
        while self._parents[group] != group:
            self._parents[group] = self._parents[self._parents[group]]
            group = self._parents[group]
        return group

    def mean(self, group: int) -> np.ndarray:
        """The mean of the members, shape (dimensions,); shorter than 1 the more they differ."""
        mean: np.ndarray = self.totals[group] / self.sizes[group]
        return mean

    def _take_in(self, vectors: np.ndarray) -> np.ndarray:
        labels, link = self._nearest(vectors)
        rest = np.flatnonzero(link < self.threshold)
        labels[rest] = self.count + _linked(vectors[rest], self.threshold)
        new = labels.max(initial=-1) + 1 - self.count
        if new > 0:
            self._append(np.zeros((new, vectors.shape[1]), np.float32), np.zeros(new, np.int64))
        np.add.at(self.totals, labels, vectors)
        np.add.at(self.sizes, labels, 1)
        self._changed.update(labels.tolist())
        return labels

    def _nearest(self, vectors: np.ndarray, own: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The group likest to each vector, except its `own`, and their mean cosine."""
        best, link = np.full(len(vectors), -1), np.full(len(vectors), -1.0, np.float32)
        open_rows = np.arange(len(vectors))
        for groups, means in self._blocks():
            links = vectors[open_rows] @ means.T
            if own is not None:
                links[own[open_rows][:, None] == groups] = -1
            column = links.argmax(axis=1)
            value = links[np.arange(len(open_rows)), column]
            better = value > link[open_rows]
            best[open_rows[better]] = groups[column[better]]
            link[open_rows[better]] = value[better]
            open_rows = open_rows[link[open_rows] < self.sure]
            if not len(open_rows):
                break
        return best, link

    def _blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The groups that have members, largest first, and their means."""
        order = np.argsort(-self.sizes[: self.count], kind="stable")
        order = order[: np.count_nonzero(self.sizes[: self.count])]
        for first in range(0, len(order), BLOCK):
            groups = order[first : first + BLOCK]
            yield groups, self.totals[groups] / self.sizes[groups, None].astype(np.float32)

    def _alike(self) -> list[tuple[int, int]]:
        """Pairs of a changed group and the one most like it, above the threshold, likest first."""
        changed = np.array(sorted(self._changed), dtype=np.int64)
        self._changed.clear()
        pairs: list[tuple[float, int, int]] = []
        for first in range(0, len(changed), BATCH):
            groups = changed[first : first + BATCH]
            means = self.totals[groups] / self.sizes[groups, None].astype(np.float32)
            best, link = self._nearest(means, own=groups)
            alike = link >= self.threshold
            pairs += zip(link[alike].tolist(), groups[alike].tolist(), best[alike].tolist(), strict=True)
        return [(one, other) for _, one, other in sorted(pairs, reverse=True)]

    def _join(self, smaller: int, larger: int) -> None:
        self.totals[larger] += self.totals[smaller]
        self.sizes[larger] += self.sizes[smaller]
        self.totals[smaller], self.sizes[smaller] = 0, 0
        self._parents[smaller] = larger
        self._changed.discard(smaller)
        self._changed.add(larger)

    def _append(self, totals: np.ndarray, sizes: np.ndarray) -> None:
        needed = self.count + len(sizes)
        while len(self.sizes) < needed:
            self.totals = np.concatenate([self.totals, np.zeros_like(self.totals)])
            self.sizes = np.concatenate([self.sizes, np.zeros_like(self.sizes)])
        self.totals[self.count : needed] = totals
        self.sizes[self.count : needed] = sizes
        self._parents.extend(range(self.count, needed))
        self.count = needed


def cluster(vectors: np.ndarray, threshold: float = THRESHOLD) -> np.ndarray:
    """Group all of the unit vectors, shape (n, dimensions), at once; returns labels 0..k-1 of shape (n,)."""
    clusters = Clusters(vectors.shape[1], threshold)
    labels = clusters.assign(vectors.astype(np.float32))
    clusters.merge()
    _, numbered = np.unique([clusters.current(int(label)) for label in labels], return_inverse=True)
    return numbered


def _linked(vectors: np.ndarray, threshold: float) -> np.ndarray:
    """Labels 0..k-1 by average linkage over all pairs; for few vectors, its table grows with their square.

    SciPy takes a second to import, and few processes group faces.
    """
    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(vectors, method="average", metric="cosine")
    labels: np.ndarray = fcluster(tree, 1 - threshold, criterion="distance").astype(np.int64) - 1
    return labels
