"""Errors in telling people apart, by group: false matches and false non-matches of pairs of faces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from indexing.analysers.contract import Finding
from indexing.evaluation.measures import wilson
from indexing.evaluation.truth import Labelled


class Face(NamedTuple):
    """Whose face it is, the group that the archivist marked, and its unit vector."""

    identity: str
    group: str
    vector: np.ndarray


class Pairs(NamedTuple):
    """Errors among pairs (ISO/IEC 19795-1): the share of pairs of two people taken for one, and of one
    person taken for two, 0..1, each with how many pairs there were and its 95 % interval (Wilson)."""

    different: int
    false_match: float | None
    false_match_interval: tuple[float, float]
    same: int
    false_non_match: float | None
    false_non_match_interval: tuple[float, float]


def faces(found: Iterable[tuple[Labelled, Sequence[Finding]]]) -> list[Face]:
    """The surest face of each file with one label: of several people it is not known whose face is which."""
    return list(_faces(found))


def _faces(found: Iterable[tuple[Labelled, Sequence[Finding]]]) -> Iterator[Face]:
    for file, findings in found:
        with_vectors = [finding for finding in findings if finding.vector is not None]
        if len(file.labels) == 1 and with_vectors:
            best = max(with_vectors, key=lambda finding: finding.confidence or 0.0)
            if best.vector is not None:
                yield Face(file.labels[0].name, file.labels[0].group or file.group, best.vector.values)


def errors(people: Sequence[Face], threshold: float) -> dict[str, Pairs]:
    """Errors at a cosine from which two faces count as one person: for each group, among pairs within it, and
    under "" among all pairs."""
    groups = {face.group for face in people if face.group}
    parts = {group: [face for face in people if face.group == group] for group in sorted(groups)}
    return {name: _errors(part, threshold) for name, part in {"": list(people), **parts}.items()}


def _errors(people: Sequence[Face], threshold: float) -> Pairs:
    verdicts = [
        (one.identity == other.identity, float(one.vector @ other.vector) >= threshold)
        for one, other in combinations(people, 2)
    ]
    matched = [taken for same, taken in verdicts if not same]
    parted = [not taken for same, taken in verdicts if same]
    return Pairs(*_share(matched), *_share(parted))


def _share(wrong: Sequence[bool]) -> tuple[int, float | None, tuple[float, float]]:
    total, errors = len(wrong), sum(wrong)
    return total, errors / total if total else None, wilson(errors, total)
