"""What is inside films and recordings, read with PyAV inside the child. Nothing here may run elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.stream import Disposition

from indexing.analysers.contract import MediaError
from indexing.decoding import tone
from indexing.decoding.ffmpeg import DEMUXERS
from indexing.decoding.limits import LIMITS

LEAST_BYTES_A_SECOND = 100  # below it a header's duration is not believed but measured
CLOSED = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS, "max_pixels": str(LIMITS.pixels)}
MAX_STREAMS = 32
MAX_CHAPTERS, MAX_TITLE = 500, 300


def has_moving_picture(path: Path) -> bool:
    """True where the container holds a film, not only sound or a cover picture. Raises MediaError."""
    with _opened(path) as container:
        return _film(container) is not None


def describe(path: Path) -> dict[str, Any]:
    """Upright width and height (None without film), duration in seconds (None where unknown), and details.

    Decodes the first frame of each stream, so what is described can be decoded. Raises MediaError.
    """
    with _opened(path) as container:
        film, sound = _film(container), _sound(container)
        facts: dict[str, Any] = {"width": None, "height": None, "rotation": 0}
        if film is not None:
            facts = _upright(container, film)
        elif sound is None:
            raise MediaError("The file holds neither film nor sound.")
        else:
            _first_frame(container, sound)
        duration = _duration(container, path)
        details = {"format": container.format.name, "rotation": facts.pop("rotation")}
        details["streams"] = [_stream(each) for each in list(container.streams)[:MAX_STREAMS]]
        details["cover"] = any(_is_cover(each) for each in container.streams.video)
        if chapters := list(_chapters(container)):
            details["chapters"] = chapters
    return {**facts, "duration": duration, "details": details}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[av.container.InputContainer]:
    try:
        with av.open(str(path), options=dict(CLOSED), metadata_errors="replace") as container:
            yield container
    except FFmpegError as error:
        raise MediaError(f"The file cannot be decoded: {str(error.strerror).rstrip('.')}.") from error


def _film(container: av.container.InputContainer) -> Any | None:
    return next((each for each in container.streams.video if not _is_cover(each)), None)


def _sound(container: av.container.InputContainer) -> Any | None:
    return next(iter(container.streams.audio), None)


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _first_frame(container: av.container.InputContainer, stream: Any) -> Any:
    """The first frame that can be decoded. Raises MediaError where there is none."""
    damaged = ""
    for packet in container.demux(stream):
        try:
            for frame in packet.decode():
                return frame
        except FFmpegError as error:
            damaged = error.strerror or type(error).__name__
    what = "sound" if stream.type == "audio" else "film"
    raise MediaError(f"The file holds no {what} that can be decoded{': ' if damaged else ''}{damaged}.")


def _upright(container: av.container.InputContainer, film: Any) -> dict[str, Any]:
    """Size as shown: pixels made square (sample aspect ratio), then turned by the display matrix."""
    frame = _first_frame(container, film)
    ratio = film.sample_aspect_ratio or Fraction(1)
    width, height = (round(frame.width * ratio) or frame.width), frame.height
    rotation = -int(frame.rotation) % 360
    if rotation in (90, 270):
        width, height = height, width
    return {"width": width, "height": height, "rotation": rotation}


def _duration(container: av.container.InputContainer, path: Path) -> float | None:
    """The header's duration where it is plausible, else the end of the last packet."""
    stated = (container.duration or 0) / av.time_base
    if 0 < stated * LEAST_BYTES_A_SECOND <= path.stat().st_size:
        return float(stated)
    with _opened(path) as again:
        return _last_second(again)


def _last_second(container: av.container.InputContainer) -> float | None:
    first, last = None, None
    for packet in container.demux():
        if packet.pts is None or packet.time_base is None:
            continue
        start = float(packet.pts * packet.time_base)
        end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
        first, last = min(start, first if first is not None else start), max(end, last or end)
    return None if first is None or last is None else last - first


def _chapters(container: av.container.InputContainer) -> Iterator[dict[str, Any]]:
    """The chapters that the file states, in seconds; without those that end before they begin."""
    for chapter in container.chapters()[:MAX_CHAPTERS]:
        start, end = (float(chapter[edge] * chapter["time_base"]) for edge in ("start", "end"))
        if 0 <= start < end:
            title = chapter["metadata"].get("title", "")[:MAX_TITLE]
            yield {"start": round(start, 3), "end": round(end, 3), "title": title}


def _stream(stream: Any) -> dict[str, Any]:
    """One stream, as the decoder reports it."""
    context = getattr(stream, "codec_context", None)
    found = {"type": stream.type, "codec": context.name if context else None}
    found["language"] = dict(stream.metadata).get("language")
    if stream.type == "video" and context:
        rate = stream.average_rate or stream.guessed_rate
        found |= {"width": context.width, "height": context.height, "pixels": context.pix_fmt}
        found |= {"rate": round(float(rate), 3) if rate else None, "cover": _is_cover(stream)}
        found["transfer"] = tone.TRANSFERS.get(context.color_trc)
    if stream.type == "audio" and context:
        found |= {"rate": context.sample_rate, "channels": context.channels, "layout": context.layout.name}
    return {name: value for name, value in found.items() if value is not None}
