"""Films that are hard to read: in odd time, turned, of high dynamic range, without key frames, endless."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from indexing.analysers.contract import Context
from indexing.analysers.representatives import AT_MOST, representatives
from indexing.analysers.shots import Shots
from indexing.decoding import child, films, stills
from indexing.decoding.limits import LIMITS
from indexing.engines.shots import Shot
from indexing.media import LocalMedia, open_media
from tests import media_made


def greys(media: LocalMedia, seconds: list[float]) -> list[int]:
    return [round(float(frame.pixels.mean())) for frame in media.frames(seconds, 64)]


def stepping(path: Path, seconds: int, rate: float, *options: str) -> Path:
    """A film that becomes lighter from second to second, black again after every 100."""
    source = f"color=black:s=64x36:r={rate}:d={seconds},format=gray,geq=lum='2*mod(floor(T)\\,100)+20'"
    return media_made.run_ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", *options, path=path)


def level(second: float) -> int:
    """The grey that `stepping` shows at that second."""
    return 2 * (int(second) % 100) + 20


def test_frames_of_variable_rate_are_found_at_their_seconds(tmp_path: Path) -> None:
    path = stepping(
        tmp_path / "a.mkv", 30, 10, "-vf", "select='not(mod(n,7))+gt(mod(t,5),3)'", "-fps_mode", "vfr"
    )
    media = open_media("video", path, 30.0)
    seconds, shown = zip(*media.stream(48, 27), strict=True)
    times = np.concatenate(seconds)
    assert len({round(step, 2) for step in np.diff(times).tolist()}) > 2
    means = np.concatenate(shown).mean((1, 2, 3))
    assert means == pytest.approx([level(second + 1e-3) for second in times.tolist()], abs=3)
    wanted = [0.35, 4.5, 12.45, 28.95]
    latest = [float(times[times <= second + 1e-3][-1]) for second in wanted]
    assert greys(media, wanted) == pytest.approx([level(second + 1e-3) for second in latest], abs=3)


def test_a_turned_film_is_upright_however_it_is_read(tmp_path: Path) -> None:
    sideways = tmp_path / "sideways.mp4"
    media_made.corners(64, 48).save(tmp_path / "corners.png")
    still = ["-loop", "1", "-r", "5", "-t", "1", "-i", str(tmp_path / "corners.png")]
    media_made.run_ffmpeg(*still, "-c:v", "libx264", "-pix_fmt", "yuv420p", path=sideways)
    path = media_made.run_ffmpeg(
        "-display_rotation", "-90", "-i", str(sideways), "-c", "copy", path=tmp_path / "a.mp4"
    )
    media = open_media("video", path, 1.0)
    (frame,) = media.frames([0.5], 64)
    (_, chunk) = next(media.stream(48, 64))
    for pixels in (frame.pixels, chunk[0], media.picture(64)):
        height, width, _ = pixels.shape
        assert height > width
        top_left, top_right = pixels[height // 4, width // 4], pixels[height // 4, 3 * width // 4]
        assert (int(top_left.argmax()), int(top_right.argmax())) == (2, 0)  # blue was at the lower left


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_high_dynamic_range_is_shown_as_ordinary_film_would_be(tmp_path: Path, transfer: str) -> None:
    bars = "smptebars=s=160x90:r=5:d=0.4"
    plain = media_made.run_ffmpeg("-f", "lavfi", "-i", bars, "-c:v", "libx264", path=tmp_path / "sdr.mp4")
    path = media_made.make_hdr(tmp_path / "hdr.mp4", bars, transfer)
    (shown,) = open_media("video", path, 0.4).frames([0.2], 160)
    (as_sdr,) = open_media("video", plain, 0.4).frames([0.2], 160)
    untouched = films.Film(path, 160, 90, 0.4, 5.0)
    (washed_out,) = films.frames(untouched, [0.2], 160)
    assert np.abs(shown.pixels.astype(int) - as_sdr.pixels).mean() < 16
    assert np.abs(washed_out.pixels.astype(int) - as_sdr.pixels).mean() > 24


def test_a_film_with_one_key_frame_is_read_once_not_once_for_every_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stepping(tmp_path / "a.mp4", 1200, 2, "-c:v", "libx264", "-g", "100000", "-preset", "ultrafast")
    readings = []
    read = films._read
    monkeypatch.setattr(films, "_read", lambda *words: readings.append(words) or read(*words))
    wanted = [12.0 * number + 6.5 for number in range(100)]
    assert greys(open_media("video", path, 1200.0), wanted) == pytest.approx(
        [level(second) for second in wanted], abs=3
    )
    assert len(readings) <= 2


def test_a_film_that_claims_to_be_longer_than_it_is(tmp_path: Path) -> None:
    path = stepping(tmp_path / "a.mp4", 10, 5)
    film = films.Film(path, 64, 36, 3600.0, 5.0)
    began = time.monotonic()
    found = list(films.frames(film, [5.5, *(10.0 + 20 * number for number in range(100))], 64))
    assert [round(float(frame.pixels.mean())) for frame in found[:2]] == pytest.approx(
        [level(5), level(9)], abs=3
    )
    assert len(found) == 101
    assert time.monotonic() - began < 60


def test_ten_hours_have_a_bounded_number_of_frames(tmp_path: Path) -> None:
    source = "testsrc=s=64x36:r=0.05:d=36000"
    quick = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25"]
    path = media_made.run_ffmpeg("-f", "lavfi", "-i", source, *quick, path=tmp_path / "a.mp4")
    media = open_media("video", path, 36_000.0)
    began = time.monotonic()
    (first, *others) = Shots("pyscenedetect").analyse(media, Context(lambda name: tmp_path))
    frames = [frame for shot in (first, *others) for frame in shot.details["frames"]]
    assert 1200 <= len(frames) <= AT_MOST
    assert (first.place.start, frames[-1]["end"]) == (0.0, 36_000.0)
    assert time.monotonic() - began < 200  # a dozen on two quiet cores


def test_the_memory_for_ten_hours_of_frames_is_flat() -> None:
    """What is asked of a film of ten hours is streamed: candidates are let go shot by shot."""

    class Endless:
        kind, duration = "video", 36_000.0

        def frames(self, seconds: list[float], long_side: int):  # type: ignore[no-untyped-def]
            pixels = np.random.default_rng(1).integers(0, 255, (144, 256, 3), np.uint8)
            return (films.Frame(second, pixels.copy()) for second in seconds)

    shots = [Shot(10.0 * number, 10.0 * number + 10) for number in range(40)]
    tracemalloc.start()
    found = representatives(Endless(), shots)  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(map(len, found)) >= 40
    assert peak < 8 * 1024**2


def test_an_animated_gif_of_5000_frames_is_a_picture_of_its_first(tmp_path: Path) -> None:
    source = "testsrc=s=32x24:r=50:d=100"
    path = media_made.run_ffmpeg("-f", "lavfi", "-i", source, path=tmp_path / "a.gif")
    began = time.monotonic()
    found = child.call(stills.describe, path, "gif", seconds=LIMITS.still_seconds)
    picture = open_media("image", path, None).picture(320)
    assert (found["width"], found["height"], found["details"]["pages"]) == (32, 24, 5000)
    assert picture.shape == (24, 32, 3)
    assert time.monotonic() - began < 20
