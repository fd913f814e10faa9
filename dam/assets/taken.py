"""When a picture or recording was made, as its file says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dam.assets.tags import Tags, named

# (the date, what tells its zone), the moment of the shutter before that of digitising. QuickTime's own dates
# are UTC by its specification; the others are the camera's wall clock unless they name an offset.
DATES: tuple[tuple[str, str | None], ...] = (
    ("ExifIFD:DateTimeOriginal", "ExifIFD:OffsetTimeOriginal"),
    ("XMP-exif:DateTimeOriginal", None),
    ("Keys:CreationDate", None),
    ("UserData:DateTimeOriginal", None),
    ("XMP-photoshop:DateCreated", None),
    ("Composite:DateTimeCreated", None),
    ("ExifIFD:CreateDate", "ExifIFD:OffsetTimeDigitized"),
    ("XMP-exif:DateTimeDigitized", None),
    ("QuickTime:CreateDate", "UTC"),
    ("ID3v2*:RecordingTime", None),
    ("Vorbis:Date", None),
    ("RIFF:DateTimeOriginal", None),
    ("ASF:CreationDate", None),
    ("*:DateTimeOriginal", None),
)
WRITTEN = re.compile(
    r"(\d{4})[:-](\d\d)[:-](\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?$"
)
FIRST_PHOTOGRAPH = 1826


@dataclass(frozen=True)
class Taken:
    """A moment, the tag it comes from, and whether its zone is written or only taken to be UTC."""

    at: datetime
    tag: str
    zone_assumed: bool


def taken(tags: Tags) -> Taken | None:
    """The best of the dates in the file, if any. A zone that nobody wrote is taken to be UTC."""
    for name, zone in DATES:
        for tag, values in named(tags, [name]):
            offset = zone if zone == "UTC" else _zone(tags, zone)
            if found := _parse(values[0], offset):
                moment, assumed = found
                return Taken(moment, tag, assumed)
    return None


def _zone(tags: Tags, name: str | None) -> str | None:
    return next((values[0] for _, values in named(tags, [name])), None) if name else None


def _parse(text: str, zone: str | None) -> tuple[datetime, bool] | None:
    match = WRITTEN.match(text)
    if not match:
        return None
    *parts, own_zone = match.groups(default="")
    offset = _offset(own_zone or zone or "")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=offset or UTC)
    except ValueError:
        return None
    plausible = moment.year >= FIRST_PHOTOGRAPH and moment <= datetime.now(UTC) + timedelta(days=2)
    return (moment, offset is None) if plausible else None


def _offset(text: str) -> timezone | None:
    """The zone written as Z, UTC, +hh:mm or -hhmm; None where nothing legible is written."""
    if text in ("Z", "UTC"):
        return UTC
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes)) if minutes < 1440 else None
