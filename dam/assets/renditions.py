"""Renditions: thumbnails, posters, sprites, pictures of sound and browser-playable copies of one original."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyvips

from dam.assets import proxies, spectrogram, waveform
from dam.assets.refusals import Refused
from dam.assets.technical import Technical
from indexing.analysers.contract import Frame, MediaError, MediaKind
from indexing.decoding import child, ffmpeg, films, signatures, stills
from indexing.decoding.clarity import clarity, is_blank
from indexing.decoding.limits import LIMITS

THUMBNAILS = {"thumb-small": 320, "thumb-large": 1280}
POSTER_SIDE = 1280
POSTER_CANDIDATES = (8, 64)  # places looked at, evenly spread; the more where the fewer show nothing
TILES = 100
TILE_SIDE = 160
COLUMNS = 10
LONGEST_COVER = 32 * 1024**2


@dataclass(frozen=True)
class MadeRendition:
    """A rendition on disk, in the folder given; the caller stores and removes it."""

    name: str
    path: Path
    media_type: str
    width: int | None = None
    height: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def make_renditions(path: Path, kind: MediaKind, technical: Technical, into: Path) -> Iterator[MadeRendition]:
    """Make the renditions of an original in the folder `into`, the quick ones first.

    Raises Refused where the original cannot be decoded; what was yielded before is good.
    """
    try:
        yield from _of_still(path, into) if kind == "image" else _of_timed(path, technical, into)
    except MediaError as error:
        raise Refused(str(error)) from error


def _of_timed(path: Path, technical: Technical, into: Path) -> Iterator[MadeRendition]:
    film = _film(path, technical)
    if film:
        yield from _film_pictures(film, into)
    elif technical.details.get("cover"):
        yield from _cover(path, into)
    if any(each["type"] == "audio" for each in technical.details["streams"]):
        yield from _waveform(path, technical, into)
        yield from _spectrogram(path, technical, into)
    yield from _proxy(path, technical, into)


def _of_still(path: Path, into: Path) -> Iterator[MadeRendition]:
    return _still_thumbnails(path, signatures.format_of(path) or "unknown", into)


def _still_thumbnails(path: Path, form: str, into: Path) -> Iterator[MadeRendition]:
    targets = {into / f"{name}.webp": side for name, side in THUMBNAILS.items()}
    sizes = child.call(stills.thumbnails, path, form, targets, seconds=LIMITS.still_seconds)
    for target, (width, height) in zip(targets, sizes, strict=True):
        yield MadeRendition(target.stem, target, "image/webp", width, height)


def _film(path: Path, technical: Technical) -> films.Film | None:
    if not technical.width:
        return None
    facts = {"width": technical.width, "height": technical.height, "duration": technical.duration}
    return films.Film.from_facts(path, {**facts, "details": technical.details})


def _film_pictures(film: films.Film, into: Path) -> Iterator[MadeRendition]:
    poster = choose_poster(film)
    image = _image(poster.pixels)
    for name, side in {"poster": POSTER_SIDE, **THUMBNAILS}.items():
        target = into / f"{name}.webp"
        width, height = stills.write_webp(image, target, side)
        details = {"second": poster.second} if name == "poster" else {}
        yield MadeRendition(name, target, "image/webp", width, height, details)
    yield _sprite(film, into / "sprite.webp")


def choose_poster(film: films.Film) -> Frame:
    """The clearest of a few frames, of many where the few are all black or blank. Raises MediaError."""
    duration = film.duration or 0
    for count in POSTER_CANDIDATES:
        seconds = [(number + 0.5) / count * duration for number in range(count)]
        seen = list(films.frames(film, seconds, THUMBNAILS["thumb-small"]))
        shown = [frame for frame in seen if not is_blank(frame.pixels)]
        if shown:
            break
    best = max(shown or seen, key=lambda frame: clarity(frame.pixels))
    return next(films.frames(film, [best.second], POSTER_SIDE))


def _sprite(film: films.Film, target: Path) -> MadeRendition:
    """A grid of at most TILES frames, each at the middle of its stretch of time, for scrubbing."""
    duration = film.duration or 1.0
    count = max(1, min(TILES, math.ceil(duration)))
    seconds = [(number + 0.5) * duration / count for number in range(count)]
    tiles = [frame.pixels for frame in films.frames(film, seconds, TILE_SIDE)]
    height, width, _ = tiles[0].shape
    rows = math.ceil(len(tiles) / COLUMNS)
    columns = min(COLUMNS, len(tiles))
    grid = np.zeros((rows * height, columns * width, 3), np.uint8)
    for number, tile in enumerate(tiles):
        top, left = number // COLUMNS * height, number % COLUMNS * width
        grid[top : top + height, left : left + width] = tile
    size = stills.write_webp(_image(grid), target, max(grid.shape))
    details = {"columns": columns, "rows": rows, "interval": duration / count}
    details |= {"tiles": len(tiles), "tile_width": width, "tile_height": height}
    return MadeRendition("sprite", target, "image/webp", *size, details)


def _cover(path: Path, into: Path) -> Iterator[MadeRendition]:
    """Thumbnails of the picture embedded in a recording, where it is one that can be decoded."""
    words = ["-map", "0:v:0", "-frames:v", "1", "-c:v", "copy", "-f", "image2pipe", "pipe:1"]
    with ffmpeg.running(path, [], words, None) as process:
        found = process.read(LONGEST_COVER)
    cover = into / "cover"
    cover.write_bytes(found)
    try:
        form = signatures.format_of(cover)
        if form in stills.VIPS_FORMATS:
            yield from _still_thumbnails(cover, form, into)
    finally:
        cover.unlink()


def _waveform(path: Path, technical: Technical, into: Path) -> Iterator[MadeRendition]:
    target = into / "waveform.json"
    details = waveform.write_waveform(path, technical.duration, target)
    if details:
        yield MadeRendition("waveform", target, "application/json", details=details)


def _spectrogram(path: Path, technical: Technical, into: Path) -> Iterator[MadeRendition]:
    target = into / "spectrogram.webp"
    size = spectrogram.write_spectrogram(path, technical.duration, target)
    if size:
        yield MadeRendition("spectrogram", target, "image/webp", *size)


def _proxy(path: Path, technical: Technical, into: Path) -> Iterator[MadeRendition]:
    made = proxies.write_proxy(path, technical, into)
    yield MadeRendition("proxy", made.path, made.media_type, made.width, made.height, {"copied": made.copied})


def _image(pixels: np.ndarray) -> pyvips.Image:
    return pyvips.Image.new_from_array(np.ascontiguousarray(pixels)).copy(interpretation="srgb")
