"""CMX 3600 edit decision lists: the highlights of a recording as cuts that editing programs read.

Written by OpenTimelineIO: for a film its picture, to which editing programs link the sound. Timecode is
counted without dropped frames; sound alone counts 25 frames a second.
"""

from __future__ import annotations

import math
from pathlib import PurePath

import opentimelineio as otio

from dam.export.record import AssetRecord
from dam.export.spoken import Passage, plain

MEDIA_TYPE = "text/plain; charset=utf-8"
EXTENSION = "edl"
SOUND_RATE = 25.0  # frames a second
RATES = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0)
"""Rates that such a list can count in; that of a film is rounded to the nearest."""


def applies_to(record: AssetRecord) -> bool:
    """Whether anything is highlighted."""
    return bool(record.highlights)


def render(record: AssetRecord) -> bytes:
    """The list in UTF-8: one event a highlight, in order of time, with its reason as a comment."""
    rate = min(RATES, key=lambda each: abs(each - (record.frame_rate or SOUND_RATE)))
    clips = [_clip(record, passage, rate) for passage in sorted(record.highlights, key=_start)]
    timeline = otio.schema.Timeline(plain(record.title) or record.sha256)
    timeline.tracks.extend(_tracks(record.kind, clips))
    return str(otio.adapters.write_to_string(timeline, "cmx_3600", rate=rate)).encode()


def _tracks(kind: str, clips: list[otio.schema.Clip]) -> list[otio.schema.Track]:
    """The track of the clips first: the adapter writes that one, and asks for one of film beside sound."""
    film = otio.schema.Track("Film", kind=otio.schema.TrackKind.Video)
    sound = otio.schema.Track("Sound", kind=otio.schema.TrackKind.Audio)
    tracks = [film] if kind == "video" else [sound, film]
    tracks[0].extend(clips)
    return tracks


def _start(passage: Passage) -> float:
    return passage.start


def _clip(record: AssetRecord, passage: Passage, rate: float) -> otio.schema.Clip:
    first, last = math.floor(passage.start * rate), math.ceil(passage.end * rate)
    span = otio.opentime.TimeRange(
        otio.opentime.RationalTime(first, rate), otio.opentime.RationalTime(max(1, last - first), rate)
    )
    clip = otio.schema.Clip(plain(record.name), source_range=span)
    clip.media_reference = otio.schema.ExternalReference(target_url=PurePath(plain(record.name)).name)
    clip.metadata["cmx_3600"] = {"reel": "AX", "comments": [plain(passage.text)]}
    return clip
