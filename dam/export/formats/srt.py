"""SubRip: captions for players that know no other. There is no standard; this is what all of them read."""

from __future__ import annotations

from dam.export.captioning.captions import Caption, captions
from dam.export.formats.webvtt import applies_to, timestamp
from dam.export.record import AssetRecord

MEDIA_TYPE = "application/x-subrip; charset=utf-8"
EXTENSION = "srt"

__all__ = ["EXTENSION", "MEDIA_TYPE", "applies_to", "render"]


def render(record: AssetRecord) -> bytes:
    """The captions of the record in UTF-8; where several speak, with the name of each before his words."""
    speakers = {word.speaker for segment in record.speech for word in segment.words}
    made = captions(record.speech, record.duration, labels=len(speakers) > 1)
    cues = [_cue(number, each) for number, each in enumerate(made, start=1)]
    return "\r\n".join(cues).encode("utf-8", "replace")


def _cue(number: int, caption: Caption) -> str:
    times = f"{timestamp(caption.start, ',')} --> {timestamp(caption.end, ',')}"
    return "\r\n".join([str(number), times, *(line.text.replace("-->", "→") for line in caption.lines), ""])
