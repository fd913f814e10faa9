"""The sound of a file, mixed to mono, in pieces of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from indexing.decoding import ffmpeg

BYTES_A_SAMPLE = 4


def sample_chunks(path: Path, duration: float | None, rate: int, seconds: float) -> Iterator[np.ndarray]:
    """Mono float32 in -1..1 at `rate` samples a second, `seconds` at a time, the last piece shorter.

    Sound that begins later than the film is preceded by silence, so that sample n is second n / rate.
    Raises MediaError where the sound cannot be decoded.
    """
    words = ["-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "1"]
    words += ["-af", f"aresample={rate}:async=1:first_pts=0", "-f", "f32le", "pipe:1"]
    size = max(1, round(rate * seconds)) * BYTES_A_SAMPLE
    given = 0
    with ffmpeg.running(path, [], words, duration) as process:
        while raw := process.read(size):
            whole = len(raw) - len(raw) % BYTES_A_SAMPLE
            yield np.frombuffer(raw, np.float32, whole // BYTES_A_SAMPLE).clip(-1, 1)
            given += whole
        if not given:
            process.finish()
