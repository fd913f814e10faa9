"""Average precision of the detectors on labelled photographs. Run: python -m tests.bench.bench_objects"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.boxes import Boxes, corners_of, intersection_over_union
from indexing.engines.coco import LABELS
from indexing.engines.detector import NETWORKS, OVERLAP

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"
FAINTEST = 0.01
MATCH = 0.5


class Verdict(NamedTuple):
    """A box that was found: its score and whether it is a thing that no better box had found."""

    score: float
    right: bool


def truth(path: Path) -> Boxes:
    """The labelled boxes of a photograph."""
    rows = np.array(
        [[float(word) for word in line.split()] for line in path.read_text().splitlines() if line]
    )
    rows = rows.reshape(-1, 5)
    return Boxes(corners_of(rows[:, 1:3], rows[:, 3:5]), rows[:, 0].astype(int), np.ones(len(rows)))


def judge(found: Boxes, labelled: Boxes) -> list[Verdict]:
    """Match boxes of one class in one photograph, best first, each label once (PASCAL VOC)."""
    taken: set[int] = set()
    verdicts = []
    for at in np.argsort(-found.scores):
        overlaps = intersection_over_union(found.corners[at], labelled.corners)
        free = [(overlaps[i], i) for i in range(len(labelled)) if i not in taken and overlaps[i] >= MATCH]
        if free:
            taken.add(max(free)[1])
        verdicts.append(Verdict(float(found.scores[at]), bool(free)))
    return verdicts


def average_precision(verdicts: Sequence[Verdict], labels: int) -> float:
    """Area under the precision-recall curve, precision made monotonic (COCO's definition at one overlap)."""
    right = np.array([verdict.right for verdict in sorted(verdicts, reverse=True)], dtype=float)
    precision = right.cumsum() / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float((precision * right).sum() / labels)


def measure(model: str) -> None:
    """Print AP50, and precision and recall at the threshold in use, for one detector."""
    kind, threshold = NETWORKS[model]
    network = kind(weights.path(model), 2)
    numbers = {label: number for number, label in enumerate(LABELS)}
    verdicts: dict[int, list[Verdict]] = {number: [] for number in range(len(LABELS))}
    labels = np.zeros(len(LABELS), int)
    seconds = 0.0
    photos = sorted((PHOTOS / "images").iterdir())
    for photo in photos:
        pixels = np.asarray(Image.open(photo).convert("RGB"))
        begin = time.perf_counter()
        boxes = network.candidates(pixels).above(FAINTEST).without_doubles(OVERLAP)
        seconds += time.perf_counter() - begin
        boxes = Boxes(
            boxes.corners, np.array([numbers.get(network.labels[c], -1) for c in boxes.classes]), boxes.scores
        )
        labelled = truth(PHOTOS / "labels_yolo" / f"{photo.stem}.txt")
        labels += np.bincount(labelled.classes, minlength=len(LABELS))
        for number in verdicts:
            of_class = boxes.take(boxes.classes == number)
            verdicts[number] += judge(of_class, labelled.take(labelled.classes == number))
    present = [number for number in verdicts if labels[number]]
    ap50 = np.mean([average_precision(verdicts[number], labels[number]) for number in present])
    shown = [v.right for number in verdicts for v in verdicts[number] if v.score >= threshold]
    print(f"{model}: AP50 {ap50:.3f} over {len(present)} classes, {len(photos)} photographs")
    print(f"  at {threshold}: precision {np.mean(shown):.2f}, recall {sum(shown) / labels.sum():.2f}")
    print(f"  {1000 * seconds / len(photos):.0f} ms a picture")


def main() -> None:
    if not PHOTOS.is_dir():
        print(f"The labelled photographs are not here: {PHOTOS}")
        return
    for model in NETWORKS:
        if weights.available(model):
            measure(model)
        else:
            print(weights.shelf().reason(model))


if __name__ == "__main__":
    main()
