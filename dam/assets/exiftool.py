"""ExifTool kept open, one per process.

PyExifTool is not used: it waits without end for an ExifTool that hangs or has died, and keeps all it says.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from dam import env
from indexing.decoding import programs

LEAST_VERSION = 13
SECONDS = 30.0
MOST_BYTES = 8 * 1024**2
OPTIONS = ("-json", "-G1", "-struct", "-n", "-api", "LargeFileSupport=1", "-charset", "filename=utf8")
READY = re.compile(rb"\{ready\}\r?\n\Z")


class ExifToolError(Exception):
    """The metadata cannot be read; the message is for a person."""


class ExifTool:
    """One ExifTool process, started when first asked and again when it hangs or dies. Safe with threads."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def ask(self, words: Sequence[str], seconds: float = SECONDS) -> bytes:
        """What ExifTool answers to arguments, none of which may hold a newline. Raises ExifToolError."""
        with self.lock:
            try:
                return self._exchange(words, time.monotonic() + seconds)
            except programs.Silence:
                self.close()
                raise ExifToolError(f"Its metadata took longer than {seconds:.0f} seconds to read.") from None
            except (EOFError, BrokenPipeError):
                self.close()
                raise ExifToolError("Its metadata made ExifTool crash.") from None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _exchange(self, words: Sequence[str], deadline: float) -> bytes:
        process = self._running()
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018
        stdin.write("\n".join([*words, "-execute\n"]).encode())
        return self._answer(stdout, deadline)

    def _answer(self, stdout: IO[bytes], deadline: float) -> bytes:
        found = bytearray()
        while not READY.search(found, max(0, len(found) - 16)):
            programs.wait_readable(stdout, deadline)
            more = os.read(stdout.fileno(), 65536)
            if not more:
                raise EOFError
            found += more
            if len(found) > MOST_BYTES:
                self.close()
                raise ExifToolError(f"It holds more than {MOST_BYTES // 1024**2} MiB of metadata.")
        return READY.sub(b"", bytes(found))

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                programs.within_limits(
                    [*_perl(self.program), "-config", "", "-stay_open", "True", "-@", "-"]
                ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        return self.process


def read(path: Path) -> dict[str, Any]:
    """All metadata of the file, {"Group1:Tag": value}: lists and structures kept, numbers as they were
    written, as text. Raises ExifToolError."""
    with tempfile.TemporaryDirectory() as folder:
        safe = Path(folder) / f"file{_safe_suffix(path)}"  # names may hold newlines, or bytes of no encoding
        safe.symlink_to(path.resolve())
        answer = tool().ask([*OPTIONS, str(safe)])
    try:
        found = json.loads(answer.decode(errors="replace") or "[{}]", parse_int=str, parse_float=str)
    except (json.JSONDecodeError, RecursionError):
        raise ExifToolError("Its metadata cannot be understood.") from None
    return dict(found[0])


def version() -> str | None:
    """The version in use, e.g. "13.59"; None where there is no ExifTool."""
    return _version(str(program)) if (program := find()) else None


def find() -> Path | None:
    """The ExifTool to use: the EXIFTOOL variable, the npm package, or one on the PATH new enough."""
    packaged = env.BASE_DIR / "node_modules" / "exiftool-vendored.pl" / "bin" / "exiftool"
    for place in (os.environ.get("EXIFTOOL"), packaged, shutil.which("exiftool")):
        if place and Path(place).is_file() and _is_new_enough(str(place)):
            return Path(place)
    return None


def tool() -> ExifTool:
    """This process's ExifTool. Raises ExifToolError where there is none."""
    program = find()
    if program is None:
        raise ExifToolError("ExifTool 13 or later is missing; `manage.py doctor` says how to get it.")
    return _tool(os.getpid(), program)


@functools.cache
def _tool(owner: int, program: Path) -> ExifTool:
    return ExifTool(program)


def _is_new_enough(program: str) -> bool:
    found = _version(program)
    return bool(found) and float(found or 0) >= LEAST_VERSION


@functools.cache
def _version(program: str) -> str | None:
    with suppress(OSError, subprocess.SubprocessError, ValueError):
        words = [*_perl(Path(program)), "-ver"]
        said = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=True).stdout
        return str(float(said))
    return None


def _perl(program: Path) -> list[str]:
    """The program, through perl, since files unpacked from npm need not be executable and perl need not be
    where the first line says. A compiled ExifTool is started as it is."""
    with program.open("rb") as file:
        script = file.read(2) == b"#!"
    perl = shutil.which("perl") if script else None
    return [perl, str(program)] if perl else [str(program)]


def _safe_suffix(path: Path) -> str:
    return path.suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", path.suffix) else ""
