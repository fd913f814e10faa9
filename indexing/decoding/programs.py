"""Programs that read foreign bytes: how they are started within limits, and read with patience that ends."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from indexing.decoding.limits import LIMITS

LAUNCHER = Path(__file__).with_name("launcher.py")


class Silence(Exception):  # noqa: N818
    """The program gave nothing for as long as it may."""


def within_limits(program: Sequence[str], cpu_seconds: float = 0) -> list[str]:
    """The command that starts `program` confined, with at most that much processor time (0: unlimited)."""
    bounds = [LIMITS.memory, LIMITS.output, LIMITS.open_files, round(cpu_seconds)]
    return [sys.executable, "-I", "-S", str(LAUNCHER), *map(str, bounds), *program]


def wait_readable(stream: IO[bytes], deadline: float) -> None:
    """Return when there is something to read or the end. Raises Silence at `deadline` (time.monotonic)."""
    ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        raise Silence
