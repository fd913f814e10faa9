"""What a file says about itself, in EXIF, IPTC, XMP, ID3, QuickTime and sidecars, as facts.

Where several standards hold one property, a sidecar outranks the file, and in it XMP outranks IPTC outranks
EXIF: what a person edits last outranks what a camera writes. As the Metadata Working Group asks (Guidelines
for Handling Image Metadata 2.0, 5.1), IPTC outranks XMP when its digest shows that it was edited since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dam.assets import exiftool
from dam.assets.tags import Tags, clean, named, number, texts, worth_keeping
from dam.assets.taken import Taken, taken
from indexing.analysers.contract import Finding, Place, Region

SOUND = (
    "ItemList",
    "Keys",
    "UserData",
    "ID3v2*",
    "ID3v1",
    "Vorbis",
    "RIFF",
    "ASF",
    "Matroska",
    "APE",
    "AIFF",
)


def _sound(tag: str) -> tuple[str, ...]:
    return tuple(f"{group}:{tag}" for group in SOUND)


ONE: dict[str, tuple[str, ...]] = {
    "title": (
        "XMP-dc:Title", "IPTC:ObjectName", "IFD0:XPTitle", *_sound("Title"),
        "XMP-photoshop:Headline", "IPTC:Headline",
    ),
    "description": (
        "XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription", "IFD0:XPComment",
        *_sound("Description"), *_sound("Comment"),
    ),
    "credit": ("XMP-photoshop:Credit", "IPTC:Credit"),
    "rights": ("XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright", *_sound("Copyright")),
}  # fmt: skip
MANY: dict[str, tuple[str, ...]] = {
    "creator": ("XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist", *_sound("Artist"), *_sound("Author")),
}
KEYWORDS = ("XMP-dc:Subject", "IPTC:Keywords", "IFD0:XPKeywords", *_sound("Keyword"), *_sound("Keywords"))
PLACES = (
    ("XMP-iptcCore:Location", "XMP-photoshop:City", "XMP-photoshop:State", "XMP-photoshop:Country"),
    ("IPTC:Sub-location", "IPTC:City", "IPTC:Province-State", "IPTC:Country-PrimaryLocationName"),
)
STRUCTURED_PLACES = ("XMP-iptcExt:LocationShown", "XMP-iptcExt:LocationCreated")
PLACE_PARTS = ("LocationName", "Sublocation", "City", "ProvinceState", "CountryName")
CAMERA_TALK = {
    "OLYMPUS DIGITAL CAMERA", "MINOLTA DIGITAL CAMERA", "KONICA MINOLTA DIGITAL CAMERA", "SONY DSC",
    "SAMSUNG CAMERA PICTURES", "SAMSUNG DIGITAL CAMERA", "Exif_JPEG_PICTURE", "DIGITAL CAMERA", "DCIM",
    "KODAK Digital Still Camera", "DSC", "default", "untitled",
}  # fmt: skip
UPRIGHT = (None, "0", "1")


@dataclass(frozen=True)
class Embedded:
    """The facts in a file, and when it was made: aware of its zone, UTC where no zone is written."""

    findings: Sequence[Finding]
    taken_at: datetime | None = None


def read_embedded(path: Path, sidecars: Sequence[Path] = ()) -> Embedded:
    """What the file and its sidecars say. Raises exiftool.ExifToolError where they cannot be read."""
    tags = exiftool.read(path)
    for sidecar in reversed(sidecars):
        tags.update(_xmp_of(exiftool.read(sidecar)))
    return understood(tags)


def understood(tags: Tags) -> Embedded:
    """The facts in ExifTool's answer. Pure."""
    tags = {**tags, **dict(_latin_mended(tags))}
    moment = taken(tags)
    findings = [finding for read in READERS for finding in read(tags)]
    return Embedded([*findings, *_metadata(tags, moment)], moment.at if moment else None)


def _xmp_of(tags: Tags) -> dict[str, Any]:
    return {key: value for key, value in tags.items() if key.startswith("XMP-")}


def _ranked(tags: Tags, names: Sequence[str]) -> list[str]:
    """The names in the order in which they are believed, by the digest rule."""
    written, found = tags.get("Photoshop:IPTCDigest"), tags.get("File:CurrentIPTCDigest")
    if not written or not found or written == found:
        return list(names)
    return sorted(names, key=lambda name: not name.startswith("IPTC:"))


def _latin_mended(tags: Tags) -> Iterator[tuple[str, Any]]:
    """IPTC text without a written encoding is read as Latin 1; where it was UTF-8 after all, again."""
    if "IPTC:CodedCharacterSet" in tags:
        return
    for key in (key for key in tags if key.startswith("IPTC")):
        values = tags[key] if isinstance(tags[key], list) else [tags[key]]
        yield key, [_as_utf8(value) if isinstance(value, str) else value for value in values]


def _as_utf8(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _single(tags: Tags) -> Iterator[Finding]:
    for kind, names in ONE.items():
        for tag, values in named(tags, _ranked(tags, names)):
            if values[0] not in CAMERA_TALK:
                yield Finding(kind, "\n".join(values), details={"tag": tag})
                break


def _creators(tags: Tags) -> Iterator[Finding]:
    for kind, names in MANY.items():
        for tag, values in named(tags, _ranked(tags, names)):
            yield from (Finding(kind, value, details={"tag": tag}) for value in dict.fromkeys(values))
            break


def _keywords(tags: Tags) -> Iterator[Finding]:
    """Every keyword of every standard, once, whatever its case."""
    seen: set[str] = set()
    for tag, values in named(tags, KEYWORDS):
        split = [part.strip() for value in values for part in value.split(";")] if "XP" in tag else values
        for value in split:
            if value and value.casefold() not in seen:
                seen.add(value.casefold())
                yield Finding("keyword", value, details={"tag": tag})


def _genres(tags: Tags) -> Iterator[Finding]:
    """The first genre written out; ID3 also knows genres by number, which are left alone."""
    for tag, values in named(tags, _sound("Genre")):
        if not values[0].isdecimal():
            yield Finding("genre", values[0], details={"tag": tag})
            return


def _places(tags: Tags) -> Iterator[Finding]:
    """The place written for the whole picture, then those listed one by one."""
    seen: set[str] = set()
    for names in PLACES:
        found = [values[0] for _, values in named(tags, names)]
        yield from _place(", ".join(dict.fromkeys(found)), names[1], seen)
    for tag in STRUCTURED_PLACES:
        for place in _structures(tags.get(tag)):
            parts = [text for part in PLACE_PARTS for text in texts(place.get(part))]
            yield from _place(", ".join(dict.fromkeys(parts)), tag, seen)


def _place(text: str, tag: str, seen: set[str]) -> Iterator[Finding]:
    if text and text.casefold() not in seen:
        seen.add(text.casefold())
        yield Finding("place", text, details={"tag": tag})


def _people(tags: Tags) -> Iterator[Finding]:
    """Names written in the file: nobody is recognised here. A name with a face's box keeps the box."""
    boxed = dict(_named_faces(tags))
    listed = texts(tags.get("XMP-iptcExt:PersonInImage"))
    for name in dict.fromkeys([*listed, *boxed]):
        tag = "XMP-iptcExt:PersonInImage" if name in listed else "XMP-mwg-rs:RegionInfo"
        yield Finding("person", name, place=Place(region=boxed.get(name)), details={"tag": tag})


def _named_faces(tags: Tags) -> Iterator[tuple[str, Region | None]]:
    """Faces as the Metadata Working Group writes them. Boxes are kept only of pictures stored upright, since
    writers disagree on which way a turned picture's boxes are meant."""
    upright = tags.get("IFD0:Orientation") in UPRIGHT
    for info in _structures(tags.get("XMP-mwg-rs:RegionInfo")):
        for region in _structures(info.get("RegionList")):
            name = clean(region.get("Name"))
            if name and region.get("Type", "Face") == "Face":
                yield name, _box(region.get("Area")) if upright else None


def _box(area: Any) -> Region | None:
    """An area given by its middle and size, in shares of the picture, as a box within the picture."""
    if not isinstance(area, dict) or clean(area.get("Unit", "normalized")) != "normalized":
        return None
    x, y, w, h = (number(area.get(side)) for side in "XYWH")
    if x is None or y is None or w is None or h is None:
        return None
    left, top = max(0.0, x - w / 2), max(0.0, y - h / 2)
    right, bottom = min(1.0, x + w / 2), min(1.0, y + h / 2)
    return Region(left, top, right - left, bottom - top) if right > left and bottom > top else None


def _position(tags: Tags) -> Iterator[Finding]:
    """Degrees, north and east positive. 0, 0 is what a receiver without a fix writes: no position."""
    for group in ("XMP-exif", "Composite"):
        lat, lon = (number(tags.get(f"{group}:GPS{name}")) for name in ("Latitude", "Longitude"))
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
            continue
        details = {"lat": lat, "lon": lon, "tag": f"{group}:GPSLatitude"}
        altitude = number(tags.get("Composite:GPSAltitude"))
        details |= {"altitude": altitude} if altitude is not None else {}
        yield Finding("position", f"{lat:.5f}, {lon:.5f}", details=details)
        return


def _metadata(tags: Tags, moment: Taken | None) -> Iterator[Finding]:
    kept = worth_keeping(tags)
    if moment:
        zone = "assumed to be UTC" if moment.zone_assumed else "as written"
        kept["taken_at"] = {"tag": moment.tag, "zone": zone}
    if kept:
        yield Finding("metadata", details=kept)


def _structures(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


READERS: tuple[Callable[[Tags], Iterator[Finding]], ...] = (
    _single, _creators, _keywords, _genres, _places, _people, _position,
)  # fmt: skip
