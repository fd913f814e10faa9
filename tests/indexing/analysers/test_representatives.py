"""Which frames stand for a film: clear, different from each other, and never too many."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexing.analysers.representatives import AT_LEAST, AT_MOST, MOST, STRETCH, budget, representatives
from indexing.decoding.clarity import clarity, is_blank
from indexing.engines.shots import Shot
from tests.indexing.analysers.test_shots import Film
from tests.indexing.engines.test_shots import RATE, scene


def still(seed: int, seconds: float) -> np.ndarray:
    """A picture that stands still but for grain."""
    grain = np.random.default_rng(seed).normal(0, 3, (int(seconds * RATE), 27, 48, 3))
    return scene(seed, 1) + grain


def seconds_of(film: Film, *shots: Shot) -> list[list[float]]:
    return [[frame.second for frame in frames] for frames in representatives(film, shots)]


def test_a_short_still_shot_has_one_frame() -> None:
    ((_,),) = seconds_of(Film(still(1, 4)), Shot(0.0, 4.0))


def test_a_shot_that_changes_has_a_frame_for_each_picture_it_comes_to() -> None:
    film = Film(np.concatenate([still(1, 3), still(2, 3), still(3, 2)]))
    (frames,) = representatives(film, [Shot(0.0, 8.0)])
    assert [int(frame.second >= 3) + int(frame.second >= 6) for frame in frames] == [0, 1, 2]
    assert [frame.end for frame in frames] == [pytest.approx(3, abs=0.4), pytest.approx(6, abs=0.4), 8.0]


def test_a_pan_has_no_more_than_four() -> None:
    film = Film(np.concatenate([scene(seed, 12) for seed in range(40)]))
    ((*frames,),) = seconds_of(film, Shot(0.0, 20.0))
    assert len(frames) == MOST


def test_a_long_take_is_looked_at_all_along() -> None:
    film = Film(np.repeat(still(1, 5), 60, axis=0)[: 300 * RATE // 10])
    film.duration = 300.0
    (frames,) = representatives(film, [Shot(0.0, 300.0)])
    assert len(frames) >= 300 / STRETCH
    assert max(frame.end - frame.start for frame in frames) <= STRETCH


def test_the_frame_is_neither_black_nor_blurred() -> None:
    frames = scene(4, 100)
    frames[:60] *= 0.02
    frames[60:80] = np.stack([cv2.GaussianBlur(frame, (0, 0), 4) for frame in frames[60:80]])
    (found,) = representatives(Film(frames), [Shot(0.0, 100 / RATE)])
    assert max(found, key=lambda frame: frame.clearness).second * RATE >= 80


def test_no_frame_is_taken_from_the_ends_where_shots_dissolve() -> None:
    film = Film(np.concatenate([still(1, 0.4), still(2, 3.2), still(3, 0.4)]))
    ((*frames,),) = seconds_of(film, Shot(0.0, 4.0))
    assert all(0.4 <= second <= 3.6 for second in frames)


def test_a_black_shot_still_has_a_frame_inside_it() -> None:
    ((second,),) = seconds_of(Film(np.zeros((48, 27, 48, 3))), Shot(0.0, 2.0))
    assert 0 <= second < 2


@pytest.mark.parametrize(
    ("seconds", "frames"), [(1, AT_LEAST), (600, 300), (36_000, AT_MOST), (360_000, AT_MOST)]
)
def test_the_frames_of_a_film_are_bounded_by_its_minutes(seconds: float, frames: int) -> None:
    assert budget(seconds) == frames


def test_beyond_the_budget_the_shortest_shots_have_none() -> None:
    film = Film(scene(5, 2))
    lengths = [0.2 + 0.001 * (number % 100) for number in range(400)]
    ends = np.cumsum(lengths)
    shots = [Shot(end - length, end) for end, length in zip(ends.tolist(), lengths, strict=True)]
    found = representatives(film, shots)
    assert sum(map(len, found)) == budget(float(ends[-1])) == AT_LEAST
    assert film.asked == sorted(film.asked)
    shown = {round(length, 3) for length, frames in zip(lengths, found, strict=True) if frames}
    assert min(shown) == pytest.approx(0.285)


def test_sharp_is_clearer_than_blurred_and_lit_than_dark() -> None:
    (sharp,) = np.clip(scene(6, 1), 0, 255).astype(np.uint8)
    assert clarity(sharp) > clarity(cv2.GaussianBlur(sharp, (0, 0), 3))
    assert clarity(sharp) > clarity(sharp // 12)


def test_plain_and_nearly_black_pictures_are_blank_but_white_letters_on_black_are_not() -> None:
    black, white = np.zeros((90, 160, 3), np.uint8), np.full((90, 160, 3), 255, np.uint8)
    titles = cv2.putText(black.copy(), "THE END", (40, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,) * 3)
    night = np.random.default_rng(1).integers(0, 30, (90, 160, 3), np.uint8)
    assert [is_blank(each) for each in (black, white, night, titles)] == [True, True, True, False]
