"""YAMNet: how sure it is of each of AudioSet's 521 classes of sound, every half second."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.engines import onnx, tf_checkpoint
from indexing.engines.mel import MelFront

RATE = 16000
FRAMES, BANDS = 96, 64  # of one window
HOP_FRAMES = 48
FRONT = MelFront(RATE, 400, 160, 512, BANDS, 125.0, 7500.0, "htk", 1)
FLOOR = 0.001  # added before the logarithm
HOP = HOP_FRAMES * FRONT.hop  # samples from one window to the next
WINDOW = (FRAMES - 1) * FRONT.hop + FRONT.window  # samples of one window
SECONDS = HOP / RATE  # from one window to the next
BATCH = 16  # windows heard at a time: about 60 MB


class Heard(NamedTuple):
    """Windows that follow each other: `first` counts them from 0, `scores` is float32 (n, 521) in 0..1, and
    `embeddings` float32 (n, 1024)."""

    first: int
    scores: np.ndarray
    embeddings: np.ndarray


class Yamnet:
    """The network on ONNX Runtime. `labels` are AudioSet's names of the classes, in order."""

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._session = onnx.session(weights, threads)
        self.labels: Sequence[str] = json.loads(self._session.get_modelmeta().custom_metadata_map["labels"])

    def hear(self, chunks: Iterable[np.ndarray]) -> Iterator[Heard]:
        """Scores of windows of 0.96 s, every 0.48 s, in groups of at most BATCH.

        `chunks` are consecutive pieces of mono float32 at RATE, of any lengths. The last window is filled
        with silence: every sample is heard. Memory depends on the longest piece alone.
        """
        first = 0
        for windows in _windows(chunks):
            scores, embeddings = self._session.run(["scores", "embedding"], {"log_mel": windows})
            yield Heard(first, scores, embeddings)
            first += len(windows)


def _windows(chunks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Logarithmic mel bands, float32 (n, 96, 64), of the windows of a stream."""
    rest, heard = np.zeros(0, np.float32), 0
    for chunk in chunks:
        rest = np.concatenate([rest, np.nan_to_num(chunk, posinf=1, neginf=-1)])
        count = max(0, 1 + (len(rest) - WINDOW) // HOP)
        yield from _batches(rest, count)
        rest, heard = rest[count * HOP :], heard + count
    if len(rest) > (WINDOW - HOP if heard else 0):
        yield from _batches(np.pad(rest, (0, max(0, WINDOW - len(rest)))), 1)


def _batches(samples: np.ndarray, count: int) -> Iterator[np.ndarray]:
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count)
        bands = FRONT.spectrogram(samples[first * HOP : (last - 1) * HOP + WINDOW])
        windows = np.lib.stride_tricks.sliding_window_view(np.log(bands + FLOOR), FRAMES, axis=0)[
            ::HOP_FRAMES
        ]
        yield np.ascontiguousarray(windows.transpose(0, 2, 1))


def convert(folder: Path, target: Path) -> None:
    """Write the network whose checkpoint and class map lie in `folder` as ONNX to `target`.

    Raises CheckpointError, and KeyError where a layer is missing.
    """
    from indexing.engines.yamnet_graph import build

    with (folder / "yamnet_class_map.csv").open(newline="") as file:
        labels = [row["display_name"] for row in csv.DictReader(file)]
    network = build(tf_checkpoint.load(folder / "variables"), labels)
    target.write_bytes(network.SerializeToString(deterministic=True))
