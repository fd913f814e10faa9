"""How often a photograph is found by its human caption. Run: python -m tests.bench.bench_retrieval_model"""

from __future__ import annotations

import csv
import time

import numpy as np
from PIL import Image

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.spaces import PREFERENCE, open_space
from indexing.engines.text_image import TextImageSpace, unit

PHOTOS = BASE_DIR.parent / "shared" / "media" / "photos_coco"
DEPTHS = (1, 5, 10)


def ranks(space: TextImageSpace, pictures: np.ndarray, captions: list[str]) -> np.ndarray:
    """For each caption, how many pictures come before its own."""
    if space.centres_images:
        pictures = unit(pictures - pictures.mean(0))
    scores = np.stack([space.encode_text(caption) for caption in captions]) @ pictures.T
    return (scores > np.diag(scores)[:, None]).sum(1)


def measure(space: TextImageSpace) -> None:
    """Print recall at each depth beside what chance would give, and the time of an encoding."""
    rows = list(csv.DictReader((PHOTOS / "manifest.csv").open()))
    photos = [np.asarray(Image.open(PHOTOS / row["file"]).convert("RGB")) for row in rows]
    begin = time.perf_counter()
    vectors = space.encode_images(photos)
    seconds = time.perf_counter() - begin
    space.encode_text("warm")
    begin = time.perf_counter()
    found = ranks(space, vectors, [row["caption1"] for row in rows])
    text_seconds = time.perf_counter() - begin
    print(f"{space.name}: {len(rows)} photographs, query = first caption")
    for depth in DEPTHS:
        print(f"  recall@{depth:<3}{(found < depth).mean():.3f}   chance {depth / len(rows):.3f}")
    print(f"  median rank {int(np.median(found)) + 1}")
    print(
        f"  {1000 * seconds / len(rows):.0f} ms a picture, {1000 * text_seconds / len(rows):.0f} ms a query"
    )


def main() -> None:
    if not PHOTOS.is_dir():
        print(f"The labelled photographs are not here: {PHOTOS}")
        return
    for model in PREFERENCE:
        if weights.available(model):
            measure(open_space(model, weights.path(model), threads=2))
        else:
            print(weights.shelf().reason(model))


if __name__ == "__main__":
    main()
