"""Shots and the frames that stand for them, with the detector that needs no weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexing.analysers.contract import Context, Frame, MediaKind
from indexing.analysers.shots import Shots
from tests.indexing.engines.test_shots import RATE, scene


def no_weights(name: str) -> Path:
    raise LookupError(name)


class Film:
    """Frames held in memory, counted as they are asked for."""

    kind: MediaKind = "video"

    def __init__(self, frames: np.ndarray) -> None:
        self.pixels = np.clip(frames, 0, 255).astype(np.uint8)
        self.duration: float | None = len(frames) / RATE
        self.asked: list[float] = []

    def frames(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        self.asked = list(seconds)
        for second in seconds:
            number = min(int(second * RATE), len(self.pixels) - 1)
            yield Frame(number / RATE, self.pixels[number])

    def stream(self, width: int, height: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        if len(self.pixels):
            small = [cv2.resize(frame, (width, height)) for frame in self.pixels]
            yield np.arange(len(small)) / RATE, np.stack(small)


def test_each_shot_has_its_place_and_frames_that_tile_it() -> None:
    film = Film(np.concatenate([scene(1), scene(2), scene(3, 24)]))
    shots = list(Shots("pyscenedetect").analyse(film, Context(no_weights)))
    assert [(shot.kind, shot.place.start, shot.place.end) for shot in shots] == [
        ("shot", 0.0, 2.0), ("shot", 2.0, 4.0), ("shot", 4.0, 5.0)
    ]  # fmt: skip
    for shot in shots:
        frames = shot.details["frames"]
        edges = [frame["start"] for frame in frames] + [frames[-1]["end"]]
        assert (edges[0], edges[-1]) == (shot.place.start, shot.place.end)
        assert [frame["end"] for frame in frames] == edges[1:]
        assert all(frame["start"] <= frame["second"] < frame["end"] for frame in frames)
        assert shot.details["keyframe"] in [frame["second"] for frame in frames]


def test_a_film_without_frames_has_no_shots() -> None:
    assert list(Shots("pyscenedetect").analyse(Film(np.empty((0, 27, 48, 3))), Context(no_weights))) == []


def test_the_default_needs_the_network_and_names_it() -> None:
    assert (Shots().model, Shots().weights) == ("transnetv2", ("transnetv2",))
    assert Shots("pyscenedetect").weights == ()
    with pytest.raises(LookupError, match="transnetv2"):
        list(Shots().analyse(Film(scene(1)), Context(no_weights)))
