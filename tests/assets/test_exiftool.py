"""ExifTool is kept open, survives hanging and dying, and is safe with odd names."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dam.assets import exiftool
from dam.assets.exiftool import ExifToolError
from tests import media_made

needs_exiftool = pytest.mark.skipif(exiftool.find() is None, reason="ExifTool 13 or later is not here")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return media_made.make_jpeg(tmp_path / "a.jpg", ImageDescription="A red corner", Software="1.50")


@needs_exiftool
def test_tags_come_with_their_groups_and_as_they_were_written(picture: Path) -> None:
    tags = exiftool.read(picture)
    assert tags["IFD0:ImageDescription"] == "A red corner"
    assert tags["IFD0:Software"] == "1.50"
    assert tags["File:ImageWidth"] == "64"


@needs_exiftool
def test_it_is_kept_open(picture: Path) -> None:
    exiftool.read(picture)
    process = exiftool.tool().process
    exiftool.read(picture)
    assert exiftool.tool().process is process


@needs_exiftool
@pytest.mark.parametrize(
    "name", [b"-ver.jpg", b"a\nb.jpg", b"@list.jpg", b"\xff\xfe.jpg", b"-execute\n-ver", b"#[CSTR]x"]
)
def test_names_are_never_taken_for_orders(picture: Path, name: bytes) -> None:
    odd = Path(os.fsdecode(os.path.join(os.fsencode(picture.parent), name)))  # noqa: PTH118
    picture.rename(odd)
    assert exiftool.read(odd)["IFD0:ImageDescription"] == "A red corner"


@needs_exiftool
def test_it_is_started_again_after_it_died(picture: Path) -> None:
    exiftool.read(picture)
    process = exiftool.tool().process
    assert process is not None
    process.kill()
    process.wait()
    assert exiftool.read(picture)["IFD0:ImageDescription"] == "A red corner"


@pytest.fixture
def impostor(tmp_path: Path) -> Path:
    """A program that answers as ExifTool would not."""
    return tmp_path / "impostor"


def _answering(impostor: Path, script: str) -> exiftool.ExifTool:
    impostor.write_text(f"#!/usr/bin/perl\n$| = 1; while (<STDIN>) {{ if (/^-execute/) {{ {script} }} }}\n")
    return exiftool.ExifTool(impostor)


def test_hanging_ends(impostor: Path) -> None:
    tool = _answering(impostor, "sleep 60")
    started = time.monotonic()
    with pytest.raises(ExifToolError, match="longer than"):
        tool.ask(["-ver"], seconds=1)
    assert time.monotonic() - started < 5
    assert tool.process is None


def test_dying_is_told(impostor: Path) -> None:
    with pytest.raises(ExifToolError, match="crash"):
        _answering(impostor, "exit 1").ask(["-ver"])


def test_answers_are_bounded(impostor: Path) -> None:
    with pytest.raises(ExifToolError, match="MiB of metadata"):
        _answering(impostor, "print 'x' x 1000 while 1").ask(["-ver"])


def test_an_old_or_broken_exiftool_is_not_used(impostor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(impostor.parent))
    monkeypatch.setattr(exiftool.env, "BASE_DIR", impostor.parent)
    for said in ("12.99", "nonsense"):
        program = impostor.with_name(f"exiftool-{said}")
        program.write_text(f"#!/bin/sh\necho {said}\n")
        program.chmod(0o755)
        monkeypatch.setenv("EXIFTOOL", str(program))
        assert exiftool.find() is None
    with pytest.raises(ExifToolError, match="missing"):
        exiftool.tool()
