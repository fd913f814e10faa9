"""The formats in which an asset can be taken along."""

from __future__ import annotations

from types import ModuleType

from dam.export.formats import alto, chapters, descriptions_vtt, edl, plain_text, srt, webvtt

FORMATS: dict[str, ModuleType] = {
    "alto": alto,
    "webvtt": webvtt,
    "srt": srt,
    "text": plain_text,
    "chapters": chapters,
    "descriptions": descriptions_vtt,
    "edl": edl,
}
"""By the name that stands in their address. Each has MEDIA_TYPE, EXTENSION, applies_to and render."""
