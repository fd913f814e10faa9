"""The vectors of labels in a text-image space: measured once, kept by the phrases they are made of."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexing.engines.text_image import unit
from indexing.vocabulary.background import Background
from indexing.vocabulary.labels import Label

logger = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("measured")
Encode = Callable[[str], np.ndarray]
Progress = Callable[[int, int], None]
Vectors = Mapping[str, np.ndarray]


def shipped(space: str) -> Path:
    """The file with what was measured for a space before: label vectors by key, and a background."""
    return SHIPPED / f"{space}.npz"


def kept(path: Path) -> dict[str, np.ndarray]:
    """The label vectors of a file by the key of their phrases; none where there is no file."""
    if not path.is_file():
        return {}
    with np.load(path) as file:
        vectors = unit(file["vectors"].astype(np.float32))
        return dict(zip(file["keys"].tolist(), vectors, strict=True))


def background(path: Path) -> Background | None:
    """The background of a file, where it holds one."""
    if not path.is_file():
        return None
    with np.load(path) as file:
        if "mean" not in file:
            return None
        return Background(*(file[name].astype(np.float32) for name in ("mean", "centre", "spread")))


def missing(labels: Sequence[Label], *known: Vectors) -> list[Label]:
    """The labels of which no vector is known, each set of phrases once."""
    wanted = {label.key: label for label in labels if not any(label.key in each for each in known)}
    return list(wanted.values())


def measure(labels: Sequence[Label], encode: Encode, progress: Progress = lambda done, of: None) -> Vectors:
    """The vector of each label by its key: the mean of those of its phrases, at length one."""
    found = {}
    for number, label in enumerate(labels):
        found[label.key] = unit(np.mean([encode(phrase) for phrase in label.phrases], axis=0))
        progress(number + 1, len(labels))
    return found


def add(path: Path, fresh: Vectors) -> None:
    """Write more label vectors to a file; what it holds stays."""
    save(path, {**kept(path), **fresh}, background(path))


def save(path: Path, vectors: Vectors, ground: Background | None = None) -> None:
    """Write label vectors (float16, which changes a score by less than 0.001) and a background, at once.

    A folder that cannot be written to is no error: what was measured is then measured again.
    """
    parts: dict[str, Any] = {}
    if ground is not None:
        small = {"centre": ground.centre.astype(np.float16), "spread": ground.spread.astype(np.float16)}
        parts = {"mean": ground.mean, **small}
    table = np.array(list(vectors.values()), np.float16)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            np.savez_compressed(file, keys=np.array(list(vectors)), vectors=table, **parts)
        fresh.replace(path)
    except OSError as problem:
        logger.warning("The vectors of labels cannot be kept: %s", problem)
