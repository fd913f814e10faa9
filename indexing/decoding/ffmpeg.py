"""ffmpeg as a child with limits that can open nothing but the file it is given."""

from __future__ import annotations

import functools
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import imageio_ffmpeg

from indexing.analysers.contract import MediaError
from indexing.decoding import programs
from indexing.decoding.limits import LIMITS

# Containers that hold media and never point to other files: no playlists, no concat, no image sequences.
DEMUXERS = (
    "mov,matroska,avi,mpeg,mpegts,mpegvideo,flv,asf,mxf,mxf_opatom,ogg,wav,w64,aiff,flac,mp3,aac,amr,amrnb,"
    "amrwb,au,caf,mpc,mpc8,ape,tta,wv,ac3,eac3,dts"
)


class Ffmpeg:
    """One running ffmpeg: raw bytes are read from its output."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101
        self.process = process
        self.output = process.stdout
        self.errors = errors

    def read(self, size: int) -> bytearray:
        """The next `size` bytes, fewer only at the end. Raises MediaError after a long silence."""
        found = bytearray(size)
        view, filled = memoryview(found), 0
        while filled < size:
            self._wait()
            count = self.output.readinto(view[filled:])  # type: ignore[attr-defined]
            if not count:
                break
            filled += count
        view.release()
        del found[filled:]
        return found

    def _wait(self) -> None:
        try:
            programs.wait_readable(self.output, time.monotonic() + LIMITS.silence_seconds)
        except programs.Silence:
            raise MediaError(f"ffmpeg gave nothing for {LIMITS.silence_seconds:.0f} seconds.") from None

    def finish(self) -> None:
        """Wait for the end. Raises MediaError with ffmpeg's own words where it failed."""
        self.process.wait(timeout=LIMITS.silence_seconds)
        if self.process.returncode:
            raise MediaError(self.complaint())

    def complaint(self) -> str:
        """ffmpeg's last words, as a sentence."""
        self.errors.seek(max(0, self.errors.seek(0, 2) - 2000))
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        said = lines[-1].rpartition("] ")[2] if lines else "the decoder crashed or exceeded its limits"
        return f"The file cannot be decoded: {said[:300].rstrip('.')}."


@contextmanager
def running(
    path: Path,
    before: Sequence[str],
    after: Sequence[str],
    duration: float | None,
    pass_fds: Sequence[int] = (),
) -> Iterator[Ffmpeg]:
    """ffmpeg reading `path` with options `before` and `after` the input; it is killed on leaving.

    The file is handed over as an open descriptor and no other protocol is allowed, so that nothing in it
    can name another file or address. `duration` (seconds) sets the processor time allowed.
    """
    with path.open("rb") as source, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [*_confined(duration), *_opened(before), *after],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=0,
            pass_fds=pass_fds,
        )
        try:
            yield Ffmpeg(process, errors)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()  # type: ignore[union-attr]


def convert(path: Path, before: Sequence[str], after: Sequence[str], duration: float | None) -> None:
    """Run ffmpeg to its end, its output being files named in `after`. Raises MediaError."""
    allowed = LIMITS.film_cpu_seconds + LIMITS.film_cpu_per_second * (duration or 0)
    deadline = time.monotonic() + allowed
    with running(path, before, ["-progress", "pipe:1", *after], duration) as ffmpeg:
        while ffmpeg.read(1024):
            if time.monotonic() > deadline:
                raise MediaError(f"Converting took longer than {allowed:.0f} seconds and was stopped.")
        ffmpeg.finish()


def _confined(duration: float | None) -> list[str]:
    cpu_seconds = LIMITS.film_cpu_seconds + LIMITS.film_cpu_per_second * (duration or 0)
    return programs.within_limits([_program()], cpu_seconds)


def _opened(before: Sequence[str]) -> list[str]:
    quiet = ["-nostdin", "-hide_banner", "-v", "error", "-y", "-threads", "2"]
    closed = ["-protocol_whitelist", "fd,pipe", "-format_whitelist", DEMUXERS]
    return [*quiet, *closed, "-max_pixels", str(LIMITS.pixels), *before, "-i", "fd:"]


@functools.cache
def _program() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())
