"""What overlapping windows say about a frame becomes turns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexing.engines.diarization.clustering import Local, assign
from indexing.engines.diarization.contract import Turn
from indexing.engines.diarization.segmentation import FRAMES, STEP_FRAMES, second_of

GAP = 1.0  # seconds of silence within a turn: 0.8 parts readings, 1.6 bridges the answers in meetings
SHORTEST = 0.15  # seconds; less is no turn
BLOCK = 50_000  # frames judged at a time


def turns(windows: list[list[Local]], voices: np.ndarray, duration: float) -> list[Turn]:
    """The turns of the speakers with these voices, numbered from 0, within `duration` seconds.

    In each frame as many speak as the windows say on average, rounded; they are those with most votes. The
    confidence of a turn is the mean share of windows that voted for its speaker in its frames.
    """
    if not len(voices):
        return []
    votes, spoken, cover = _count(windows, voices)
    speaking = np.zeros(votes.shape, bool)
    for first in range(0, len(votes), BLOCK):
        block = slice(first, first + BLOCK)
        speaking[block] = _chosen(votes[block], np.round(spoken[block] / cover[block]))
    found = []
    for speaker in range(len(voices)):
        share = votes[:, speaker] / cover
        found += list(_runs(speaking[:, speaker], share, speaker, duration))
    return found


def _count(windows: list[list[Local]], voices: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By frame: votes for each speaker, how many the windows hear in sum, and how many windows there are."""
    frames = (len(windows) - 1) * STEP_FRAMES + FRAMES
    votes = np.zeros((frames, len(voices)), np.uint8)
    spoken, cover = np.zeros(frames, np.uint8), np.zeros(frames, np.uint8)
    for number, window in enumerate(windows):
        span = slice(number * STEP_FRAMES, number * STEP_FRAMES + FRAMES)
        cover[span] += 1
        for local, speaker in zip(window, assign(window, voices), strict=True):
            spoken[span] += local.active
            if speaker is not None:
                votes[span, speaker] += local.active
    return votes, spoken, cover


def _chosen(votes: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Which speakers have the most votes in each frame, `number` of them, where they have any."""
    rank = (-votes.astype(np.int16)).argsort(1, kind="stable").argsort(1)
    chosen: np.ndarray = (rank < number[:, None]) & (votes > 0)
    return chosen


def _runs(speaking: np.ndarray, share: np.ndarray, speaker: int, duration: float) -> Iterator[Turn]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], speaking, [False]]).astype(np.int8)))
    spans = [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    for first, last in _joined(spans):
        start, end = second_of(first), min(second_of(last), duration)
        if end - start >= SHORTEST:
            sure = float(share[first:last][speaking[first:last]].mean())
            yield Turn(start, end, speaker, min(1.0, sure))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of frames of one speaker, those parted by less than GAP as one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and second_of(start) - second_of(found[-1][1]) < GAP:
            start = found.pop()[0]
        found.append((start, end))
    return found
