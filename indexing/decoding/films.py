"""The frames of a film through ffmpeg pipes, with the second at which each is shown."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexing.analysers.contract import Frame, MediaError
from indexing.decoding import ffmpeg

CHUNK_BYTES = 32 * 1024**2
CHUNK_FRAMES = 256
NEIGHBOURS = 10.0  # seconds between wanted frames up to which reading on is cheaper than seeking
MOST_IN_ONE_GO = 32  # ffmpeg's expressions nest at most 100 deep (MAX_DEPTH in libavutil/eval.c)
PATIENCE = 60.0  # seconds a single picture may stand still before a wanted frame (slides, screen recordings)


@dataclass(frozen=True)
class Film:
    """A film file: the upright size and duration as probed, and its average frames a second."""

    path: Path
    width: int
    height: int
    duration: float | None
    rate: float = 25.0

    @classmethod
    def from_facts(cls, path: Path, facts: Mapping[str, Any]) -> Film:
        """From what `containers.describe` found."""
        streams = facts["details"]["streams"]
        rates = [each.get("rate") for each in streams if each["type"] == "video" and not each.get("cover")]
        return cls(path, facts["width"], facts["height"], facts["duration"], (rates and rates[0]) or 25.0)


def stream(film: Film, width: int, height: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every frame, scaled to width x height, in chunks: (seconds (n,), RGB uint8 (n, height, width, 3))."""
    room = max(1, min(CHUNK_FRAMES, CHUNK_BYTES // (width * height * 3)))
    seconds: list[float] = []
    pixels: list[np.ndarray] = []
    for frame in _read(film, [], f"scale={width}:{height}", width, height):
        seconds.append(frame.second)
        pixels.append(frame.pixels)
        if len(seconds) == room:
            yield np.array(seconds), np.stack(pixels)
            seconds, pixels = [], []
    if seconds:
        yield np.array(seconds), np.stack(pixels)


def frames(film: Film, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
    """The frame shown at each of those seconds, in their order, long side at most `long_side`.

    Wanted seconds close to one another are read in one pass, others by seeking. A frame carries the second
    asked for. Seconds after the end give the last frame. Raises MediaError where nothing can be decoded.
    """
    for group in _groups(sorted(set(seconds))):
        found = _pick(film, group, long_side, max(2 / film.rate, 0.1))
        for second in group:
            pixels = found[second] if second in found else _one(film, second, long_side)
            yield Frame(second, pixels)


def _groups(seconds: Sequence[float]) -> Iterator[list[float]]:
    group: list[float] = []
    for second in seconds:
        if group and (second - group[-1] > NEIGHBOURS or len(group) == MOST_IN_ONE_GO):
            yield group
            group = []
        group.append(second)
    if group:
        yield group


def _one(film: Film, second: float, long_side: int) -> np.ndarray:
    """The last frame not after `second`, looking far back, at last without seeking (which fails in files
    without an index), else one of the film's first minute. Raises MediaError where there is none."""
    second = min(second, film.duration or second)
    for wanted, seek in ((second, True), (second, False), (PATIENCE, False)):
        if found := _pick(film, [wanted], long_side, PATIENCE, seek):
            return found[wanted]
    raise MediaError(f"No frame can be decoded at second {second:g}.")


def _pick(
    film: Film, group: Sequence[float], long_side: int, window: float, seek: bool = True
) -> dict[float, np.ndarray]:
    """For each second the last frame shown within `window` seconds up to it, where there is one."""
    width, height = fitted(film.width, film.height, long_side)
    start = max(0.0, group[0] - window) if seek else 0.0
    spans = [f"gt(t,{each - start - window:.4f})*lte(t,{each - start + 1e-4:.4f})" for each in group]
    wanted = "+".join([*spans, f"gt(t,{group[-1] - start + 1e-4:.4f})"])
    before = ["-noaccurate_seek", "-ss", f"{start:.4f}"] if start else []
    filters = f"select='gt({wanted},0)',scale={width}:{height}"
    found: dict[float, np.ndarray] = {}
    with contextlib.closing(_read(film, before, filters, width, height)) as frames_near:
        for frame in frames_near:
            shown = frame.second + start
            if shown > group[-1] + 1e-3:
                break
            found |= {each: frame.pixels for each in group if each - window < shown <= each + 1e-3}
    return found


def fitted(width: int, height: int, long_side: int) -> tuple[int, int]:
    """The size scaled down to a long side, never up; at least one pixel."""
    scale = min(1.0, long_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _read(
    film: Film, before: Sequence[str], filters: str, width: int, height: int
) -> Generator[Frame, None, None]:
    """Raw frames from one ffmpeg, each with its second, which comes by a second pipe before the frame."""
    times, told = os.pipe()
    words = ["-map", "0:V:0", "-an", "-sn", "-dn", "-vf", f"{filters},setsar=1", "-fps_mode", "passthrough"]
    words += ["-pix_fmt", "rgb24", "-c:v", "rawvideo"]
    words += ["-stats_enc_pre", f"pipe:{told}", "-stats_enc_pre_fmt", "{t}", "-f", "rawvideo", "pipe:1"]
    with (
        os.fdopen(times) as clock,
        os.fdopen(told, "wb") as ours,
        ffmpeg.running(film.path, before, words, film.duration, pass_fds=(told,)) as process,
    ):
        ours.close()
        given = 0
        while len(raw := process.read(width * height * 3)) == width * height * 3:
            yield Frame(float(clock.readline()), np.frombuffer(raw, np.uint8).reshape(height, width, 3))
            given += 1
        if not given and "-ss" not in before:
            process.finish()
