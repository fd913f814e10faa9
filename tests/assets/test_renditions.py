"""Renditions: what is made of each kind, how large, how long, and never a black poster."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dam.assets.refusals import Refused
from dam.assets.renditions import MadeRendition, choose_poster, make_renditions
from dam.assets.sniff import sniff
from dam.assets.technical import Technical, probe
from indexing.decoding import films
from tests import media_made


def made(path: Path, into: Path) -> dict[str, MadeRendition]:
    sniffed = sniff(path, path.name)
    into.mkdir(exist_ok=True)
    found = {each.name: each for each in make_renditions(path, sniffed.kind, probe(path, sniffed), into)}
    assert sorted(each.path for each in found.values()) == sorted(into.iterdir())
    return found


def test_a_still_has_two_thumbnails(tmp_path: Path) -> None:
    found = made(media_made.make_jpeg(tmp_path / "a.jpg", 1500, 1000, orientation=6), tmp_path / "made")
    assert {name: (each.width, each.height) for name, each in found.items()} == {
        "thumb-small": (320, 213),
        "thumb-large": (1280, 853),
    }
    with Image.open(found["thumb-small"].path) as image:
        assert (image.format, image.size) == ("WEBP", (320, 213))


def test_a_film_has_all(tmp_path: Path) -> None:
    found = made(media_made.make_video(tmp_path / "a.avi", seconds_each=1.0), tmp_path / "made")
    assert set(found) == {
        "poster",
        "thumb-small",
        "thumb-large",
        "sprite",
        "waveform",
        "spectrogram",
        "proxy",
    }
    assert found["proxy"].media_type == "video/mp4"
    proxy = probe(found["proxy"].path, sniff(found["proxy"].path, "proxy.mp4"))
    assert [each["codec"] for each in proxy.details["streams"]] == ["h264", "aac"]
    assert proxy.duration == pytest.approx(3.0, abs=0.2)


def test_the_sprite_shows_the_film_in_order(tmp_path: Path) -> None:
    sprite = made(media_made.make_video(tmp_path / "a.mp4"), tmp_path / "made")["sprite"]
    grid = sprite.details
    assert (grid["columns"], grid["rows"], grid["tiles"], grid["interval"]) == (3, 1, 3, pytest.approx(1.0))
    with Image.open(sprite.path) as image:
        pixels = np.asarray(image.convert("RGB"))
    middles = [pixels[grid["tile_height"] // 2, int((tile + 0.5) * grid["tile_width"])] for tile in range(3)]
    assert [int(colour.argmax()) for colour in middles] == [0, 1, 2]


def test_a_long_film_has_a_bounded_sprite(tmp_path: Path) -> None:
    path = media_made.make_video(tmp_path / "a.mp4", seconds_each=100, rate=1, sound=False)
    grid = made(path, tmp_path / "made")["sprite"].details
    assert grid["tiles"] == 100
    assert grid["interval"] == pytest.approx(3.0, abs=0.1)


def test_the_poster_is_not_black(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    graph = (
        "color=black:s=160x120:r=10:d=4[a];testsrc=s=160x120:r=10:d=1[b];color=black:s=160x120:r=10:d=1[c];"
    )
    media_made.run_ffmpeg("-f", "lavfi", "-i", f"{graph}[a][b][c]concat=n=3", "-c:v", "libx264", path=path)
    poster = made(path, tmp_path / "made")["poster"]
    assert 4 <= poster.details["second"] <= 5
    with Image.open(poster.path) as image:
        assert np.asarray(image).mean() > 50


@pytest.mark.parametrize(
    ("parts", "first", "last"),
    [
        (["color=black:d=4", "testsrc=d=5", "color=white:d=3"], 4, 9),
        (["color=black:d=60", "testsrc=d=1", "color=black:d=40"], 60, 61),
        (["color=black:d=3", "testsrc=d=5,gblur=8", "testsrc=d=1,noise=alls=5"], 8, 9),
    ],
    ids=["the first third black", "but for a second all black", "mostly blurred"],
)
def test_the_poster_shows_something(tmp_path: Path, parts: list[str], first: float, last: float) -> None:
    sources = [part.replace("d=", "s=160x120:r=5:d=") for part in parts]
    inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
    words = [*inputs, "-filter_complex", f"concat=n={len(parts)}", "-c:v", "libx264"]
    path = media_made.run_ffmpeg(*words, path=tmp_path / "a.mp4")
    technical = probe(path, sniff(path, "a.mp4"))
    film = films.Film(path, 160, 120, technical.duration, 5.0)
    assert first <= choose_poster(film).second < last


def test_a_film_that_is_black_all_along_still_has_a_poster(tmp_path: Path) -> None:
    path = media_made.make_video(tmp_path / "a.mp4", ["black"], 0.5, sound=False)
    assert "poster" in made(path, tmp_path / "made")


def test_a_film_every_browser_plays_is_only_copied(tmp_path: Path) -> None:
    fit = made(media_made.make_video(tmp_path / "a.mp4", seconds_each=0.2), tmp_path / "fit")
    unfit = made(media_made.make_video(tmp_path / "b.webm", seconds_each=0.2), tmp_path / "unfit")
    assert [found["proxy"].details["copied"] for found in (fit, unfit)] == [True, False]


def test_a_film_of_high_dynamic_range_plays_with_ordinary_light(tmp_path: Path) -> None:
    bars = "smptebars=s=160x90:r=5:d=0.4"
    plain = media_made.run_ffmpeg("-f", "lavfi", "-i", bars, "-c:v", "libx264", path=tmp_path / "sdr.mp4")
    bright = media_made.make_hdr(tmp_path / "hdr.mp4", bars, "smpte2084")
    proxy = made(bright, tmp_path / "made")["proxy"].path
    (shown,), (wanted,) = (
        films.frames(films.Film(path, 160, 90, 0.4, 5.0), [0.2], 160) for path in (proxy, plain)
    )
    assert np.abs(shown.pixels.astype(int) - wanted.pixels).mean() < 16


def test_a_large_film_is_made_smaller_and_upright(tmp_path: Path) -> None:
    path = media_made.make_video(tmp_path / "a.mp4", ["red"], 0.2, width=1920, height=1080, rotation=90)
    proxy = made(path, tmp_path / "made")["proxy"]
    assert (proxy.width, proxy.height) == (720, 1280)
    found = probe(proxy.path, sniff(proxy.path, "proxy.mp4"))
    assert (found.width, found.height, found.details["rotation"]) == (720, 1280, 0)


def test_a_recording_has_a_waveform_and_a_proxy(tmp_path: Path) -> None:
    found = made(media_made.make_audio(tmp_path / "a.flac", seconds=60), tmp_path / "made")
    assert set(found) == {"waveform", "spectrogram", "proxy"}
    assert found["proxy"].media_type == "audio/mp4"
    peaks = json.loads(found["waveform"].path.read_text())
    assert (peaks["version"], peaks["bits"], peaks["channels"]) == (2, 8, 1)
    assert len(peaks["data"]) == 2 * peaks["length"]
    assert 1000 <= peaks["length"] <= 2000
    assert peaks["length"] * found["waveform"].details["seconds_per_point"] == pytest.approx(60, abs=0.1)
    assert set(peaks["data"]) <= set(range(-128, 128))
    assert (min(peaks["data"]), max(peaks["data"])) == (-16, 16)


def test_a_cover_becomes_the_thumbnails_of_a_recording(tmp_path: Path) -> None:
    sound = media_made.make_audio(tmp_path / "plain.mp3", seconds=0.5)
    cover = media_made.make_jpeg(tmp_path / "cover.jpg", 200, 200)
    path = tmp_path / "covered.mp3"
    words = ["-i", str(sound), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy"]
    media_made.run_ffmpeg(*words, "-disposition:v", "attached_pic", path=path)
    found = made(path, tmp_path / "made")
    assert (found["thumb-small"].width, found["thumb-small"].height) == (200, 200)
    assert set(found) == {"thumb-small", "thumb-large", "waveform", "spectrogram", "proxy"}


def test_what_cannot_be_decoded_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0nonsense")
    with pytest.raises(Refused):
        list(make_renditions(path, "image", Technical(), tmp_path))
