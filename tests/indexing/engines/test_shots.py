"""Cuts, dissolves, fades and flashes in films of 48x27 pixels made on the spot."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dam.env import BASE_DIR
from indexing import weights
from indexing.engines import shots
from indexing.engines.frame_changes import FrameChanges
from indexing.engines.shots import (
    Cut,
    PySceneDetect,
    Shot,
    ShotDetector,
    TransNetV2,
    _windows,
    shots_between,
)
from indexing.media import open_media

RATE = 24
HARDCUTS = BASE_DIR.parent / "shared" / "media" / "video_shots"


def scene(seed: int, frames: int = 48) -> np.ndarray:
    """A drifting picture of soft shapes in its own colours: float32 (frames, 27, 48, 3)."""
    random = np.random.default_rng(seed)
    small = random.uniform(20, 235, (8, 16, 3)).astype(np.float32)
    picture = np.kron(small, np.ones((9, 9, 1), np.float32))
    shifts = np.linspace(0, random.uniform(5, 15), frames).astype(int)
    grain = random.normal(0, 1.5, (frames, 27, 48, 3))
    return np.stack([picture[s : s + 27, s : s + 48] for s in shifts]) + grain.astype(np.float32)


def dissolve(before: np.ndarray, after: np.ndarray, frames: int = 12) -> np.ndarray:
    mix = np.linspace(0, 1, frames + 2)[1:-1, None, None, None]
    blend = before[-frames:] * (1 - mix) + after[:frames] * mix
    return np.concatenate([before[:-frames], blend, after[frames:]])


def fade(before: np.ndarray, after: np.ndarray, frames: int = 10) -> np.ndarray:
    down = np.linspace(1, 0, frames)[:, None, None, None]
    return np.concatenate(
        [before[:-frames], before[-frames:] * down, after[:frames] * down[::-1], after[frames:]]
    )


def stream(film: np.ndarray, chunk: int = 64) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    film = np.clip(film, 0, 255).astype(np.uint8)
    for first in range(0, len(film), chunk):
        frames = film[first : first + chunk]
        yield np.arange(first, first + len(frames)) / RATE, frames


def cut_frames(shots: list[Shot]) -> list[int]:
    return [round(shot.start * RATE) for shot in shots[1:]]


@pytest.fixture(scope="module")
def network() -> TransNetV2:
    if not weights.available("transnetv2"):
        pytest.skip(weights.shelf().reason("transnetv2"))
    return TransNetV2(weights.path("transnetv2"), threads=1)


@pytest.fixture(params=["pyscenedetect", pytest.param("transnetv2", marks=pytest.mark.models)])
def detector(request: pytest.FixtureRequest) -> ShotDetector:
    return PySceneDetect() if request.param == "pyscenedetect" else request.getfixturevalue("network")


def test_hard_cuts_are_found_at_their_frame_and_shots_leave_no_gap(detector: ShotDetector) -> None:
    film = np.concatenate([scene(1), scene(2), scene(3)])
    shots = detector.detect(stream(film), duration=6.0)
    assert cut_frames(shots) == [48, 96]
    assert [shot.end for shot in shots] == [shots[1].start, shots[2].start, 6.0]
    assert shots[0].start == 0


def test_a_flash_is_no_cut(detector: ShotDetector) -> None:
    film = scene(4, 96)
    film[47:49] = film[47:49] * 0.3 + 190
    assert len(detector.detect(stream(film))) == 1


def test_a_still_film_and_a_black_film_are_one_shot() -> None:
    still = np.repeat(scene(5, 1), 60, axis=0)
    assert len(PySceneDetect().detect(stream(still))) == 1
    assert PySceneDetect().detect(stream(still * 0)) == [Shot(0.0, 60 / RATE)]


def test_a_film_of_one_frame_is_one_shot(detector: ShotDetector) -> None:
    assert detector.detect(stream(scene(6, 1)), duration=1.0) == [Shot(0.0, 1.0)]


def test_no_frames_no_shots(detector: ShotDetector) -> None:
    assert detector.detect(iter([])) == []
    empty = (np.empty(0), np.empty((0, 27, 48, 3), np.uint8))
    assert detector.detect([empty]) == []


@pytest.mark.parametrize("chunk", [7, 64, 500])
@pytest.mark.parametrize("frames", [1, 2, 49, 50, 51, 75, 101, 230])
def test_windows_cover_every_frame_once_with_the_ends_repeated(frames: int, chunk: int) -> None:
    film = np.arange(frames, dtype=np.uint8)[:, None]
    windows = list(_windows(film[first : first + chunk] for first in range(0, frames, chunk)))
    assert {len(window) for window in windows} == {100}
    middle = np.concatenate([window[25:75, 0] for window in windows])
    assert middle[:frames].tolist() == list(range(frames))
    assert len(middle) - frames < 50
    assert windows[0][:25, 0].tolist() == [0] * 25
    assert windows[-1][-1, 0] == frames - 1


@pytest.mark.parametrize("engine", ["pyscenedetect", "transnetv2"])
def test_a_long_film_costs_a_few_numbers_a_frame(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory grows by less than 64 bytes a frame: 58 MB for ten hours at 25 frames a second."""
    monkeypatch.setattr(shots, "_network", lambda weights: (None, None))
    monkeypatch.setattr(TransNetV2, "_odds", lambda self, window: np.zeros(50, np.float32))
    detector = PySceneDetect() if engine == "pyscenedetect" else TransNetV2(Path("none"))
    chunk = np.clip(scene(1, 64), 0, 255).astype(np.uint8)

    def peak(chunks: int) -> int:
        tracemalloc.start()
        detector.detect((np.arange(64) / RATE + 64 * n / RATE, chunk) for n in range(chunks))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2)
    assert peak(30) - peak(10) < 64 * 20 * 64


@pytest.mark.models
def test_the_network_finds_dissolves_and_fades(network: TransNetV2) -> None:
    film = fade(dissolve(scene(11), scene(12)), scene(13))
    shots = network.detect(stream(film))
    middle_of_dissolve, black = 42, 84
    found = cut_frames(shots)
    assert len(found) == 2
    assert abs(found[0] - middle_of_dissolve) <= 8
    assert abs(found[1] - black) <= 12
    assert all(0.5 < (shot.confidence or 0) <= 1 for shot in shots)


@pytest.mark.models
def test_loading_the_network_leaves_the_process_as_it_was() -> None:
    if not weights.available("transnetv2"):
        pytest.skip(weights.shelf().reason("transnetv2"))
    check = """
import os, random, sys
from pathlib import Path
import torch
from indexing.engines.shots import TransNetV2
before = random.getstate(), dict(os.environ)
TransNetV2(Path(sys.argv[1]))
assert before == (random.getstate(), dict(os.environ))
assert torch.are_deterministic_algorithms_enabled() is False
"""
    done = subprocess.run(
        [sys.executable, "-c", check, str(weights.path("transnetv2"))],
        capture_output=True, text=True, cwd=BASE_DIR, env=os.environ, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_labelled_hard_cuts(detector: ShotDetector) -> None:
    if not HARDCUTS.is_dir():
        pytest.skip(f"The labelled films are not here: {HARDCUTS}")
    rows = list(csv.DictReader((HARDCUTS / "hardcuts_shots.csv").open()))
    film = open_media("video", HARDCUTS / "hardcuts.mp4", float(rows[-1]["end_s"]))
    true = {int(row["first_frame"]) for row in rows[1:]}
    found = cut_frames(detector.detect(film.stream(48, 27), film.duration))
    right = sum(any(abs(frame - each) <= 1 for each in true) for frame in found)
    assert 2 * right / (len(found) + len(true)) >= 0.95


def test_what_is_shorter_than_a_fifth_of_a_second_joins_its_neighbour() -> None:
    seconds = [number / 10 for number in range(21)]
    cuts = [Cut(1, 0.9), Cut(10, 0.8), Cut(11, 0.99), Cut(20, 0.9)]
    assert shots_between(cuts, seconds, 2.1) == [Shot(0.0, 1.0, 0.8), Shot(1.0, 2.1, 0.8)]


@pytest.mark.parametrize("duration", [None, 0.0, 0.5])
def test_the_last_frame_outlasts_a_duration_that_is_missing_or_too_short(duration: float | None) -> None:
    assert shots_between([], [0.0, 0.5, 1.0], duration) == [Shot(0.0, 1.5)]


def test_seconds_that_run_backwards_give_ordered_shots() -> None:
    shots = shots_between([Cut(2), Cut(4)], [-1.0, 1.0, 0.5, 3.0, 2.0, 5.0], 6.0)
    assert all(0 <= shot.start < shot.end for shot in shots)


def test_the_same_scene_in_another_light_is_alike_and_another_scene_is_not() -> None:
    one, other = scene(21)[:8], scene(22)[:8]
    changes = FrameChanges()
    film = np.concatenate([one, one * 0.4, other])
    assert sum(len(frames) for frames in changes.watch(stream(film, 1))) == 24
    assert changes.is_light(7)
    assert not changes.is_alike(15)


def test_the_steps_of_a_fade_are_not_another_light() -> None:
    one = scene(21)[:8]
    white = np.full_like(one, 255)
    shares = np.linspace(0, 1, 8)[:, None, None, None]
    changes = FrameChanges()
    list(changes.watch(stream(np.concatenate([one, one * (1 - shares) + white * shares, white]), 1)))
    assert max(abs(light) for light in changes.light) > 15
    assert not any(changes.is_light(step) for step in range(len(changes.light)))
