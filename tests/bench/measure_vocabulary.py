"""Measure what is shipped: label vectors and a background. Run: python -m tests.bench.measure_vocabulary

The background is every other labelled photograph (the others are for bench_tags) and three sets of different
photographs: portraits, and pictures with camera and with agency metadata.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines.spaces import RENDERED_TEXT, open_space
from indexing.engines.text_image import TextImageSpace
from indexing.vocabulary import vectors
from indexing.vocabulary.background import Background
from indexing.vocabulary.labels import curated

MEDIA = BASE_DIR.parent / "shared" / "media"
PHOTOS = MEDIA / "photos_coco" / "images"
OTHERS = ("faces", "metadata_exif", "metadata_iptc_xmp")
ENDINGS = {".jpg", ".jpeg", ".png"}
LONG_SIDE = 512


def pictures_of_the_background() -> list[Path]:
    """The photographs that ordinary scores are measured on."""
    others = [path for name in OTHERS for path in sorted((MEDIA / name).rglob("*"))]
    return sorted(PHOTOS.iterdir())[::2] + [path for path in others if path.suffix.lower() in ENDINGS]


def encoded(space: TextImageSpace, paths: list[Path]) -> np.ndarray:
    """The vectors (n, d) of pictures, as the analyser "clip" would make them."""
    return np.concatenate([space.encode_images([pixels(path)]) for path in paths])


def pixels(path: Path) -> np.ndarray:
    """The upright picture, small."""
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return np.asarray(picture)


def main(name: str) -> None:
    space = open_space(name, weights.path(name), threads=2)
    path = vectors.shipped(name)
    known = vectors.kept(path)
    labels = curated()
    wanted = vectors.missing(labels, known)
    print(f"{name}: {len(wanted)} of {len(labels)} labels to measure")
    fresh = vectors.measure(wanted, space.encode_text)
    table = {label.key: {**known, **fresh}[label.key] for label in labels}
    vectors.save(path, table, Background.of(encoded(space, pictures_of_the_background())))
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else RENDERED_TEXT)
