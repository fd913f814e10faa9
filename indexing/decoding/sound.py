"""The sound of a file in pieces of bounded size: mixed to mono, or channel by channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from indexing.decoding import ffmpeg

BYTES_A_SAMPLE = 4
MOST_CHANNELS = 64


def sample_chunks(path: Path, duration: float | None, rate: int, seconds: float) -> Iterator[np.ndarray]:
    """Mono float32 in -1..1 at `rate` samples a second, `seconds` at a time, the last piece shorter.

    Sound that begins later than the film is preceded by silence, so that sample n is second n / rate.
    Raises MediaError where the sound cannot be decoded.
    """
    for piece in _pieces(path, duration, rate, seconds, 1):
        yield piece[0].clip(-1, 1)


def channel_chunks(
    path: Path, duration: float | None, rate: int, seconds: float, channels: int
) -> Iterator[np.ndarray]:
    """The same without mixing: float32 of shape (channels, n); samples beyond full scale stay as they are.

    `channels` is how many the file has; those after the 64th are left out. Raises MediaError.
    """
    kept = min(channels, MOST_CHANNELS)
    chosen = "|".join(f"c{number}=c{number}" for number in range(kept))
    pick = "" if kept == channels else f"pan={kept}c|{chosen},"
    yield from _pieces(path, duration, rate, seconds, kept, pick)


def _pieces(
    path: Path, duration: float | None, rate: int, seconds: float, channels: int, first: str = ""
) -> Iterator[np.ndarray]:
    words = ["-map", "0:a:0", "-vn", "-sn", "-dn"]
    words += ["-ac", "1"] if channels == 1 else []
    words += ["-af", f"{first}aresample={rate}:async=1:first_pts=0", "-f", "f32le", "pipe:1"]
    frame = BYTES_A_SAMPLE * channels
    size = max(1, round(rate * seconds)) * frame
    given = 0
    with ffmpeg.running(path, [], words, duration) as process:
        while raw := process.read(size):
            whole = len(raw) // frame
            yield np.frombuffer(raw, np.float32, whole * channels).reshape(whole, channels).T
            given += whole
        if not given:
            process.finish()
