"""Average precision of the detectors on labelled photographs. Run: python -m tests.bench.bench_objects

Large pictures with small things are made of the same photographs: mosaics of 24 that are 2,556 pixels wide,
looked at as a whole and in tiles.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.boxes import Boxes, concatenated, corners_of, intersection_over_union
from indexing.engines.coco import LABELS
from indexing.engines.detector import NETWORKS, OVERLAP, Network
from indexing.engines.tiling import look_closely, tiles

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"
FAINTEST = 0.01
MATCH = 0.5
COLUMNS, CELL, GREY = 6, 426, 114
IN_A_MOSAIC, MOSAICS = 24, 4
NUMBERS = {label: number for number, label in enumerate(LABELS)}


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


def mosaic(photos: Sequence[Path]) -> tuple[np.ndarray, Boxes]:
    """Photographs side by side, RGB, with all their labels."""
    width, height = COLUMNS * CELL, -(-len(photos) // COLUMNS) * CELL
    canvas = np.full((height, width, 3), GREY, np.uint8)
    parts = []
    for number, photo in enumerate(photos):
        picture = Image.open(photo).convert("RGB")
        scale = CELL / max(picture.size)
        small = np.asarray(picture.resize([round(side * scale) for side in picture.size]))
        left, top = number % COLUMNS * CELL, number // COLUMNS * CELL
        canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
        labelled = truth(labels_of(photo))
        size, offset = np.array([small.shape[1], small.shape[0]] * 2), np.array([left, top] * 2)
        corners = (labelled.corners * size + offset) / np.array([width, height] * 2)
        parts.append(Boxes(corners, labelled.classes, labelled.scores))
    return canvas, concatenated(parts)


def labels_of(photo: Path) -> Path:
    """The file with a photograph's labels."""
    return PHOTOS / "labels_yolo" / f"{photo.stem}.txt"


def seen(network: Network, pixels: np.ndarray, tiled: bool) -> Boxes:
    """All boxes of a picture, also the faintest, with COCO's 80 classes."""

    def look(rgb: np.ndarray) -> Boxes:
        return network.candidates(rgb).above(FAINTEST)

    boxes = concatenated([look(pixels), look_closely(pixels, look)] if tiled else [look(pixels)])
    boxes = boxes.without_doubles(OVERLAP)
    classes = np.array([NUMBERS.get(network.labels[number], -1) for number in boxes.classes], int)
    return Boxes(boxes.corners, classes, boxes.scores)


def report(title: str, found: Sequence[tuple[Boxes, Boxes]], threshold: float, seconds: float) -> None:
    """Print AP50, and precision and recall at the threshold in use. `found` pairs boxes with labels."""
    verdicts = {
        number: [
            verdict
            for boxes, labelled in found
            for verdict in judge(
                boxes.take(boxes.classes == number), labelled.take(labelled.classes == number)
            )
        ]
        for number in range(len(LABELS))
    }
    labels = np.bincount(np.concatenate([labelled.classes for _, labelled in found]), minlength=len(LABELS))
    present = [number for number in verdicts if labels[number]]
    ap50 = np.mean([average_precision(verdicts[number], labels[number]) for number in present])
    shown = [v.right for each in verdicts.values() for v in each if v.score >= threshold]
    precision, recall = np.mean(shown), sum(shown) / labels.sum()
    print(f"  {title}: AP50 {ap50:.3f} over {len(present)} classes; {seconds:.2f} s a picture")
    print(f"    at {threshold}: precision {precision:.2f}, recall {recall:.2f}")


def measure(model: str) -> None:
    """Print how well one detector does on photographs and on mosaics."""
    kind, threshold = NETWORKS[model]
    network = kind(weights.path(model), 2)
    row = weights.shelf().models[model]
    print(f"{model}: {row.title} ({row.licence})")
    photos = sorted((PHOTOS / "images").iterdir())
    single = [(np.asarray(Image.open(photo).convert("RGB")), truth(labels_of(photo))) for photo in photos]
    many = [mosaic(photos[at : at + IN_A_MOSAIC]) for at in range(0, MOSAICS * IN_A_MOSAIC, IN_A_MOSAIC)]
    number = len(tiles(many[0][0].shape[1], many[0][0].shape[0]))
    for title, pictures, tiled in (
        ("photographs", single, False),
        ("mosaics, whole", many, False),
        (f"mosaics, {number} tiles", many, True),
    ):
        begin = time.perf_counter()
        found = [(seen(network, pixels, tiled), labelled) for pixels, labelled in pictures]
        report(title, found, threshold, (time.perf_counter() - begin) / len(pictures))


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
