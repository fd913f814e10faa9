"""Transcripts made on the spot."""

from __future__ import annotations

from collections.abc import Sequence

from dam.export.record import AssetRecord
from dam.export.spoken import Passage, Segment, evenly


def said(text: str, start: float, end: float, speaker: str = "", language: str = "en") -> Segment:
    """A segment whose words are spread evenly."""
    words = [word._replace(speaker=speaker) for word in evenly(text, start, end, language)]
    return Segment(text, start, end, language, words)


def recording(
    *segments: Segment,
    duration: float | None = None,
    name: str = "interview.wav",
    chapters: Sequence[Passage] = (),
) -> AssetRecord:
    """The record of a recording in which that is said."""
    return AssetRecord(
        "audio", name, "0" * 64, None, None, duration=duration, speech=segments, chapters=chapters
    )
