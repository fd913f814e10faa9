"""Who of up to three people speaks in a window of ten seconds: pyannote's segmentation 3.0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from indexing.engines.diarization.contract import RATE
from indexing.engines.onnx import session
from indexing.engines.speech import tidy

WINDOW = 10 * RATE  # samples
FRAME = 270  # samples from one frame of the answer to the next
FIRST = 360  # samples before the first frame: its 991 samples are centred on the frame
FRAMES = 589  # in a window
STEP_FRAMES = 74
STEP = STEP_FRAMES * FRAME  # samples from one window to the next: 1.25 seconds in whole frames
TAIL = FIRST  # samples; less new sound than that is no window of its own
POWERSET = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], bool)
"""Whom each of the network's classes means (Plaquet and Bredin 2023, powerset of three, at most two)."""


class Segmenter:
    """Speakers are known by a number from 0 to 2 in one window only."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session = session(path, threads)
        self._input = self._session.get_inputs()[0].name

    def speakers(self, window: np.ndarray) -> np.ndarray:
        """Who speaks in WINDOW samples: boolean of shape (FRAMES, 3)."""
        scores = self._session.run(None, {self._input: window[None, None]})[0][0]
        found: np.ndarray = POWERSET[scores.argmax(1)]
        return found


def windows(chunks: Iterable[np.ndarray]) -> Iterator[tuple[int, np.ndarray]]:
    """Windows of WINDOW samples every STEP samples, the last filled with silence, with their first sample.

    Holds one window and one chunk, however long the sound is.
    """
    held, first = np.empty(0, np.float32), 0
    for chunk in chunks:
        held = np.concatenate([held, tidy(chunk)])
        while len(held) >= WINDOW:
            yield first, held[:WINDOW]
            held, first = held[STEP:], first + STEP
    if len(held) > (WINDOW - STEP if first else TAIL):
        yield first, np.pad(held, (0, WINDOW - len(held)))


def second_of(frame: float) -> float:
    """The second at which a frame begins, counted from the first window."""
    return (frame * FRAME + FIRST) / RATE
