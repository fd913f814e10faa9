"""WebVTT descriptions (W3C): what is said in a film's pauses for those who cannot see it."""

from __future__ import annotations

from dam.export.formats.webvtt import document, escaped, note, timings
from dam.export.record import AssetRecord
from dam.export.spoken import Passage, plain

MEDIA_TYPE = "text/vtt; charset=utf-8"
EXTENSION = "descriptions.vtt"


def applies_to(record: AssetRecord) -> bool:
    """Films of which something is described."""
    return record.kind == "video" and bool(_lasting(record))


def render(record: AssetRecord) -> bytes:
    """The audio description of the record in UTF-8, one cue a pause."""
    cues = [
        f"{number}\n{timings(round(1000 * each.start), round(1000 * each.end))}\n{escaped(plain(each.text))}"
        for number, each in enumerate(_lasting(record), start=1)
    ]
    return document(["WEBVTT", note(f"Audio description of {record.title or record.name}"), *cues])


def _lasting(record: AssetRecord) -> list[Passage]:
    return [each for each in record.narrations if each.end - each.start >= 0.001 and plain(each.text)]
