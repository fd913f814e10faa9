"""A file is what its bytes say, whatever its name says; what cannot be taken in is refused with a reason."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from dam.assets import exiftool
from dam.assets.refusals import Refused
from dam.assets.sniff import sniff
from tests import media_made

SHARED = settings.BASE_DIR.parent / "shared" / "media"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared test media are not here")


@pytest.mark.parametrize(
    ("name", "kind", "media_type"),
    [
        ("a.jpg", "image", "image/jpeg"),
        ("a.png", "image", "image/png"),
        ("a.tif", "image", "image/tiff"),
        ("a.gif", "image", "image/gif"),
        ("a.webp", "image", "image/webp"),
        ("a.avif", "image", "image/avif"),
        ("a.bmp", "image", "image/bmp"),
    ],
)
def test_pictures(tmp_path: Path, name: str, kind: str, media_type: str) -> None:
    found = sniff(media_made.make_picture(tmp_path / name), name)
    assert (found.kind, found.media_type, found.extension, found.note) == (
        kind,
        media_type,
        Path(name).suffix,
        "",
    )


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".mp4", "video/mp4"),
        (".mov", "video/quicktime"),
        (".mkv", "video/x-matroska"),
        (".webm", "video/webm"),
        (".avi", "video/x-msvideo"),
        (".mpg", "video/mpeg"),
    ],
)
def test_films(tmp_path: Path, suffix: str, media_type: str) -> None:
    path = media_made.make_video(tmp_path / f"a{suffix}", seconds_each=0.2)
    found = sniff(path, path.name)
    assert (found.kind, found.media_type, found.extension) == ("video", media_type, suffix)


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".wav", "audio/wav"),
        (".flac", "audio/flac"),
        (".mp3", "audio/mpeg"),
        (".ogg", "audio/ogg"),
        (".opus", "audio/ogg"),
        (".m4a", "audio/mp4"),
        (".aiff", "audio/aiff"),
    ],
)
def test_recordings(tmp_path: Path, suffix: str, media_type: str) -> None:
    path = media_made.make_audio(tmp_path / f"a{suffix}", seconds=0.2)
    found = sniff(path, path.name)
    assert (found.kind, found.media_type, found.extension) == ("audio", media_type, suffix)


def test_a_container_of_films_may_hold_sound_alone(tmp_path: Path) -> None:
    path = media_made.make_audio(tmp_path / "a.m4a", seconds=0.2).rename(tmp_path / "a.mp4")
    found = sniff(path, "a.mp4")
    assert (found.kind, found.media_type) == ("audio", "audio/mp4")


@pytest.mark.parametrize(
    "name", ["holiday.mp3", "holiday", "holiday.txt", "holi\nday.MP3", "..", "x" * 300 + ".wav"]
)
def test_a_wrong_name_changes_nothing(tmp_path: Path, name: str) -> None:
    path = media_made.make_picture(tmp_path / "a.png")
    found = sniff(path, name)
    assert (found.kind, found.extension) == ("image", ".png")
    assert bool(found.note) == ("." in name.strip("."))


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "hello")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Dear diary, today it rained.\n", "text file"),
        ("Prêt à porter".encode(), "text file"),
        (b"<?xpacket begin=''?><x:xmpmeta/>", "sidecar"),
        (b"%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (_zip(), "archive"),
        (b"\x1f\x8b\x08" + bytes(20), "archive"),
        (b"\x7fELF" + bytes(60), "program"),
        (b"#EXTM3U\nhttp://example.org/a.ts\n", "playlist"),
        (b"\xff\x0a" + bytes(20), "JPEG XL"),
        (bytes(100), "no known"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(100), "cannot be decoded"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(Refused, match=reason):
        sniff(path, "a.jpg")


def test_two_files_in_one_are_refused(tmp_path: Path) -> None:
    picture = media_made.make_picture(tmp_path / "a.gif").read_bytes()
    path = tmp_path / "both.gif"
    for hidden in (picture + _zip(), picture[:-1] + b"%PDF-1.4\n" + picture[-1:]):
        path.write_bytes(hidden)
        with pytest.raises(Refused, match="two files in one"):
            sniff(path, "both.gif")


@needs_shared
def test_the_formats_promised_are_known() -> None:
    """Every file of the promised formats in the shared set is known for what its folder says it is."""
    promised = {
        "avif": "image", "heic": "image", "bmp": "image", "psd": "image", "webp": "image", "nef": "image",
        "aif": "audio", "m4a": "audio", "mp3": "audio", "ogg": "audio", "opus": "audio",
        "mov": "video", "mp4": "video",
    }  # fmt: skip
    wrong = []
    with (SHARED / "formats" / "manifest.csv").open() as manifest:
        for row in csv.DictReader(manifest):
            if row["format"] in promised and not row["file"].endswith("ICO"):
                found = sniff(SHARED / "formats" / row["file"], row["file"])
                wrong += [row["file"]] if found.kind != promised[row["format"]] else []
    assert wrong == []


def test_a_camera_raw_is_told_from_a_tiff(tmp_path: Path) -> None:
    if exiftool.find() is None:
        pytest.skip("ExifTool 13 is not installed")
    found = sniff(media_made.make_dng(tmp_path / "a"), "IMG_0001.DNG")
    assert (found.kind, found.media_type, found.extension) == ("image", "image/x-raw", ".dng")
