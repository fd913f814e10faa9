"""The frames of a film through ffmpeg pipes, with the second at which each is shown."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from indexing.analysers.contract import Frame, MediaError
from indexing.decoding import ffmpeg, tone

CHUNK_BYTES = 32 * 1024**2
CHUNK_FRAMES = 256
NEIGHBOURS = 10.0  # seconds between wanted frames up to which reading on is cheaper than seeking
MOST_IN_ONE_GO = 1000  # their places stand in one word of a command line, which holds 128 KiB
PATIENCE = 60.0  # seconds that the last picture of a film may stand still
TICKS = ((5.0, 600), (0.5, 60), (0.0, 6))  # a second, from that many frames a second: on 600 fall the frames
# of films at 24, 25, 30, 50 and 60 a second
SIGN_OF_LIFE = 6000  # ticks after which ffmpeg gives a frame though none is wanted: reading on is no silence


@dataclass(frozen=True)
class Film:
    """A film file: the upright size and duration as probed, its average frames a second, and its transfer
    function where that is one of high dynamic range (see `tone`)."""

    path: Path
    width: int
    height: int
    duration: float | None
    rate: float = 25.0
    transfer: str = ""

    @classmethod
    def from_facts(cls, path: Path, facts: Mapping[str, Any]) -> Film:
        """From what `containers.describe` found."""
        streams = facts["details"]["streams"]
        films = [each for each in streams if each["type"] == "video" and not each.get("cover")]
        first: Mapping[str, Any] = films[0] if films else {}
        size = facts["width"], facts["height"]
        return cls(path, *size, facts["duration"], first.get("rate") or 25.0, first.get("transfer", ""))

    @property
    def ticks(self) -> int:
        """Moments in a second at which `frames` can tell what is shown."""
        return next(ticks for rate, ticks in TICKS if self.rate >= rate)

    def scaled(self, width: int, height: int) -> str:
        """The filters that bring a frame to that size and to standard dynamic range."""
        return f"scale={width}:{height}{tone.filters(self.transfer)}"


def stream(film: Film, width: int, height: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every frame, scaled to width x height, in chunks: (seconds (n,), RGB uint8 (n, height, width, 3))."""
    room = max(1, min(CHUNK_FRAMES, CHUNK_BYTES // (width * height * 3)))
    seconds: list[float] = []
    pixels: list[np.ndarray] = []
    for frame in _read(film, [], film.scaled(width, height), width, height):
        seconds.append(frame.second)
        pixels.append(frame.pixels)
        if len(seconds) == room:
            yield np.array(seconds), np.stack(pixels)
            seconds, pixels = [], []
    if seconds:
        yield np.array(seconds), np.stack(pixels)


def frames(film: Film, seconds: Sequence[float], long_side: int) -> Iterator[Frame]:
    """The frame shown at each of those seconds, ascending, long side at most `long_side`.

    Wanted seconds close to one another are read in one pass, others by seeking. A frame carries the second
    asked for; of frames shown within the same tick (see TICKS) the last one counts. Seconds after the end
    give the last frame. Raises MediaError where nothing can be decoded.
    """
    for group in _groups(sorted(set(seconds)), lambda: _reach(film)):
        left = yield from _pass(film, group, long_side, seek=True)
        if left == group:
            left = yield from _pass(film, group, long_side, seek=False)
        if left:
            pixels = _last(film, left[0], long_side)
            yield from (Frame(second, pixels) for second in left)


def _groups(seconds: Sequence[float], reach: Callable[[], float]) -> Iterator[list[float]]:
    """Seconds for one pass each. `reach` is only asked where NEIGHBOURS alone would tear them apart."""
    gaps = [later - earlier for earlier, later in pairwise(seconds)]
    near = max(NEIGHBOURS, reach()) if max(gaps, default=0.0) > NEIGHBOURS else NEIGHBOURS
    group: list[float] = []
    for second in seconds:
        if group and (second - group[-1] > near or len(group) == MOST_IN_ONE_GO):
            yield group
            group = []
        group.append(second)
    if group:
        yield group


def _reach(film: Film) -> float:
    """Seconds that a seek may read over before it comes to the frame wanted: twice the way from the middle
    of the film back to its key frame; without end where the file cannot be sought in."""
    middle = (film.duration or 0) / 2
    width, height = fitted(film.width, film.height, 64)
    filters = f"select='eq(n,0)',scale={width}:{height}"
    with contextlib.closing(_read(film, _sought(middle), filters, width, height)) as found:
        first = next(found, None)
    return math.inf if first is None else 2 * (middle - first.second)


def _pass(
    film: Film, group: Sequence[float], long_side: int, seek: bool
) -> Generator[Frame, None, Sequence[float]]:
    """The frames shown at those seconds from one reading; returns the seconds that it did not come to.

    Nothing is given where the seek led past the first of them.
    """
    width, height = fitted(film.width, film.height, long_side)
    ticks = [math.ceil(round(second * film.ticks, 2)) for second in group]
    sought = _sought(group[0]) if seek and group[0] > 0 else []
    begin = "" if sought else ":start_time=0"
    chosen = f"select='{_at(ticks, film.ticks)}+not(mod(n,{SIGN_OF_LIFE}))'"
    filters = f"fps={film.ticks}:round=up{begin},{chosen},{film.scaled(width, height)}"
    done = 0
    with contextlib.closing(_read(film, sought, filters, width, height)) as found:
        for frame in found:
            tick = round(frame.second * film.ticks)
            if done == 0 and tick > ticks[0]:
                break
            while done < len(group) and tick == ticks[done]:
                yield Frame(group[done], frame.pixels)
                done += 1
            if done == len(group):
                break
    return group[done:]


def _at(ticks: Sequence[int], rate: int) -> str:
    """An expression of ffmpeg's that is 1 at those ticks, ascending: a search tree, so that it is quick to
    compute and nests no deeper than ffmpeg allows (MAX_DEPTH in libavutil/eval.c)."""
    if len(ticks) == 1:
        return f"between(t,{(ticks[0] - 0.5) / rate:.4f},{(ticks[0] + 0.5) / rate:.4f})"
    half = len(ticks) // 2
    before, after = _at(ticks[:half], rate), _at(ticks[half:], rate)
    return f"if(lt(t,{(ticks[half] - 0.5) / rate:.4f}),{before},{after})"


def _last(film: Film, second: float, long_side: int) -> np.ndarray:
    """The last frame of a film that ended before `second`. Raises MediaError where there is none."""
    width, height = fitted(film.width, film.height, long_side)
    end = min(second, film.duration or second)
    for before in (_sought(max(0.0, end - PATIENCE)), []):
        latest = None
        with contextlib.closing(_read(film, before, film.scaled(width, height), width, height)) as found:
            for frame in found:
                latest = frame.pixels
        if latest is not None:
            return latest
    raise MediaError(f"No frame can be decoded at second {second:g}.")


def _sought(second: float) -> list[str]:
    """Options that begin at the key frame before a second; frames keep the seconds they have in the film."""
    return ["-noaccurate_seek", "-ss", f"{second:.4f}"]


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
    words += ["-copyts", "-start_at_zero"]
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
