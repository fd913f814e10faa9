"""An asset as analysers see it: pictures, frames at their seconds, every frame, and the sound."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexing.analysers.contract import MediaError
from indexing.media import open_media
from tests import media_made

COLOURS = {0: (255, 0, 0), 1: (0, 255, 0), 2: (0, 0, 255)}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds: red, green, blue, with a tone."""
    return media_made.make_video(tmp_path_factory.mktemp("films") / "film.mp4")


def shows(pixels: np.ndarray, second: int) -> bool:
    return bool(np.abs(pixels.mean((0, 1)) - COLOURS[second]).max() < 20)


def test_a_still_is_shown_upright(tmp_path: Path) -> None:
    path = media_made.make_jpeg(tmp_path / "a.jpg", 90, 60, orientation=6)
    assert open_media("image", path, None).picture(1000).shape == (60, 90, 3)


def test_pictures_come_from_our_rendition_where_it_is_large_enough(tmp_path: Path) -> None:
    original = media_made.make_picture(tmp_path / "a.png", 400, 300)
    own = tmp_path / "own.webp"
    Image.new("RGB", (200, 150), (10, 20, 30)).save(own, lossless=True)
    media = open_media("image", original, None, {"thumb-small": own})
    assert media.picture(100)[0, 0].tolist() == [10, 20, 30]
    assert media.picture(300)[0, 0].tolist() == [255, 0, 0]


def test_a_large_thumbnail_below_its_limit_is_the_whole_picture(tmp_path: Path) -> None:
    own = tmp_path / "own.webp"
    Image.new("RGB", (200, 150), (10, 20, 30)).save(own, lossless=True)
    media = open_media("image", tmp_path / "not read", None, {"thumb-large": own})
    assert media.picture(300).shape == (150, 200, 3)


def test_frames_are_those_shown_at_their_seconds(film: Path) -> None:
    media = open_media("video", film, 3.0)
    wanted = [0.0, 0.5, 0.99, 1.0, 1.97, 2.0, 2.5, 2.999]
    frames = list(media.frames(wanted, 80))
    assert [frame.second for frame in frames] == wanted
    assert all(frame.pixels.shape == (60, 80, 3) for frame in frames)
    assert all(shows(frame.pixels, int(frame.second)) for frame in frames)


def test_many_frames_far_from_their_key_frame(tmp_path: Path) -> None:
    """A film of one key frame: every second wanted lies far behind it, and more than one pass is needed."""
    path = media_made.make_video(tmp_path / "a.mp4", seconds_each=30, rate=1, sound=False)
    frames = list(open_media("video", path, 90.0).frames([float(second) for second in range(90)], 40))
    assert len(frames) == 90
    assert all(shows(frame.pixels, int(frame.second // 30)) for frame in frames)


def test_seconds_past_the_end_give_the_last_frame(film: Path) -> None:
    (frame,) = open_media("video", film, 3.0).frames([500.0], 80)
    assert shows(frame.pixels, 2)


def test_a_picture_that_stands_still_is_found_long_after_it_began(tmp_path: Path) -> None:
    """Slides: one frame every twenty seconds, so seeking alone finds none near the second wanted."""
    path = tmp_path / "slides.mp4"
    media_made.make_video(tmp_path / "a.mp4", seconds_each=20, rate=1, sound=False)
    words = ["-i", str(tmp_path / "a.mp4"), "-vf", "select='not(mod(n,20))'", "-fps_mode", "vfr"]
    media_made.run_ffmpeg(*words, "-c:v", "libx264", path=path)
    frames = list(open_media("video", path, 60.0).frames([15.0, 35.0], 80))
    assert [shows(frame.pixels, second) for second, frame in enumerate(frames)] == [True, True]


@pytest.mark.parametrize("suffix", media_made.VIDEO_CODECS)
def test_every_frame_is_streamed_with_its_second(tmp_path: Path, suffix: str) -> None:
    path = media_made.make_video(tmp_path / f"a{suffix}", seconds_each=0.4)
    chunks = list(open_media("video", path, 1.2).stream(48, 27))
    seconds = np.concatenate([chunk[0] for chunk in chunks])
    pixels = np.concatenate([chunk[1] for chunk in chunks])
    assert pixels.shape == (30, 27, 48, 3)
    assert (np.diff(seconds) > 0).all()
    assert seconds[-1] == pytest.approx(29 / 25, abs=0.05)
    assert shows(pixels[0], 0)
    assert shows(pixels[-1], 2)


def test_chunks_are_bounded(film: Path) -> None:
    chunks = list(open_media("video", film, 3.0).stream(960, 540))
    assert len(chunks) > 1
    assert max(pixels.nbytes for _, pixels in chunks) <= 32 * 1024**2


def test_turned_films_are_upright(tmp_path: Path) -> None:
    path = media_made.make_video(tmp_path / "a.mp4", seconds_each=0.2, rotation=90)
    media = open_media("video", path, 0.6)
    assert media.picture(160).shape == (160, 120, 3)


@pytest.mark.parametrize("suffix", media_made.AUDIO_CODECS)
def test_sound_of_every_format_is_mixed_to_mono(tmp_path: Path, suffix: str) -> None:
    path = media_made.make_audio(tmp_path / f"a{suffix}", tone=1000.0)
    samples = open_media("audio", path, 1.0).samples(16000)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(16000, abs=1500)
    assert np.abs(samples).max() == pytest.approx(0.125, abs=0.05)
    assert np.abs(np.fft.rfft(samples[4000:12000])).argmax() * 2 == pytest.approx(1000, abs=4)


def test_sound_comes_in_pieces(film: Path) -> None:
    pieces = list(open_media("video", film, 3.0).sample_chunks(8000, 1.0))
    assert [len(piece) for piece in pieces[:2]] == [8000, 8000]
    assert sum(map(len, pieces)) == pytest.approx(24000, abs=800)


def test_channels_come_unmixed(tmp_path: Path) -> None:
    path = tmp_path / "eight.wav"
    tones = "|".join(f"sin({220 * (number + 1)}*2*PI*t)/4" for number in range(7)) + "|0"
    media_made.run_ffmpeg("-f", "lavfi", "-i", f"aevalsrc={tones}:s=48000:d=1:c=7.1", path=path)
    media = open_media("audio", path, 1.0)
    (whole,) = media.channel_chunks(16000, 5.0)
    loudest = np.abs(np.fft.rfft(whole[:7], axis=1)).argmax(1) * 16000 / whole.shape[1]
    assert media.sound() == (48000, 8)
    assert whole.shape[0] == 8
    assert loudest == pytest.approx([220.0 * (number + 1) for number in range(7)], abs=2)
    assert not whole[7].any()


def test_sound_that_begins_late_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    picture = ["-f", "lavfi", "-i", "color=s=64x48:r=25:d=3"]
    tone = ["-itsoffset", "2", "-f", "lavfi", "-i", "sine=f=440:d=1"]
    media_made.run_ffmpeg(*picture, *tone, "-c:v", "mpeg4", "-c:a", "pcm_s16le", path=path)
    samples = open_media("video", path, 3.0).samples(8000)
    assert np.abs(samples[:15000]).max() < 0.01
    assert np.abs(samples[17000:20000]).max() > 0.1


def test_media_without_sound_have_none(tmp_path: Path) -> None:
    silent = media_made.make_video(tmp_path / "a.mp4", seconds_each=0.2, sound=False)
    assert open_media("video", silent, 0.6).samples(16000).shape == (0,)
    assert open_media("video", silent, 0.6).sound() is None
    assert not list(open_media("video", silent, 0.6).channel_chunks(16000, 1.0))
    still = media_made.make_picture(tmp_path / "a.png")
    assert open_media("image", still, None).samples(16000).shape == (0,)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    sound = open_media("audio", media_made.make_audio(tmp_path / "a.wav"), 1.0)
    with pytest.raises(MediaError, match="no picture"):
        sound.picture(100)
    with pytest.raises(MediaError, match="no frames"):
        sound.frames([0.0], 100)


def test_damaged_films_give_what_can_be_read(tmp_path: Path, film: Path) -> None:
    whole = media_made.make_video(tmp_path / "a.mkv", seconds_each=1.0)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    seconds = np.concatenate([chunk[0] for chunk in open_media("video", cut, 3.0).stream(48, 27)])
    assert 25 < len(seconds) < 75
    subprocess.run(["truncate", "-s", "200", str(cut)], check=True)
    with pytest.raises(MediaError):
        list(open_media("video", cut, 3.0).stream(48, 27))
