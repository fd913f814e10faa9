"""How far composed captions can be believed. Run: python -m tests.bench.bench_captions"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from dam.env import BASE_DIR
from indexing import weights
from indexing.analysers.composing import FLOORS, compose
from indexing.analysers.contract import Finding
from indexing.engines.detector import Detection, open_detector
from indexing.evaluation.measures import wilson
from indexing.evaluation.truth import Labelled, read

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"


class Claims(NamedTuple):
    """Things named in captions: how many, how many are there, how many in that very number."""

    captions: int
    named: int
    there: int
    counted: int


def claims(photos: Sequence[tuple[Labelled, Sequence[Detection]]], floor: float) -> Claims:
    """What captions composed of things as sure as `floor` claim, held against the labels."""
    captions = named = there = counted = 0
    for file, seen in photos:
        sure = Counter(detection.label for detection in seen if detection.confidence >= floor)
        labelled = Counter(label.name for label in file.labels)
        captions += bool(sure)
        named += len(sure)
        there += sum(label in labelled for label in sure)
        counted += sum(labelled[label] == number for label, number in sure.items())
    return Claims(captions, named, there, counted)


def line(told: Claims) -> str:
    """The claims in words, with Wilson's interval."""
    low, high = wilson(told.there, told.named)
    there, counted = told.there / max(1, told.named), told.counted / max(1, told.named)
    return (
        f"{told.captions} captions name {told.named} things, {there:.3f} there ({low:.2f} to {high:.2f}), "
        f"{counted:.2f} in the right number"
    )


def main() -> None:
    model = weights.chosen("objects")
    if not PHOTOS.is_dir() or not weights.available(model):
        print(f"The labelled photographs ({PHOTOS}) or the weights ({model}) are not here.")
        return
    print(f"things by {model} ({weights.shelf().models[model].licence}); no captioning weights are used")
    detector = open_detector(model, weights.path(model), 2)
    files = read(PHOTOS).files
    photos = [(file, detector.detect(np.asarray(Image.open(file.path).convert("RGB")))) for file in files]
    for name, half in (("chosen on", photos[::2]), ("reported on", photos[1::2])):
        for floor in (0.4, 0.5, 0.6, 0.7, 0.8):
            print(f"{name} {len(half)} photographs, floor {floor}: {line(claims(half, floor))}")
    print(f"in use: {FLOORS['object']}")
    found = [
        [Finding("object", each.label, confidence=each.confidence) for each in seen] for _, seen in photos
    ]
    begin = time.perf_counter()
    told = [compose(lambda kind, facts=facts: facts if kind == "object" else ()) for facts in found]
    print(f"composing takes {1e6 * (time.perf_counter() - begin) / len(found):.0f} microseconds a picture")
    for composed in [each for each in told if each][:5]:
        print(f"  {composed.text}")


if __name__ == "__main__":
    main()
