"""Stills come out upright, in sRGB, 8 bits, or are refused with a reason."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
import pyvips
from PIL import Image

from dam.assets import exiftool
from indexing.analysers.contract import MediaError
from indexing.decoding import child, signatures, stills
from tests import media_made
from tests.media_made import CORNERS


def picture(path: Path, long_side: int = 64) -> np.ndarray:
    return child.call(stills.picture, path, signatures.format_of(path), long_side, seconds=30)


def corners_of(pixels: np.ndarray) -> np.ndarray:
    """The colours a little inside the four corners, in the order of CORNERS."""
    height, width, _ = pixels.shape
    rows, columns = (height // 6, -height // 6), (width // 6, -width // 6)
    return np.array([pixels[row, column] for row in rows for column in columns], int)


def assert_upright(path: Path, tolerance: int = 12) -> None:
    pixels = picture(path)
    assert pixels.shape == (48, 64, 3)
    assert pixels.dtype == np.uint8
    assert np.abs(corners_of(pixels) - np.array(CORNERS)).max() <= tolerance


def test_a_camera_raw_is_developed(tmp_path: Path) -> None:
    if exiftool.find() is None:
        pytest.skip("ExifTool 13 is not installed")
    pixels = picture(media_made.make_dng(tmp_path / "a.dng"), 320)
    assert pixels.shape == (240, 320, 3)
    left, right = pixels[120, 40].astype(int), pixels[120, 280].astype(int)
    assert left.argmax() == 0
    assert right.argmax() == 2
    assert left[0] > 200


@pytest.mark.parametrize("orientation", range(9))
def test_jpegs_are_turned_upright(tmp_path: Path, orientation: int) -> None:
    path = media_made.make_jpeg(tmp_path / "a.jpg", orientation=orientation)
    assert_upright(path)
    facts = child.call(stills.describe, path, "jpeg", seconds=30)
    assert (facts["width"], facts["height"]) == (64, 48)


@pytest.mark.parametrize(
    "name", ["a.png", "a.webp", "a.bmp", "a.gif", "a.tif", "a.jp2", "a.avif", "a.ppm", "a.tga"]
)
def test_formats_are_decoded(tmp_path: Path, name: str) -> None:
    assert_upright(media_made.make_picture(tmp_path / name), tolerance=40)


def test_heic_is_decoded(tmp_path: Path) -> None:
    pillow_heif.from_pillow(media_made.corners()).save(tmp_path / "a.heic", quality=90)
    assert_upright(tmp_path / "a.heic", tolerance=40)


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    assert_upright(media_made.make_tiff16(tmp_path / "a.tif"))


def test_ink_becomes_light(tmp_path: Path) -> None:
    """CMYK without a profile is read as printed: duller, but red is still the reddest."""
    colours = corners_of(picture(media_made.make_cmyk_jpeg(tmp_path / "a.jpg")))
    assert [int(colour.argmax()) for colour in colours[:3]] == [0, 1, 2]
    assert colours[3].min() > 240


def test_other_colour_spaces_become_srgb(tmp_path: Path) -> None:
    grey_green = np.full((8, 8, 3), (60, 160, 60), np.uint8)
    plain = pyvips.Image.new_from_array(grey_green).copy(interpretation="srgb")
    plain.icc_transform("p3", input_profile="srgb").write_to_file(str(tmp_path / "wide.png"))
    assert np.abs(picture(tmp_path / "wide.png").astype(int) - grey_green).max() <= 2
    with Image.open(tmp_path / "wide.png") as stored:
        assert np.abs(np.asarray(stored, int) - grey_green).max() > 5


def test_transparency_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert picture(tmp_path / "a.png").min() == 255


def test_grey_and_palette_have_three_channels(tmp_path: Path) -> None:
    for mode in ("L", "P", "1", "LA"):
        media_made.corners().convert(mode).save(tmp_path / "a.png")
        assert picture(tmp_path / "a.png").shape == (48, 64, 3)


def test_pictures_shrink_but_never_grow(tmp_path: Path) -> None:
    path = media_made.make_picture(tmp_path / "a.png", 200, 100)
    assert picture(path, 50).shape == (25, 50, 3)
    assert picture(path, 5000).shape == (100, 200, 3)


def test_the_first_picture_of_an_animation(tmp_path: Path) -> None:
    path = media_made.make_animated_gif(tmp_path / "a.gif", frames=3)
    assert picture(path).shape == (48, 64, 3)
    assert child.call(stills.describe, path, "gif", seconds=30)["details"]["pages"] == 3


def test_truncated_files_give_what_can_be_read(tmp_path: Path) -> None:
    media_made.make_picture(tmp_path / "whole.jpg", 400, 300, seed=1)
    whole = (tmp_path / "whole.jpg").read_bytes()
    path = tmp_path / "half.jpg"
    path.write_bytes(whole[: len(whole) // 2])
    facts = child.call(stills.describe, path, "jpeg", seconds=30)
    assert (facts["width"], facts["height"]) == (400, 300)
    assert facts["details"]["damage"]


def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png_claiming(60_000, 60_000))
    with pytest.raises(MediaError, match="megapixels"):
        picture(path)


def test_nonsense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4)
    with pytest.raises(MediaError):
        picture(path)


def test_thumbnails_are_written_from_one_decoding(tmp_path: Path) -> None:
    path = media_made.make_jpeg(tmp_path / "a.jpg", 900, 600, orientation=6)
    wanted = {tmp_path / "small.webp": 90, tmp_path / "large.webp": 450}
    assert child.call(stills.thumbnails, path, "jpeg", wanted, seconds=30) == [(90, 60), (450, 300)]
    with Image.open(tmp_path / "small.webp") as small:
        assert small.format == "WEBP"
        assert np.abs(corners_of(np.asarray(small)) - np.array(CORNERS)).max() < 30


def _png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header promises a size that its data do not keep."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
