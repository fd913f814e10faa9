"""Shots and their key frames, with the detector that needs no weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexing.analysers.contract import Context, Frame, MediaKind
from indexing.analysers.shots import CANDIDATES, FRAME_BUDGET, Shots, clarity, key_frames
from indexing.engines.shots import Shot
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


def test_each_shot_has_its_place_and_a_key_frame_inside_it() -> None:
    film = Film(np.concatenate([scene(1), scene(2), scene(3, 24)]))
    shots = list(Shots("pyscenedetect").analyse(film, Context(no_weights)))
    assert [(shot.kind, shot.place.start, shot.place.end) for shot in shots] == [
        ("shot", 0.0, 2.0), ("shot", 2.0, 4.0), ("shot", 4.0, 5.0)
    ]  # fmt: skip
    for shot in shots:
        assert shot.place.start <= shot.details["keyframe"] < shot.place.end


def test_the_key_frame_is_neither_black_nor_blurred() -> None:
    frames = scene(4, 100)
    frames[:60] *= 0.02
    frames[60:80] = np.stack([cv2.GaussianBlur(frame, (0, 0), 4) for frame in frames[60:80]])
    (second,) = key_frames(Film(frames), [Shot(0.0, 100 / RATE)])
    assert second * RATE >= 80


def test_a_black_shot_still_has_a_key_frame_inside_it() -> None:
    (second,) = key_frames(Film(np.zeros((48, 27, 48, 3))), [Shot(0.0, 2.0)])
    assert 0 <= second < 2


@pytest.mark.parametrize(("count", "each"), [(10, CANDIDATES), (1000, 2), (2000, 1), (2001, 0)])
def test_the_frames_decoded_for_one_film_are_bounded(count: int, each: int) -> None:
    film = Film(scene(5, 2))
    shots = [Shot(number / 1000, (number + 1) / 1000) for number in range(count)]
    found = key_frames(film, shots)
    assert len(film.asked) == count * each <= FRAME_BUDGET
    assert film.asked == sorted(film.asked)
    assert len(found) == count


def test_a_film_without_frames_has_no_shots() -> None:
    assert list(Shots("pyscenedetect").analyse(Film(np.empty((0, 27, 48, 3))), Context(no_weights))) == []


def test_the_default_needs_the_network_and_names_it() -> None:
    assert (Shots().model, Shots().weights) == ("transnetv2", ("transnetv2",))
    assert Shots("pyscenedetect").weights == ()
    with pytest.raises(LookupError, match="transnetv2"):
        list(Shots().analyse(Film(scene(1)), Context(no_weights)))


def test_sharp_is_clearer_than_blurred_and_lit_than_dark() -> None:
    (sharp,) = np.clip(scene(6, 1), 0, 255).astype(np.uint8)
    assert clarity(sharp) > clarity(cv2.GaussianBlur(sharp, (0, 0), 3))
    assert clarity(sharp) > clarity(sharp // 12)
