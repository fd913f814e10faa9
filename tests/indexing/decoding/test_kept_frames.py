"""Frames kept on disk: decoded once, at every size, bounded, and harmless when they are gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from indexing import media
from indexing.analysers.contract import Frame
from indexing.decoding.kept_frames import KeptFrames
from indexing.media import open_media
from tests import media_made

IDENTITY = "ab" * 32


class Decoder:
    """Frames whose grey is their second times ten; counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[list[float]] = []

    def __call__(self, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
        self.asked.append(list(seconds))
        for second in seconds:
            yield Frame(second, np.full((360, 640, 3), int(10 * second), np.uint8))


def greys(kept: KeptFrames, seconds: Sequence[float], long_side: int, decode: Decoder) -> list[int]:
    return [int(frame.pixels[0, 0, 0]) for frame in kept.frames(seconds, long_side, decode)]


def test_a_frame_is_decoded_once_for_all_sizes(tmp_path: Path) -> None:
    kept, decode = KeptFrames(tmp_path, IDENTITY, 10**8), Decoder()
    for long_side in (640, 320, 1280):
        for frame in kept.frames([1.0, 2.0], long_side, decode):
            assert max(frame.pixels.shape) == min(long_side, 640)
    assert greys(kept, [1.0, 1.5, 2.0, 3.0], 320, decode) == [10, 15, 20, 30]
    assert decode.asked == [[1.0, 2.0], [1.5, 3.0]]


def test_films_do_not_share_frames(tmp_path: Path) -> None:
    decode = Decoder()
    for identity in (IDENTITY, "cd" * 32):
        greys(KeptFrames(tmp_path, identity, 10**8), [1.0], 320, decode)
    assert len(decode.asked) == 2


def test_the_longest_unused_frames_make_room(tmp_path: Path) -> None:
    decode = Decoder()
    first = KeptFrames(tmp_path, IDENTITY, 10**8)
    greys(first, [1.0], 320, decode)
    size = next(tmp_path.rglob("*.jpg")).stat().st_size
    greys(KeptFrames(tmp_path, "cd" * 32, int(2.9 * size)), [1.0, 2.0, 3.0], 320, decode)
    assert len(list(tmp_path.rglob("*.jpg"))) == 2
    assert not first.folder.exists()


def test_frames_deleted_or_damaged_meanwhile_are_decoded_again(tmp_path: Path) -> None:
    kept, decode = KeptFrames(tmp_path, IDENTITY, 10**8), Decoder()
    greys(kept, [1.0, 2.0, 3.0], 320, decode)
    (kept.folder / "2000.jpg").write_bytes(b"\xff\xd8\xff damaged")
    reading = kept.frames([1.0, 2.0, 3.0], 320, decode)
    next(reading)
    (kept.folder / "3000.jpg").unlink()
    assert [int(frame.pixels[0, 0, 0]) for frame in reading] == [20, 30]
    shutil.rmtree(tmp_path)
    assert greys(kept, [1.0], 320, decode) == [10]


def test_where_nothing_can_be_written_frames_are_decoded_each_time(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("a file where the folder should be")
    kept, decode = KeptFrames(tmp_path / "root", IDENTITY, 10**8), Decoder()
    assert greys(kept, [1.0, 2.0], 320, decode) == [10, 20]


def test_a_film_is_decoded_once_for_several_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "FRAMES_DIR", tmp_path / "frames")
    path = media_made.make_video(tmp_path / "film.mp4", sound=False, rate=10, seconds_each=0.5)
    wanted = [0.2, 0.7, 1.2]
    film = partial(open_media, "video", path, 1.5, identity=IDENTITY)
    fresh = [frame.pixels for frame in film().frames(wanted, 640)]
    path.rename(tmp_path / "away.mp4")
    again = [frame.pixels for frame in film().frames(wanted, 640)]
    assert all((one == other).all() for one, other in zip(fresh, again, strict=True))
    assert [int(pixels[60, 80].argmax()) for pixels in again] == [0, 1, 2]


def test_frames_that_are_only_compared_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "FRAMES_DIR", tmp_path / "frames")
    path = media_made.make_video(tmp_path / "a.mp4", ["red"], 0.5, sound=False)
    list(open_media("video", path, 0.5, identity=IDENTITY).frames([0.1], 256))
    list(open_media("video", path, 0.5).frames([0.1], 640))
    assert not (tmp_path / "frames").exists()
