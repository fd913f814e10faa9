"""Waveform peaks in the JSON form of BBC audiowaveform (data format version 2), which players read.

https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from indexing.decoding import sound

RATE = 8000  # samples a second: enough for a picture of loudness
FINE = 160  # samples to one minimum and maximum at first: 20 ms
POINTS = 2000


def write_waveform(path: Path, duration: float | None, target: Path) -> dict[str, Any] | None:
    """Write at most POINTS peaks of the sound of `path`. None, and no file, where the sound is empty.

    Returns what belongs in the rendition's details: `length` (points) and `seconds_per_point`.
    Raises MediaError where the sound cannot be decoded.
    """
    peaks = _fine_peaks(path, duration)
    if not len(peaks):
        return None
    together = math.ceil(len(peaks) / POINTS)
    peaks = _merged(peaks, together)
    target.write_text(json.dumps(_document(peaks, FINE * together), separators=(",", ":")))
    return {"length": len(peaks), "seconds_per_point": FINE * together / RATE}


def _fine_peaks(path: Path, duration: float | None) -> np.ndarray:
    """Minimum and maximum of every 20 ms, int8 of shape (n, 2): 0.4 MB an hour."""
    pieces = [np.zeros((0, 2), np.int8)]
    for chunk in sound.sample_chunks(path, duration, RATE, seconds=60):
        grid = np.pad(chunk, (0, -len(chunk) % FINE), mode="edge").reshape(-1, FINE)
        peaks = np.stack([grid.min(1), grid.max(1)], 1)
        pieces.append((peaks * 127).round().astype(np.int8))
    return np.concatenate(pieces)


def _merged(peaks: np.ndarray, together: int) -> np.ndarray:
    padded = np.pad(peaks, ((0, -len(peaks) % together), (0, 0)), mode="edge").reshape(-1, together, 2)
    return np.stack([padded[..., 0].min(1), padded[..., 1].max(1)], 1)


def _document(peaks: np.ndarray, samples_per_pixel: int) -> dict[str, Any]:
    head = {"version": 2, "channels": 1, "sample_rate": RATE, "samples_per_pixel": samples_per_pixel}
    return {**head, "bits": 8, "length": len(peaks), "data": peaks.ravel().tolist()}
