"""Who spoke when without PyTorch: pyannote's segmentation and WeSpeaker's voices on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from indexing.engines.diarization import reconstruction
from indexing.engines.diarization.clustering import Local, speakers
from indexing.engines.diarization.contract import RATE, Diarization, numbered
from indexing.engines.diarization.segmentation import (
    FIRST,
    FRAME,
    FRAMES,
    Segmenter,
    windows,
)
from indexing.engines.voice_embedder import SHIFT, SHORTEST, VoiceEmbedder, features

ALONE = round(0.6 * RATE / FRAME)  # frames in which a speaker must speak alone to be known by them only
MOST_FRAMES = 300  # frames of features, 3 seconds, that a voice is taken from


class OnnxDiarizer:
    """Of each window only who speaks when, and each voice's vector, is kept: 10 MB for an hour of talk."""

    name = "onnx"

    def __init__(self, segmentation: Path, voices: Path, threads: int = 1) -> None:
        self._segmenter = Segmenter(segmentation, threads)
        self._embedder = VoiceEmbedder(voices, threads)

    def diarize(self, chunks: Iterable[np.ndarray]) -> Diarization:
        """See Diarizer. The number of speakers is estimated."""
        length = 0

        def counted() -> Iterator[np.ndarray]:
            nonlocal length
            for chunk in chunks:
                length += len(chunk)
                yield chunk

        heard = [self.listen(number, window) for number, (_, window) in enumerate(windows(counted()))]
        voices = speakers([local for window in heard for local in window])
        found = reconstruction.turns(heard, voices, length / RATE)
        return numbered(found, dict(enumerate(voices)))

    def listen(self, number: int, window: np.ndarray) -> list[Local]:
        """The speakers of the window of that number."""
        active = self._segmenter.speakers(window)
        heard = [column for column in range(active.shape[1]) if active[:, column].any()]
        frames = features(window) if heard else np.empty(0)
        alone = active.sum(1) == 1
        return [self._local(number, active[:, column], alone, frames) for column in heard]

    def _local(self, number: int, active: np.ndarray, alone: np.ndarray, frames: np.ndarray) -> Local:
        clean = active & alone
        used = np.flatnonzero((clean if clean.sum() >= ALONE else active)[_answered(len(frames))])
        surplus = max(0, len(used) - MOST_FRAMES)
        used = used[surplus // 2 : len(used) - (surplus - surplus // 2)]
        voice = self._embedder.embed_features(frames[used]) if len(used) >= SHORTEST / SHIFT else None
        return Local(number, active, voice, int(clean.sum()))


def _answered(count: int) -> np.ndarray:
    """Which frame of the segmentation each frame of the features lies in, by the middle of its 25 ms."""
    middle = round(0.0125 * RATE) + np.arange(count) * round(SHIFT * RATE)
    return np.clip((middle - FIRST) // FRAME, 0, FRAMES - 1)
