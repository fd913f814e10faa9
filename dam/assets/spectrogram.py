"""A picture of sound: time across, pitch upwards, louder is lighter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyvips

from indexing.decoding import sound

RATE = 22_050  # samples a second: pitches up to 11 kHz
WINDOW = 2048  # samples seen at once: 93 ms, bins of 10.8 Hz
HOP = 1024
LOWEST, HIGHEST = 40.0, 11_000.0  # Hz
BANDS = 128  # pixels high
COLUMNS = 2000  # pixels wide at most
RANGE = 70.0  # decibels below the loudest that are drawn
COLOURS = ((0.0, (13, 11, 24)), (0.35, (84, 32, 110)), (0.65, (206, 70, 80)), (0.85, (250, 168, 90)),
           (1.0, (255, 246, 214)))  # fmt: skip
"""Dark to light, so that it can be read without seeing colours."""


def write_spectrogram(path: Path, duration: float | None, target: Path) -> tuple[int, int] | None:
    """Write a WebP of at most COLUMNS x BANDS pixels; returns its width and height in pixels.

    None, and no file, where the sound is empty. Memory does not grow with the duration. Raises MediaError
    where the sound cannot be decoded.
    """
    power = _folded(_columns(sound.sample_chunks(path, duration, RATE, seconds=60)))
    if not len(power):
        return None
    image = pyvips.Image.new_from_array(_painted(power)).copy(interpretation="srgb")
    image.write_to_file(str(target), Q=80, effort=2)
    return image.width, image.height


def _columns(chunks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The power of each band in each window: float32 of shape (n, BANDS), a chunk at a time."""
    held = np.zeros(0, np.float32)
    shape = np.hanning(WINDOW).astype(np.float32)
    for chunk in chunks:
        held = np.concatenate([held, chunk])
        count = (len(held) - WINDOW) // HOP + 1
        if count > 0:
            frames = np.lib.stride_tricks.sliding_window_view(held, WINDOW)[: count * HOP : HOP]
            yield _banded(np.abs(np.fft.rfft(frames * shape)).astype(np.float32) ** 2)
            held = held[count * HOP :]
    if len(held):
        yield _banded(np.abs(np.fft.rfft(np.pad(held, (0, WINDOW - len(held))) * shape))[None] ** 2)


def _banded(power: np.ndarray) -> np.ndarray:
    """The mean power of the bins of each band; shape (n, BANDS), low pitches first."""
    first, last = _edges()
    total = np.concatenate([np.zeros((len(power), 1)), np.cumsum(power, axis=1, dtype=np.float64)], axis=1)
    mean: np.ndarray = (total[:, last] - total[:, first]) / (last - first)
    return mean.astype(np.float32)


@cache
def _edges() -> tuple[np.ndarray, np.ndarray]:
    """First bin of each band and the one after its last; bands are evenly spaced on a logarithmic scale."""
    bins = np.geomspace(LOWEST, HIGHEST, BANDS + 1) * WINDOW / RATE
    first = np.floor(bins[:-1]).astype(int)
    return first, np.maximum(first + 1, np.ceil(bins[1:]).astype(int))


def _folded(pieces: Iterable[np.ndarray]) -> np.ndarray:
    """At most COLUMNS columns, each the mean of `together` windows, a power of two that grows with them."""
    kept, rest, together = np.zeros((0, BANDS), np.float32), np.zeros((0, BANDS), np.float32), 1
    for piece in pieces:
        rest = np.concatenate([rest, piece])
        whole = len(rest) // together * together
        kept, rest = np.concatenate([kept, _means(rest[:whole], together)]), rest[whole:]
        while len(kept) > COLUMNS:
            even = len(kept) // 2 * 2
            rest = np.concatenate([np.repeat(kept[even:], together, axis=0), rest])
            kept, together = _means(kept[:even], 2), together * 2
    return np.concatenate([kept, rest.mean(0, keepdims=True)]) if len(rest) and not len(kept) else kept


def _means(rows: np.ndarray, together: int) -> np.ndarray:
    means: np.ndarray = rows.reshape(-1, together, BANDS).mean(1)
    return means


def _painted(power: np.ndarray) -> np.ndarray:
    """RGB uint8 of shape (BANDS, columns, 3), high pitches on top."""
    decibels = 10 * np.log10(power.T[::-1] + 1e-12)
    share = np.clip((decibels - decibels.max()) / RANGE + 1, 0, 1)
    stops = [stop for stop, _ in COLOURS]
    paint = [np.interp(share, stops, [colour[each] for _, colour in COLOURS]) for each in range(3)]
    return np.ascontiguousarray(np.stack(paint, -1).round().astype(np.uint8))
