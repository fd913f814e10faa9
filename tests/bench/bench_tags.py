"""Precision and recall of tags on captioned photographs. Run: python -m tests.bench.bench_tags

A tag is right where one of its words stands in one of the five human captions. Captions leave out what
is plain to see, so the precision is a lower bound. Every second photograph served to fit; the figures are
those of the others, with the detections of the detector in use.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.detector import open_detector
from indexing.engines.spaces import open_space
from indexing.vocabulary import vectors
from indexing.vocabulary.labels import Label, curated
from indexing.vocabulary.tagger import Tagger, calibration, is_written
from tests.bench.measure_vocabulary import pixels

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"


class Photo(NamedTuple):
    """A photograph: its captions, its vector, and the names of what was detected."""

    name: str
    captions: str
    vector: np.ndarray
    seen: set[str]


def photos(space_name: str) -> list[Photo]:
    """All captioned photographs, in order."""
    space = open_space(space_name, weights.path(space_name), threads=2)
    model = weights.chosen("objects")
    detector = open_detector(model, weights.path(model), threads=2)
    found = []
    for row in csv.DictReader((PHOTOS / "manifest.csv").open()):
        path = PHOTOS / row["file"]
        seen = {thing.label for thing in detector.detect(np.asarray(Image.open(path).convert("RGB")))}
        captions = "\n".join(row[f"caption{number}"] for number in range(1, 6))
        found.append(Photo(path.name, captions, space.encode_images([pixels(path)])[0], seen))
    return found


def judged(tagger: Tagger, photo: Photo) -> list[tuple[Label, float, bool]]:
    """The tags of a photograph, each with its confidence and whether the captions bear it out."""
    tags = tagger.tags(photo.vector, photo.seen or None)
    return [(tag.label, tag.confidence, is_written(tag.label, photo.captions)) for tag in tags]


def report(title: str, tagger: Tagger, some: list[Photo], labels: list[Label]) -> None:
    """Print precision and recall, all together and for each kind."""
    shown = [verdict for photo in some for verdict in judged(tagger, photo)]
    true = [label.kind for photo in some for label in labels if is_written(label, photo.captions)]
    right = sum(verdict[2] for verdict in shown)
    print(f"{title}: {len(some)} photographs, {len(shown)} tags shown, precision {right / len(shown):.2f}, "
          f"recall {right / len(true):.2f} of {len(true)} named in captions")  # fmt: skip
    kinds: dict[str, list[bool]] = defaultdict(list)
    for label, _, bears in shown:
        kinds[label.kind].append(bears)
    for kind, verdicts in sorted(kinds.items()):
        named = true.count(kind)
        print(f"  {kind:9} precision {np.mean(verdicts):.2f} of {len(verdicts):3}, "
              f"recall {sum(verdicts) / max(1, named):.2f} of {named}")  # fmt: skip


def main() -> None:
    space = weights.chosen("text-image")
    path = vectors.shipped(space)
    background = vectors.background(path)
    if not PHOTOS.is_dir() or not weights.available(space) or background is None:
        print(f"Needed: {PHOTOS}, the weights of {space}, and {Path(path).name}")
        return
    labels = curated()
    scale = calibration()
    row = weights.shelf().models[space]
    print(f"{row.title} ({row.licence}); detector {weights.chosen('objects')}")
    print(f"{len(labels)} labels; shown from a confidence of {scale.floor}")
    tagger = Tagger(labels, vectors.kept(path), background, scale)
    everything = photos(space)
    report("fitted on", tagger, everything[::2], labels)
    report("held out", tagger, everything[1::2], labels)
    for photo in everything[1::2]:
        for label, confidence, bears in judged(tagger, photo):
            if not bears:
                print(f"  not in the captions: {photo.name} {label.kind}/{label.name} {confidence:.2f}")


if __name__ == "__main__":
    main()
