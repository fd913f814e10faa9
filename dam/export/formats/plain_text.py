"""The transcript as plain text: paragraphs with the second at which they begin and who speaks."""

from __future__ import annotations

from collections.abc import Iterator

from dam.export.formats.webvtt import applies_to, timestamp
from dam.export.paragraphs import Paragraph, Part, parts_of
from dam.export.record import AssetRecord
from dam.export.spoken import plain

MEDIA_TYPE = "text/plain; charset=utf-8"
EXTENSION = "txt"

__all__ = ["EXTENSION", "MEDIA_TYPE", "applies_to", "render"]


def render(record: AssetRecord) -> bytes:
    """The transcript of the record in UTF-8."""
    blocks = [record.title or record.name]
    for part in parts_of(record.speech, record.chapters):
        blocks += _blocks(part)
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def _blocks(part: Part) -> Iterator[str]:
    if part.chapter:
        yield plain(part.chapter.text).upper()
    yield from map(_block, part.paragraphs)


def _block(paragraph: Paragraph) -> str:
    time = timestamp(int(1000 * paragraph.start))[:8]
    return " ".join(
        filter(None, (f"[{time}]", f"{paragraph.speaker}:" if paragraph.speaker else "", paragraph.text))
    )
