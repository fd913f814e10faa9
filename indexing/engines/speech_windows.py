"""Windows of bounded length out of endless sound, cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from indexing.engines.speech import RATE, SHORTEST, speech_spans

WINDOW = 300.0  # seconds handed out at a time: about 20 MB of sound for each channel
TAIL = 30.0  # seconds at a window's end in which a silence to cut at is looked for


def windows(chunks: Iterable[np.ndarray], passed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
    """Windows of about WINDOW seconds cut at silences, each with the number of its first sample.

    Chunks and windows are float32 of shape (channels, n) in -1..1. The first `passed` samples are left out.
    Holds one window and one chunk, however long the sound is.
    """
    held, full = np.empty((1, 0), np.float32), int(WINDOW * RATE)
    for chunk in _after(chunks, passed):
        held = np.concatenate([held, chunk], axis=1) if held.size else chunk
        while held.shape[1] > full:
            cut = quiet_place(held[:, :full].mean(0))
            yield passed, held[:, :cut]
            held, passed = held[:, cut:], passed + cut
    if held.size:
        yield passed, held


def quiet_place(sound: np.ndarray) -> int:
    """The sample in the last TAIL seconds that is farthest inside a pause, or, without one, the quietest."""
    first = max(0, len(sound) - int(TAIL * RATE))
    tail = sound[first:]
    edges = [0, *(edge for span in speech_spans(tail) for edge in span), len(tail)]
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda gap: gap[1] - gap[0])
    if end - start >= SHORTEST * RATE:
        return first + (start + end) // 2
    step = RATE // 10
    energy = (tail[: len(tail) // step * step].reshape(-1, step) ** 2).sum(1)
    return first + int(energy.argmin()) * step + step // 2


def _after(chunks: Iterable[np.ndarray], passed: int) -> Iterator[np.ndarray]:
    """The chunks without their first `passed` samples, freed of what is no number."""
    for chunk in chunks:
        skipped = min(passed, chunk.shape[1])
        passed -= skipped
        if skipped < chunk.shape[1]:
            yield np.clip(np.nan_to_num(chunk[:, skipped:], nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
