"""The copy of a film or recording that every browser plays: H.264 and AAC, at most 720 lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dam.assets.technical import Technical
from indexing.decoding import ffmpeg, tone

SHORT_SIDE = 720
COPY_BITS_A_SECOND = 4_000_000
ENCODE_FILM = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p", "-g", "50"]
ENCODE_SOUND = ["-c:a", "aac", "-b:a", "128k", "-ac", "2"]


@dataclass(frozen=True)
class Proxy:
    """The file made. `copied` is true where the film was good as it was and only put in a new container."""

    path: Path
    media_type: str
    width: int | None
    height: int | None
    copied: bool


def write_proxy(path: Path, technical: Technical, into: Path) -> Proxy:
    """Write `proxy.mp4` or `proxy.m4a` in the folder `into`. Raises MediaError."""
    if technical.width and technical.height:
        return _film(path, technical, technical.width, technical.height, into / "proxy.mp4")
    target = into / "proxy.m4a"
    copied = _codecs(technical, "audio")[:1] == ["aac"]
    sound = ["-c:a", "copy"] if copied else ENCODE_SOUND
    words = ["-map", "0:a:0", "-vn", *sound, "-map_metadata", "-1", "-movflags", "+faststart"]
    ffmpeg.convert(path, [], [*words, f"file:{target}"], technical.duration)
    return Proxy(target, "audio/mp4", None, None, copied)


def _film(path: Path, technical: Technical, width: int, height: int, target: Path) -> Proxy:
    copied = _plays_everywhere(path, technical, width, height)
    shown = (width, height) if copied else _even(width, height)
    scale = ["-vf", f"scale={shown[0]}:{shown[1]}{tone.filters(_transfer(technical))},setsar=1"]
    film = ["-c", "copy"] if copied else [*scale, *ENCODE_FILM, *ENCODE_SOUND]
    words = ["-map", "0:V:0", "-map", "0:a:0?", "-sn", "-dn", *film, "-map_metadata", "-1"]
    ffmpeg.convert(path, [], [*words, "-movflags", "+faststart", f"file:{target}"], technical.duration)
    return Proxy(target, "video/mp4", *shown, copied)


def _transfer(technical: Technical) -> str:
    """How the picture's light is coded where its range is high; empty for an ordinary film."""
    films = [
        each for each in technical.details["streams"] if each["type"] == "video" and not each.get("cover")
    ]
    return str(films[0].get("transfer") or "") if films else ""


def _plays_everywhere(path: Path, technical: Technical, width: int, height: int) -> bool:
    """H.264 4:2:0 with AAC or no sound, small enough in lines and in bits a second."""
    streams: list[dict[str, Any]] = technical.details["streams"]
    pixels = {each.get("pixels") for each in streams if each["type"] == "video"}
    fits = min(width, height) <= SHORT_SIDE and _codecs(technical, "video") == ["h264"]
    sound = set(_codecs(technical, "audio")[:1]) <= {"aac"}
    bits = 8 * path.stat().st_size / (technical.duration or 1)
    return fits and sound and pixels <= {"yuv420p", "yuvj420p"} and bits <= COPY_BITS_A_SECOND


def _codecs(technical: Technical, kind: str) -> list[str]:
    streams = technical.details["streams"]
    return [each.get("codec", "") for each in streams if each["type"] == kind and not each.get("cover")]


def _even(width: int, height: int) -> tuple[int, int]:
    """The size with a short side of at most SHORT_SIDE, both sides even as H.264 4:2:0 needs."""
    scale = min(1.0, SHORT_SIDE / min(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
