"""WebVTT chapters (W3C): the titles of a recording's or a film's parts, for players to list."""

from __future__ import annotations

from dam.export.formats.webvtt import document, escaped, note, timings
from dam.export.record import AssetRecord
from dam.export.spoken import plain

MEDIA_TYPE = "text/vtt; charset=utf-8"
EXTENSION = "chapters.vtt"


def applies_to(record: AssetRecord) -> bool:
    """What has chapters that last."""
    return any(chapter.end > chapter.start for chapter in record.chapters)


def render(record: AssetRecord) -> bytes:
    """The chapters of the record in UTF-8."""
    lasting = [chapter for chapter in record.chapters if chapter.end > chapter.start]
    cues = [
        f"{timings(int(1000 * each.start), int(1000 * each.end))}\n{escaped(plain(each.text))}"
        for each in lasting
    ]
    return document(["WEBVTT", note(f"Chapters of {record.title or record.name}"), *cues])
