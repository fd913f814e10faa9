"""What files say about themselves becomes facts: cleaned, bounded, and by the order of belief."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from dam.assets import exiftool
from dam.assets.embedded import Embedded, read_embedded, understood
from tests import media_made

SHARED = settings.BASE_DIR.parent / "shared" / "media"
needs_exiftool = pytest.mark.skipif(exiftool.find() is None, reason="ExifTool 13 or later is not here")
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared test media are not here")


def by_kind(embedded: Embedded) -> dict[str, list[str]]:
    found = defaultdict(list)
    for finding in embedded.findings:
        found[finding.kind].append(finding.text)
    return found


def test_xmp_outranks_iptc_outranks_exif() -> None:
    tags = {"XMP-dc:Title": "X", "IPTC:ObjectName": "I", "IFD0:XPTitle": "E"}
    assert by_kind(understood(tags))["title"] == ["X"]
    del tags["XMP-dc:Title"]
    assert by_kind(understood(tags))["title"] == ["I"]


def test_iptc_outranks_xmp_when_it_was_edited_since() -> None:
    tags = {"XMP-dc:Description": "old", "IPTC:Caption-Abstract": "new"}
    digests = {"Photoshop:IPTCDigest": "aa", "File:CurrentIPTCDigest": "bb"}
    assert by_kind(understood({**tags, **digests}))["description"] == ["new"]
    assert by_kind(understood({**tags, "Photoshop:IPTCDigest": "bb", "File:CurrentIPTCDigest": "bb"}))[
        "description"
    ] == ["old"]


def test_keywords_are_joined_once_whatever_their_case() -> None:
    tags = {"XMP-dc:Subject": ["Harbour", "2008"], "IPTC:Keywords": "harbour", "IFD0:XPKeywords": "sea; Boat"}
    assert by_kind(understood(tags))["keyword"] == ["Harbour", "2008", "sea", "Boat"]


def test_what_cameras_write_is_no_description() -> None:
    assert "description" not in by_kind(
        understood({"IFD0:ImageDescription": "OLYMPUS DIGITAL CAMERA         "})
    )


def test_text_is_cleaned_and_bounded() -> None:
    found = understood({"XMP-dc:Title": "a\x00b\x1bc\ud800", "XMP-dc:Description": "x" * 1_000_000})
    texts = by_kind(found)
    assert texts["title"] == ["abc"]
    assert len(texts["description"][0]) == 10_000
    assert len(json.dumps([dict(finding.details) for finding in found.findings])) < 20_000


def test_hostile_shapes_do_no_harm() -> None:
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"a": deep}
    shapes: list[Any] = [None, [], {}, deep, ["x"] * 100_000, [[["a"]]], True, "nan", "1e999"]
    names = (
        "XMP-dc:Title",
        "XMP-mwg-rs:RegionInfo",
        "Composite:GPSLatitude",
        "XMP-iptcExt:LocationShown",
        "IPTC:City",
    )
    for shape in shapes:
        found = understood(dict.fromkeys(names, shape))
        assert len(json.dumps([dict(finding.details) for finding in found.findings])) < 200_000


def test_utf8_taken_for_latin_is_mended() -> None:
    mistaken = "© Zoë".encode().decode("cp1252")
    assert by_kind(understood({"IPTC:CopyrightNotice": mistaken}))["rights"] == ["© Zoë"]
    assert by_kind(understood({"IPTC:CopyrightNotice": "© Zoë"}))["rights"] == ["© Zoë"]


def test_places_are_told_from_the_small_to_the_large() -> None:
    tags = {"XMP-photoshop:City": "Mainz", "XMP-photoshop:Country": "Germany", "IPTC:City": "Mainz"}
    shown = [{"City": "Bonn", "CountryName": "Germany"}]
    found = by_kind(understood({**tags, "XMP-iptcExt:LocationShown": shown}))
    assert found["place"] == ["Mainz, Germany", "Mainz", "Bonn, Germany"]


def test_people_are_those_named_in_the_file() -> None:
    area = {"X": "0.5", "Y": "0.25", "W": "0.2", "H": "0.1", "Unit": "normalized"}
    regions = {
        "RegionList": [
            {"Name": "Ada", "Type": "Face", "Area": area},
            {"Name": "Rex", "Type": "Pet", "Area": area},
        ]
    }
    tags = {"XMP-iptcExt:PersonInImage": ["Ada", "Grace"], "XMP-mwg-rs:RegionInfo": regions}
    people = [finding for finding in understood(tags).findings if finding.kind == "person"]
    assert [finding.text for finding in people] == ["Ada", "Grace"]
    assert people[0].place.region == pytest.approx((0.4, 0.2, 0.2, 0.1))
    turned = understood({**tags, "IFD0:Orientation": "6"}).findings
    assert all(finding.place.region is None for finding in turned)


@pytest.mark.parametrize(("lat", "lon"), [("91", "0"), ("0", "0"), ("x", "5"), ("1", None), ("5", "-181")])
def test_impossible_positions_are_none(lat: str, lon: str | None) -> None:
    assert "position" not in by_kind(
        understood({"Composite:GPSLatitude": lat, "Composite:GPSLongitude": lon})
    )


def test_a_position() -> None:
    tags = {"Composite:GPSLatitude": "-43.5", "Composite:GPSLongitude": "11.25"}
    (finding,) = [each for each in understood(tags).findings if each.kind == "position"]
    assert (finding.details["lat"], finding.details["lon"], finding.text) == (
        -43.5,
        11.25,
        "-43.50000, 11.25000",
    )


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"ExifIFD:DateTimeOriginal": "2020:05:06 07:08:09"}, datetime(2020, 5, 6, 7, 8, 9, tzinfo=UTC)),
        (
            {"ExifIFD:DateTimeOriginal": "2020:05:06 07:08:09", "ExifIFD:OffsetTimeOriginal": "+02:00"},
            datetime(2020, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=2))),
        ),
        (
            {
                "ExifIFD:DateTimeOriginal": "0000:00:00 00:00:00",
                "XMP-exif:DateTimeOriginal": "2008:09:20 09:01:07.09Z",
            },
            datetime(2008, 9, 20, 9, 1, 7, tzinfo=UTC),
        ),
        ({"QuickTime:CreateDate": "2017:02:22 08:20:28"}, datetime(2017, 2, 22, 8, 20, 28, tzinfo=UTC)),
        ({"ExifIFD:DateTimeOriginal": "2020:13:40 99:00:00"}, None),
        ({"QuickTime:CreateDate": "1904:01:01 00:00:00"}, datetime(1904, 1, 1, tzinfo=UTC)),
        ({"ExifIFD:DateTimeOriginal": "9999:01:01 00:00:00"}, None),
        ({"Vorbis:Date": "1990"}, None),
    ],
)
def test_when_it_was_made(tags: dict[str, str], expected: datetime | None) -> None:
    assert understood(tags).taken_at == expected


def test_an_assumed_zone_is_said_to_be_assumed() -> None:
    (finding,) = understood({"ExifIFD:DateTimeOriginal": "2020:05:06 07:08:09"}).findings
    assert finding.details["taken_at"] == {"tag": "ExifIFD:DateTimeOriginal", "zone": "assumed to be UTC"}


@needs_exiftool
def test_a_sidecar_outranks_its_file(tmp_path: Path) -> None:
    path = media_made.make_jpeg(tmp_path / "a.jpg", ImageDescription="by the camera", Artist="Ada")
    packet = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:description><rdf:Alt>"
        "<rdf:li xml:lang='x-default'>by a person</rdf:li></rdf:Alt></dc:description></rdf:Description>"
        "</rdf:RDF></x:xmpmeta>"
    )
    (tmp_path / "a.xmp").write_text(packet)
    found = by_kind(read_embedded(path, [tmp_path / "a.xmp"]))
    assert (found["description"], found["creator"]) == (["by a person"], ["Ada"])


@needs_exiftool
def test_tags_of_recordings(tmp_path: Path) -> None:
    for suffix in (".mp3", ".flac", ".m4a", ".ogg"):
        path = media_made.make_audio(
            tmp_path / f"a{suffix}", seconds=0.2, title="Aria", artist="Ada", genre="Jazz"
        )
        found = by_kind(read_embedded(path))
        assert (found["title"], found["creator"]) == (["Aria"], ["Ada"])


@needs_shared
@needs_exiftool
@pytest.mark.parametrize("folder", ["metadata_iptc_xmp", "metadata_exif"])
def test_real_files_are_read_as_the_manifest_says(folder: str) -> None:
    """Keywords, creators, positions and dates of every file, against ExifTool's reading kept beside it."""
    wrong = []
    with (SHARED / folder / "manifest.csv").open() as manifest:
        for row in csv.DictReader(manifest):
            found = read_embedded(SHARED / folder / row["file"])
            wrong += [f"{row['file']}: {what}" for what in _disagreements(row, found)]
    assert wrong == []


def _disagreements(row: dict[str, str], found: Embedded) -> list[str]:
    texts = by_kind(found)
    wrong = []
    keywords = {
        word.strip().casefold() for word in (row["Subject"] or row["Keywords"]).split("|") if word.strip()
    }
    if not keywords <= {word.casefold() for word in texts["keyword"]}:
        wrong.append(f"keywords {keywords}, found {texts['keyword']}")
    if row["Title"].strip() and texts["title"] != [row["Title"].strip()]:
        wrong.append(f"title {row['Title']!r}, found {texts['title']}")
    if _is_position(row) and not texts["position"]:
        wrong.append("position")
    date = row["DateTimeOriginal"]
    if (
        date[:4].isdigit()
        and date[:4] != "0000"
        and (found.taken_at is None or found.taken_at.strftime("%Y:%m:%d") != date[:10])
    ):
        wrong.append(f"date {date}, found {found.taken_at}")
    return wrong


def _is_position(row: dict[str, str]) -> bool:
    try:
        return (float(row["GPSLatitude"]), float(row["GPSLongitude"])) != (0.0, 0.0)
    except ValueError:
        return False
